#include "knhk/rdf/detail/node_colors.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace knhk::rdf::detail {
namespace {

// The finalizer of SplitMix64.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  return mix(a * 0x9E3779B97F4A7C15ULL + b + 1);
}

}  // namespace

NodeColors::NodeColors(const CanonicalizationState& state, std::vector<Node> nodes)
    : colors_(state.quads.node_count()),
      starts_(state.quads.node_count() + 1),
      sums_(state.quads.node_count()),
      places_(state.quads.node_count()) {
  std::sort(nodes.begin(), nodes.end());
  find_links(state, nodes);
  color_first(state, nodes);
  for (const Node node : nodes) {
    std::sort(links_.begin() + static_cast<std::ptrdiff_t>(starts_[node]),
              links_.begin() + static_cast<std::ptrdiff_t>(starts_[node + 1]),
              [this](const Link& a, const Link& b) {
                return std::tuple(a.label, colors_[a.other], a.other) <
                       std::tuple(b.label, colors_[b.other], b.other);
              });
  }
}

// Nodes with a canonical number stay where they are; they go into the first sum by their number.
void NodeColors::find_links(const CanonicalizationState& state, const std::vector<Node>& nodes) {
  Node next = 0;
  for (const Node node : nodes) {
    while (next <= node) starts_[next++] = links_.size();
    for (const std::uint32_t index : state.quads.mentions(node)) {
      const Quad& quad = state.quads.quad(index);
      const std::array<TermId, 3> terms = {quad.subject, quad.object, quad.graph};
      std::uint64_t places = index_of(quad.predicate);
      for (const TermId id : terms) {
        const Node at = state.quads.node(id);
        const bool moves = at != kNoNode && !state.canonical.has(at);
        places = mix(places, !moves ? index_of(id) : at == node ? 1ULL << 32U : 1ULL << 33U);
      }
      for (std::size_t i = 0; i < terms.size(); ++i) {
        const Node other = state.quads.node(terms[i]);
        if (other == kNoNode || other == node) continue;
        if (state.canonical.has(other)) {
          sums_[node] += mix(places, i);
        } else {
          links_.push_back({mix(places, i), other});
        }
      }
    }
  }
  while (next < starts_.size()) starts_[next++] = links_.size();
}

void NodeColors::color_first(const CanonicalizationState& state, const std::vector<Node>& nodes) {
  std::vector<std::pair<std::uint64_t, Node>> first;
  first.reserve(nodes.size());
  for (const Node node : nodes) {
    first.emplace_back(mix(sums_[node], state.first_degree_class[node]), node);
  }
  std::sort(first.begin(), first.end());
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (i == 0 || first[i].first != first[i - 1].first) members_.emplace_back();
    const Node node = first[i].second;
    colors_[node] = static_cast<std::uint32_t>(members_.size() - 1);
    places_[node] = static_cast<std::uint32_t>(members_.back().size());
    members_.back().push_back(node);
  }
  refine(nodes);
}

// Rounds: whoever has a neighbor of a new color sums up again, and colors split by the sums. A
// node's color becomes new only as part of at most half of the old color's members, so it becomes
// new at most log2(nodes) times.
void NodeColors::refine(std::vector<Node> touched) {
  std::vector<bool> is_touched(colors_.size());
  std::vector<Node> moved;
  while (!touched.empty()) {
    for (const Node node : touched) {
      is_touched[node] = false;
      std::uint64_t sum = 0;
      for (const Link& link : links(node)) sum += mix(link.label, colors_[link.other]);
      sums_[node] = sum;
    }
    std::sort(touched.begin(), touched.end(), [this](Node a, Node b) {
      return std::tuple(colors_[a], sums_[a], a) < std::tuple(colors_[b], sums_[b], b);
    });
    moved.clear();
    for (std::size_t first = 0; first < touched.size();) {
      const std::uint32_t color = colors_[touched[first]];
      std::size_t last = first;
      while (last < touched.size() && colors_[touched[last]] == color) ++last;
      split(color, std::span(touched).subspan(first, last - first), moved);
      first = last;
    }
    touched.clear();
    for (const Node node : moved) {
      for (const Link& link : links(node)) {
        if (is_touched[link.other]) continue;
        is_touched[link.other] = true;
        touched.push_back(link.other);
      }
    }
  }
}

// Splits a color by the sums of its touched members. Those untouched have no neighbor of a new
// color, the touched ones do: they differ. The largest part keeps the color.
void NodeColors::split(std::uint32_t color, std::span<const Node> touched,
                       std::vector<Node>& moved) {
  std::vector<std::span<const Node>> parts;
  for (std::size_t first = 0; first < touched.size();) {
    std::size_t last = first;
    while (last < touched.size() && sums_[touched[last]] == sums_[touched[first]]) ++last;
    parts.push_back(touched.subspan(first, last - first));
    first = last;
  }
  const std::size_t untouched = members_[color].size() - touched.size();
  if (parts.size() == 1 && untouched == 0) return;
  const auto largest = std::max_element(
      parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  for (auto part = parts.begin(); part != parts.end(); ++part) {
    if (part == largest && part->size() > untouched) continue;
    move(*part, moved);
  }
  if (untouched > 0 && largest->size() > untouched) {  // then only these two are left
    for (const Node node : *largest) remove(node);
    const std::vector<Node> rest = members_[color];
    members_[color].clear();
    for (const Node node : *largest) {
      places_[node] = static_cast<std::uint32_t>(members_[color].size());
      members_[color].push_back(node);
    }
    const auto fresh = static_cast<std::uint32_t>(members_.size());
    for (const Node node : rest) colors_[node] = fresh;
    members_.push_back(rest);
    for (std::uint32_t i = 0; i < rest.size(); ++i) places_[rest[i]] = i;
    moved.insert(moved.end(), rest.begin(), rest.end());
  }
}

void NodeColors::move(std::span<const Node> nodes, std::vector<Node>& moved) {
  const auto fresh = static_cast<std::uint32_t>(members_.size());
  for (const Node node : nodes) {
    remove(node);
    colors_[node] = fresh;
  }
  members_.emplace_back(nodes.begin(), nodes.end());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) places_[nodes[i]] = i;
  moved.insert(moved.end(), nodes.begin(), nodes.end());
}

void NodeColors::remove(Node node) {
  std::vector<Node>& members = members_[colors_[node]];
  members[places_[node]] = members.back();
  places_[members.back()] = places_[node];
  members.pop_back();
}

}  // namespace knhk::rdf::detail
