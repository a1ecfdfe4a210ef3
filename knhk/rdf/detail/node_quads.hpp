#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "knhk/rdf/detail/blank_quads.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf::detail {

/// Appends the quads that mention `node`, a line each, sorted by their bytes. `append_node(out,
/// other)` writes what stands for a blank node; all else is written as in N-Quads.
template <class AppendNode>
void append_quads_of(Node node, const Dataset& dataset, const BlankQuads& quads, std::string& out,
                     const AppendNode& append_node) {
  std::vector<std::string> lines;
  lines.reserve(quads.mentions(node).size());
  for (const std::uint32_t index : quads.mentions(node)) {
    const Quad& quad = quads.quad(index);
    std::string& line = lines.emplace_back();
    for (const TermId id : {quad.subject, quad.predicate, quad.object, quad.graph}) {
      if (id == kNoTerm) continue;
      const Node other = quads.node(id);
      if (other == kNoNode) {
        append_ntriples(line, dataset.term(id));
      } else {
        append_node(line, other);
      }
      line += ' ';
    }
    line += ".\n";
  }
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) out += line;
}

}  // namespace knhk::rdf::detail
