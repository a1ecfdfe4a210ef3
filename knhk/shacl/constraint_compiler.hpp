#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/shacl/compiled_shapes.hpp"
#include "knhk/shacl/parameters.hpp"
#include "knhk/shacl/path_compiler.hpp"
#include "knhk/shacl/shapes_graph.hpp"

namespace knhk::shacl::detail {

/// What a reference to a shape asks of it.
enum class ShapeRole : std::uint8_t { any, node_shape, property_shape };

/// Compiles the parameters of one shape after another to constraints.
class ConstraintCompiler {
 public:
  /// Gives the number of the shape `shape` that `parent` refers to with the property `local_name`;
  /// `kNone` (and a problem noted) when it can't have that role.
  using ShapeNumber = std::function<ShapeIndex(rdf::TermId shape, ShapeIndex parent,
                                               std::string_view local_name, ShapeRole role)>;

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

  /// The truth value of the one literal of the property, false when there is none; nothing, with a
  /// problem noted, when it is no boolean or there are several.
  std::optional<bool> flag(rdf::TermId subject, std::string_view local_name,
                           const std::string& name);

 private:
  struct Subject {
    rdf::TermId term;
    ShapeIndex shape;
    bool is_property;
    const std::string& name;
  };

  void parameter(const Subject& subject, const Parameter& parameter,
                 std::span<const rdf::Triple> values);
  void note_missing_companions(const Subject& subject);
  void value(const Subject& subject, const Parameter& parameter, rdf::TermId value);
  bool fill(const Subject& subject, const Parameter& parameter, rdf::TermId value,
            Constraint& constraint);
  void pattern(const Subject& subject, rdf::TermId value);
  void closed(const Subject& subject, rdf::TermId value);
  void qualified(const Subject& subject, rdf::TermId value);
  void qualified_count(const Subject& subject, std::string_view local_name, Constraint constraint);
  std::optional<Range> siblings(const Subject& subject, rdf::TermId value_shape);
  std::optional<std::vector<rdf::TermId>> members(const Subject& subject,
                                                  std::string_view local_name, rdf::TermId head);
  std::optional<Range> term_list(const Subject& subject, const Parameter& parameter,
                                 rdf::TermId head);
  std::optional<Range> shape_list(const Subject& subject, std::string_view local_name,
                                  const std::vector<rdf::TermId>& shapes);
  std::optional<std::uint64_t> integer(const Subject& subject, std::string_view local_name,
                                       rdf::TermId value);
  std::optional<bool> boolean(const std::string& name, std::string_view local_name,
                              rdf::TermId value);
  void complain(const std::string& name, std::string_view local_name, const std::string& wanted,
                rdf::TermId found);
  /// Whether the property has more than one value, which is a problem then.
  bool has_several(const std::string& name, std::string_view local_name,
                   std::span<const rdf::Triple> values);
  void add(Constraint constraint) { out_.constraints.push_back(constraint); }

  const ShapesGraph& graph_;
  TermInterner& terms_;
  Problems& problems_;
  CompiledShapes& out_;
  ShapeNumber shape_number_;
};

}  // namespace knhk::shacl::detail
