#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/rdf/dataset.hpp"
#include "knhk/shacl/warning.hpp"

namespace knhk::shacl {

namespace detail {
struct CompiledShapes;
}

/// How a shapes graph is compiled.
struct CompileOptions {
  /// Leave out what is not supported or ill-formed, with a warning, instead of refusing the graph.
  /// What is left out asks for nothing: constraints that could find more without it go too, so that
  /// each result is one of the whole shapes (unless rules or imports would have added triples).
  bool lenient = false;
};

/// What a shape says about one property, for generators of code and documentation.
struct PropertySummary {
  std::string path;       // as a SPARQL property path; a predicate is `<iri>`
  std::string predicate;  // the IRI when the path is a single predicate, else empty
  std::string name;       // sh:name, the smallest when there are several
  std::string datatype;   // IRI of sh:datatype, or empty
  std::string class_iri;  // IRI of the first sh:class, or empty
  std::string node_kind;  // local name of sh:nodeKind, or empty
  std::uint64_t min_count = 0;
  std::optional<std::uint64_t> max_count;
};

/// What a shape with class targets says.
struct ShapeSummary {
  std::string shape;                        // as in N-Triples
  std::vector<std::string> target_classes;  // IRIs, implicit class targets among them, sorted
  std::vector<PropertySummary> properties;  // of its active property shapes, sorted by path
};

/// SHACL shapes, compiled once to tables of numbered shapes and constraints.
///
/// Only active shapes are compiled: those that a shape with a target leads to, the deactivated ones
/// left out. A copy is cheap and shares the tables, which keep nothing of the shapes graph.
/// Threads: immutable; safe to use from any thread.
class Shapes {
 public:
  /// Compiles the default graph of `shapes_graph`. One without targets gives shapes that everything
  /// conforms to.
  ///
  /// Errors, none of them when lenient: `unsupported-construct` when an active shape uses something
  /// of SHACL that is not supported, named with its shape in one line; of several, the first by the
  /// text of shape and construct. `ill-formed-shapes` when an active shape breaks a syntax rule of
  /// SHACL; names shape and property likewise.
  [[nodiscard]] static Result<Shapes> compile(const rdf::Dataset& shapes_graph,
                                              const CompileOptions& options = {});

  /// Classes that data must cover: all target classes, implicit ones among them. Sorted IRIs.
  [[nodiscard]] std::span<const std::string> required_classes() const noexcept;
  /// Properties that data must cover: the predicates of active property shapes with
  /// `sh:minCount` of at least 1. Sorted IRIs.
  [[nodiscard]] std::span<const std::string> required_properties() const noexcept;
  /// What was left out, and what has no effect. Sorted by kind, property and shape.
  [[nodiscard]] std::span<const Warning> warnings() const noexcept;
  /// One entry for each active shape with a class target, sorted by shape.
  [[nodiscard]] std::span<const ShapeSummary> summaries() const noexcept;

  /// Active shapes, property shapes among them.
  [[nodiscard]] std::size_t shape_count() const noexcept;
  [[nodiscard]] std::size_t constraint_count() const noexcept;
  /// Active shapes that have a target.
  [[nodiscard]] std::size_t target_shape_count() const noexcept;

  [[nodiscard]] const detail::CompiledShapes& compiled() const noexcept { return *compiled_; }

 private:
  explicit Shapes(std::shared_ptr<const detail::CompiledShapes> compiled);
  std::shared_ptr<const detail::CompiledShapes> compiled_;
};

}  // namespace knhk::shacl
