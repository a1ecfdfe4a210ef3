#include "knhk/rdf/detail/blank_components.hpp"

#include <algorithm>
#include <numeric>

namespace knhk::rdf::detail {

BlankComponents::BlankComponents(const BlankQuads& quads, const IdentifierIssuer& canonical) {
  const std::size_t count = quads.node_count();
  std::vector<Node> parents(count);
  std::iota(parents.begin(), parents.end(), Node{0});
  const auto root = [&parents](Node node) {
    while (parents[node] != node) node = parents[node] = parents[parents[node]];
    return node;
  };
  for (const Quad& quad : quads.quads()) {
    Node first = kNoNode;
    for (const TermId id : {quad.subject, quad.object, quad.graph}) {
      const Node node = quads.node(id);
      if (node == kNoNode || canonical.has(node)) continue;
      if (first == kNoNode) first = node;
      const Node a = root(first);
      const Node b = root(node);
      parents[std::max(a, b)] = std::min(a, b);
    }
  }
  components_.assign(count, 0);
  starts_.assign(1, 0);
  for (Node node = 0; node < count; ++node) {  // a root comes before what hangs on it
    if (canonical.has(node)) continue;
    if (root(node) == node) {
      components_[node] = static_cast<std::uint32_t>(starts_.size() - 1);
      starts_.push_back(0);
    }
    components_[node] = components_[root(node)];
    ++starts_[components_[node] + 1];
  }
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  nodes_.resize(starts_.back());
  std::vector<std::size_t> next = starts_;
  for (Node node = 0; node < count; ++node) {
    if (!canonical.has(node)) nodes_[next[components_[node]]++] = node;
  }
}

}  // namespace knhk::rdf::detail
