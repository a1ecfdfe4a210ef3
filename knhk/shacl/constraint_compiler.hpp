#pragma once

#include <functional>
#include <string>
#include <vector>

#include "knhk/shacl/compiled_shapes.hpp"
#include "knhk/shacl/parameters.hpp"
#include "knhk/shacl/path_compiler.hpp"
#include "knhk/shacl/shapes_graph.hpp"

namespace knhk::shacl::detail {

/// Compiles the parameters of one shape after another to constraints.
class ConstraintCompiler {
 public:
  /// Gives the number of the shape `shape` that `parent` refers to, `as_property` when it has to be
  /// a property shape; `kNone` (and a problem noted) when it can be none.
  using ShapeNumber =
      std::function<ShapeIndex(rdf::TermId shape, ShapeIndex parent, bool as_property)>;

  ConstraintCompiler(const ShapesGraph& graph, TermInterner& terms, Problems& problems,
                     CompiledShapes& out, ShapeNumber shape_number)
      : graph_(graph),
        terms_(terms),
        problems_(problems),
        out_(out),
        shape_number_(std::move(shape_number)) {}

  /// Appends the constraints of `subject`, which is shape number `shape` and named `name` in
  /// messages.
  void compile(rdf::TermId subject, ShapeIndex shape, bool is_property, const std::string& name);

  /// The truth value of the one literal of the property; nothing, with a problem noted, when it is
  /// no boolean; false when there is none.
  bool flag(rdf::TermId subject, std::string_view local_name, const std::string& name);

 private:
  struct Subject {
    rdf::TermId term;
    ShapeIndex shape;
    bool is_property;
    const std::string& name;
  };

  void parameter(const Subject& subject, const Parameter& parameter,
                 std::span<const rdf::Triple> values);
  void value(const Subject& subject, const Parameter& parameter, rdf::TermId value);
  void pattern(const Subject& subject, rdf::TermId value);
  void closed(const Subject& subject, rdf::TermId value);
  void qualified(const Subject& subject, rdf::TermId value);
  void qualified_count(const Subject& subject, std::string_view local_name, Constraint constraint);
  Range siblings(const Subject& subject, rdf::TermId value_shape);
  Range term_list(const Subject& subject, const Parameter& parameter, rdf::TermId head);
  Range shape_list(const Subject& subject, const Parameter& parameter, rdf::TermId head);
  std::optional<std::uint64_t> integer(const Subject& subject, std::string_view local_name,
                                       rdf::TermId value);
  bool boolean(const std::string& name, std::string_view local_name, rdf::TermId value);
  void complain(const Subject& subject, std::string_view local_name, const std::string& wanted,
                rdf::TermId found);
  void add(Constraint constraint) { out_.constraints.push_back(constraint); }

  const ShapesGraph& graph_;
  TermInterner& terms_;
  Problems& problems_;
  CompiledShapes& out_;
  ShapeNumber shape_number_;
};

}  // namespace knhk::shacl::detail
