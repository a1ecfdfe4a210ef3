#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "knhk/shacl/compiled_shapes.hpp"
#include "knhk/shacl/constraint_compiler.hpp"
#include "knhk/shacl/path_compiler.hpp"
#include "knhk/shacl/shapes_graph.hpp"

namespace knhk::shacl::detail {

/// Compiles a shapes graph: shapes with targets first, then what they lead to, breadth first.
class ShapeCompiler {
 public:
  explicit ShapeCompiler(const rdf::Dataset& dataset);

  Result<std::shared_ptr<const CompiledShapes>> run(const CompileOptions& options);

 private:
  struct Pending {
    rdf::TermId term;
    ShapeIndex parent;  // that led to it first
  };

  void find_targets();
  void find_implicit_targets();
  void find_custom_components();
  void find_graph_properties();
  [[nodiscard]] std::vector<rdf::TermId> instances(
      std::initializer_list<std::string_view> classes) const;
  [[nodiscard]] bool has_parameter(rdf::TermId subject) const;
  ShapeIndex number_of(rdf::TermId shape, ShapeIndex parent, std::string_view local_name,
                       ShapeRole role);
  ShapeIndex add_target_shape(rdf::TermId shape);
  void compile_shape(ShapeIndex index);
  void compile_targets(rdf::TermId subject, Shape& shape, const std::string& name);
  bool compile_path(rdf::TermId subject, Shape& shape, const std::string& name);
  void compile_severity(rdf::TermId subject, Shape& shape, const std::string& name);
  void compile_messages(rdf::TermId subject, Shape& shape, const std::string& name);
  void refuse_constructs(rdf::TermId subject, const std::string& name);
  [[nodiscard]] std::string name_of(ShapeIndex index) const;

  const ShapesGraph graph_;
  std::shared_ptr<CompiledShapes> out_ = std::make_shared<CompiledShapes>();
  TermInterner terms_{graph_, *out_};
  PathCompiler paths_{graph_, terms_, *out_};
  Problems problems_;
  ConstraintCompiler constraints_;
  std::unordered_map<rdf::TermId, ShapeIndex> numbers_;
  std::vector<Pending> pending_;             // by ShapeIndex
  std::vector<bool> incomplete_;             // by ShapeIndex: something was left out
  std::vector<rdf::TermId> node_shapes_;     // instances of sh:NodeShape, sorted
  std::unordered_set<rdf::TermId> classes_;  // that are shapes and thereby targets
  std::unordered_map<rdf::TermId, rdf::TermId> custom_parameters_;  // and their components
  TermIndex violation_ = kNone;
};

/// Leaves out each constraint that could find more because something of a shape was left out:
/// `incomplete` says of which. `names` are those of the shapes in messages.
void leave_out_dependents(CompiledShapes& shapes, std::vector<bool> incomplete,
                          const std::vector<std::string>& names, Problems& problems);

/// Works out which shapes lead to cycles and which are small. Requires: constraints are complete.
void classify_shapes(CompiledShapes& shapes);

/// Fills in what is required and the summaries. `name_of_shape(ShapeIndex)` gives its sh:name.
void summarize(CompiledShapes& shapes, const std::vector<std::string>& names);

}  // namespace knhk::shacl::detail
