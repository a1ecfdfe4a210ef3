#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/shacl/compiled_shapes.hpp"
#include "knhk/shacl/shapes_graph.hpp"

namespace knhk::shacl::detail {

/// The terms of the shapes graph that its compiled form keeps, each once.
class TermInterner {
 public:
  TermInterner(const ShapesGraph& graph, CompiledShapes& out) : graph_(graph), out_(out) {}

  TermIndex intern(rdf::TermId id);
  /// An IRI that the shapes graph need not hold; once for each.
  TermIndex intern_iri(std::string_view iri);

 private:
  const ShapesGraph& graph_;
  CompiledShapes& out_;
  std::unordered_map<rdf::TermId, TermIndex> known_;
};

/// Compiles SHACL property paths (section 2.3.1), each once.
class PathCompiler {
 public:
  PathCompiler(const ShapesGraph& graph, TermInterner& terms, CompiledShapes& out)
      : graph_(graph), terms_(terms), out_(out) {}

  /// Errors: `ill-formed-shapes` with the end of a sentence about it, for a path that is none,
  /// contains itself or is larger than any sane one.
  Result<PathIndex> compile(rdf::TermId path);

 private:
  struct Text {
    std::string sparql;
    std::string turtle;
    int binding = 0;  // 3 primary, 2 step with an operator, 1 sequence, 0 alternative
  };
  struct Built {
    std::uint32_t node;
    Text text;
  };

  Result<Built> build(rdf::TermId path, bool inverted, std::size_t depth);
  Result<Built> build_operator(rdf::TermId path, bool inverted, std::size_t depth);
  Result<Built> build_members(PathKind kind, rdf::TermId list, bool inverted, std::size_t depth);
  std::uint32_t add_node(PathKind kind, TermIndex predicate,
                         const std::vector<std::uint32_t>& children);

  const ShapesGraph& graph_;
  TermInterner& terms_;
  CompiledShapes& out_;
  std::unordered_map<rdf::TermId, PathIndex> known_;
  std::size_t steps_ = 0;  // of the path being compiled
};

}  // namespace knhk::shacl::detail
