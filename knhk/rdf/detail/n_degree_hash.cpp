#include "knhk/rdf/detail/n_degree_hash.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace knhk::rdf::detail {

std::optional<std::string> NDegreeHash::hash(Node node, IdentifierIssuer& issuer) {
  frames_.clear();
  push(node, issuer);
  std::optional<std::string> returned;
  const std::uint64_t limit =
      std::min(state_.work_limit, state_.work + std::min(state_.run_limit, state_.work_limit));
  while (state_.work <= limit) {
    Frame& frame = frames_.back();
    if (returned) {  // from the recursion that this frame asked for (steps 5.4.5.2 to 5.4.5.4)
      frame.path += identifier(frame.recursion[frame.recursed++], issuer);
      frame.path += '<';
      frame.path += *returned;
      frame.path += '>';
      returned.reset();
    }
    if (frame.group == frame.groups.size()) {  // step 6
      ++state_.work;
      returned = state_.hasher.hash(frame.data_to_hash);
      frames_.pop_back();
      if (frames_.empty()) return returned;
      continue;
    }
    if (!std::exchange(frame.in_permutation, true)) start_permutation(frame, issuer);
    const bool hopeless = is_hopeless(frame);  // steps 5.4.4.3 and 5.4.5.5
    if (!hopeless && frame.recursed < frame.recursion.size()) {
      push(frame.recursion[frame.recursed], issuer);
      continue;
    }
    if (!hopeless) choose(frame, issuer);
    frame.in_permutation = false;
    if (frame.only_one || !std::next_permutation(frame.order.begin(), frame.order.end())) {
      end_group(frame, issuer);
    }
  }
  return std::nullopt;
}

// Steps 1 to 3.
void NDegreeHash::push(Node node, const IdentifierIssuer& issuer) {
  Frame& frame = frames_.emplace_back();
  frame.groups = related_groups(node, issuer);
  if (!frame.groups.empty()) begin_group(frame, issuer);
}

std::vector<NDegreeHash::Group> NDegreeHash::related_groups(Node node,
                                                            const IdentifierIssuer& issuer) {
  std::vector<std::pair<const std::string*, Node>> related;
  const auto add = [&](char position, const Quad& quad, TermId component) {
    const Node other = state_.quads.node(component);
    if (other == kNoNode || other == node) return;
    related.emplace_back(&related_hash(position, quad, other, issuer), other);
  };
  for (const std::uint32_t index : state_.quads.mentions(node)) {
    const Quad& quad = state_.quads.quad(index);
    add('s', quad, quad.subject);
    add('o', quad, quad.object);
    add('g', quad, quad.graph);
  }
  state_.work += related.size();
  std::stable_sort(related.begin(), related.end(),
                   [](const auto& a, const auto& b) { return *a.first < *b.first; });
  std::vector<Group> groups;
  for (const auto& [hash, other] : related) {
    if (groups.empty() || groups.back().hash != *hash) groups.push_back({*hash, {}});
    groups.back().nodes.push_back(other);
  }
  return groups;
}

// Hash Related Blank Node (section 4.7). The same few inputs come again and again.
const std::string& NDegreeHash::related_hash(char position, const Quad& quad, Node related,
                                             const IdentifierIssuer& issuer) {
  const std::size_t place = position == 's' ? 0 : position == 'o' ? 1 : 2;
  const bool is_canonical = state_.canonical.has(related);
  const bool is_issued = issuer.has(related);
  const std::size_t kind = is_canonical ? 0 : is_issued ? 1 : 2;
  const std::uint32_t number = is_canonical ? state_.canonical.number(related)
                               : is_issued  ? issuer.number(related)
                                            : state_.first_degree_class[related];
  const std::uint64_t predicate = position == 'g' ? 0 : index_of(quad.predicate);
  std::string& hash = related_hashes_[place][kind][(predicate << 32U) | number];
  if (!hash.empty()) return hash;
  std::string input(1, position);
  if (position != 'g') {
    input += '<';
    input += state_.dataset.term(quad.predicate).text;
    input += '>';
  }
  input += kind == 2 ? state_.first_degree[related] : identifier(related, issuer);
  hash = state_.hasher.hash(input);
  return hash;
}

std::string NDegreeHash::identifier(Node node, const IdentifierIssuer& issuer) const {
  if (state_.canonical.has(node)) return "_:c14n" + std::to_string(state_.canonical.number(node));
  return "_:b" + std::to_string(issuer.number(node));
}

void NDegreeHash::begin_group(Frame& frame, const IdentifierIssuer& issuer) {
  const std::vector<Node>& nodes = frame.groups[frame.group].nodes;
  frame.mark = issuer.issued().size();
  frame.chosen_path.clear();
  frame.chosen_issued.clear();
  frame.order.resize(nodes.size());
  std::iota(frame.order.begin(), frame.order.end(), 0U);
  frame.only_one = nodes.size() == 1 || order_issued(frame, issuer) || order_leaves(frame, issuer);
  if (frame.only_one) return;
  // A node that is there twice: permutations that only swap it with itself are one.
  for (std::uint32_t& place : frame.order) {
    place = static_cast<std::uint32_t>(std::find(nodes.begin(), nodes.end(), nodes[place]) -
                                       nodes.begin());
  }
  std::sort(frame.order.begin(), frame.order.end());
}

// When all nodes have identifiers, no permutation recurses: the least concatenation of the
// identifiers is chosen, and that is the one sorted by which of two would better come first.
bool NDegreeHash::order_issued(Frame& frame, const IdentifierIssuer& issuer) {
  const std::vector<Node>& nodes = frame.groups[frame.group].nodes;
  for (const Node node : nodes) {
    if (!has_identifier(node, issuer)) return false;
  }
  state_.work += nodes.size();
  std::vector<std::string> identifiers;
  identifiers.reserve(nodes.size());
  for (const Node node : nodes) identifiers.push_back(identifier(node, issuer));
  std::stable_sort(frame.order.begin(), frame.order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return identifiers[a] + identifiers[b] < identifiers[b] + identifiers[a];
  });
  return true;
}

// When no node has an identifier and each is related only to nodes that have one, the hash that
// recursion finds for a node depends neither on its own identifier nor on the other nodes here, so
// the least path is the one with these hashes in order. A hub with many equal leaves would have a
// factorial of permutations otherwise.
bool NDegreeHash::order_leaves(Frame& frame, const IdentifierIssuer& issuer) {
  const std::vector<Node>& nodes = frame.groups[frame.group].nodes;
  for (const Node node : nodes) {
    if (has_identifier(node, issuer)) return false;
    for (const std::uint32_t index : state_.quads.mentions(node)) {
      const Quad& quad = state_.quads.quad(index);
      for (const TermId id : {quad.subject, quad.object, quad.graph}) {
        const Node other = state_.quads.node(id);
        if (other != kNoNode && other != node && !has_identifier(other, issuer)) return false;
      }
    }
  }
  std::vector<std::string> hashes;
  for (const Node node : nodes) {
    std::string data;
    for (const Group& group : related_groups(node, issuer)) {
      data += group.hash;  // which holds the identifier, so all nodes of the group are one
      for (const Node other : group.nodes) data += identifier(other, issuer);
    }
    hashes.push_back(state_.hasher.hash(data));
    ++state_.work;
  }
  std::stable_sort(frame.order.begin(), frame.order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return hashes[a] < hashes[b]; });
  return true;
}

// Steps 5.4.1 to 5.4.4.
void NDegreeHash::start_permutation(Frame& frame, IdentifierIssuer& issuer) {
  ++state_.work;
  const std::vector<Node>& nodes = frame.groups[frame.group].nodes;
  issuer.go_back(frame.mark);
  frame.path.clear();
  frame.recursion.clear();
  frame.recursed = 0;
  for (const std::uint32_t place : frame.order) {
    const Node node = nodes[place];
    if (!has_identifier(node, issuer)) {
      frame.recursion.push_back(node);
      issuer.issue(node);
    }
    frame.path += identifier(node, issuer);
    if (is_hopeless(frame)) return;
  }
}

// Step 5.4.6.
void NDegreeHash::choose(Frame& frame, const IdentifierIssuer& issuer) {
  if (!frame.chosen_path.empty() && frame.path >= frame.chosen_path) return;
  std::swap(frame.chosen_path, frame.path);
  if (frame.only_one) return;  // what was issued simply stays
  const auto since = issuer.issued().subspan(frame.mark);
  frame.chosen_issued.assign(since.begin(), since.end());
}

// Steps 5.5 and 5.6, and 5.1 and 5.2 of the next group.
void NDegreeHash::end_group(Frame& frame, IdentifierIssuer& issuer) {
  if (!frame.only_one) {
    issuer.go_back(frame.mark);
    for (const Node node : frame.chosen_issued) issuer.issue(node);
  }
  frame.data_to_hash += frame.groups[frame.group].hash;
  frame.data_to_hash += frame.chosen_path;
  if (++frame.group < frame.groups.size()) begin_group(frame, issuer);
}

}  // namespace knhk::rdf::detail
