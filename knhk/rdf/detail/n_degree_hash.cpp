#include "knhk/rdf/detail/n_degree_hash.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <tuple>
#include <utility>

#include "knhk/rdf/detail/node_quads.hpp"

namespace knhk::rdf::detail {

RunEnd NDegreeHash::run(Node node, IdentifierIssuer& issuer) {
  while (depth_ > 0) pop();  // what a refused run left
  work_ = 0;
  bytes_ = 0;
  push(node, issuer);
  bool has_returned = false;
  while (true) {
    if (work_ > limits_.work) return RunEnd::too_much_work;
    if (bytes_ > limits_.bytes) return RunEnd::too_many_bytes;
    // Relaxed: only to end sooner; what was found is handed over under a lock.
    if (limits_.stop->load(std::memory_order_relaxed)) return RunEnd::stopped;
    Frame& frame = frames_[depth_ - 1];
    if (std::exchange(has_returned, false)) {
      // From the recursion that this frame asked for (steps 5.4.5.2 to 5.4.5.4).
      append_identifier(frame.path, frame.recursion[frame.recursed++], issuer);
      frame.path += '<';
      hasher_.append_digits(frame.path, returned_);
      frame.path += '>';
      if (breaks_ties_) hasher_.append_digits(frame.tie, returned_tie_breaker_);
      count_bytes(frame);
    }
    if (frame.group == frame.related.size()) {  // step 6
      ++work_;
      returned_ = hasher_.hash(frame.data_to_hash);
      if (breaks_ties_) {
        append_quads(frame.ties_to_hash, frame.node, issuer);
        returned_tie_breaker_ = hasher_.hash(frame.ties_to_hash);
      }
      pop();
      if (depth_ == 0) return RunEnd::done;
      has_returned = true;
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
}

void NDegreeHash::Frame::reset() {
  // Room for what nearly all calls need is kept. More would stay at every depth that ever needed
  // it, uncounted.
  constexpr std::size_t kKept = 1024;
  const auto empty = [](auto& buffer) {
    if (buffer.capacity() * sizeof(*buffer.data()) > kKept) {
      buffer = {};
    } else {
      buffer.clear();
    }
  };
  empty(related);
  empty(order);
  empty(recursion);
  empty(chosen_issued);
  empty(path);
  empty(chosen_path);
  empty(data_to_hash);
  empty(tie);
  empty(chosen_tie);
  empty(ties_to_hash);
  group = group_end = mark = recursed = counted_bytes = 0;
  in_permutation = only_one = false;
}

std::size_t NDegreeHash::Frame::size_bytes() const noexcept {
  return sizeof(Frame) + related.size() * sizeof(Related) + path.size() + chosen_path.size() +
         data_to_hash.size() + tie.size() + chosen_tie.size() + ties_to_hash.size() +
         order.size() * sizeof(std::uint32_t) +
         (recursion.size() + chosen_issued.size()) * sizeof(Node);
}

void NDegreeHash::count_bytes(Frame& frame) noexcept {
  const std::size_t now = frame.size_bytes();
  bytes_ = bytes_ - frame.counted_bytes + now;
  frame.counted_bytes = now;
}

// Steps 1 to 3.
void NDegreeHash::push(Node node, const IdentifierIssuer& issuer) {
  if (depth_ == frames_.size()) frames_.emplace_back();
  Frame& frame = frames_[depth_++];
  frame.node = node;
  find_related(node, issuer, frame.related);
  if (!frame.related.empty()) begin_group(frame, issuer);
  count_bytes(frame);
}

void NDegreeHash::pop() noexcept {
  Frame& frame = frames_[--depth_];
  bytes_ -= frame.counted_bytes;
  frame.reset();
}

void NDegreeHash::find_related(Node node, const IdentifierIssuer& issuer,
                               std::vector<Related>& out) {
  const auto add = [&](char position, const Quad& quad, TermId component) {
    const Node other = state_.quads.node(component);
    if (other == kNoNode || other == node) return;
    out.push_back({related_hash(position, quad, other, issuer), other});
  };
  for (const std::uint32_t index : state_.quads.mentions(node)) {
    const Quad& quad = state_.quads.quad(index);
    add('s', quad, quad.subject);
    add('o', quad, quad.object);
    add('g', quad, quad.graph);
  }
  work_ += out.size();
  const auto less = [](const Related& a, const Related& b) { return a.hash < b.hash; };
  if (!std::is_sorted(out.begin(), out.end(), less)) {
    std::stable_sort(out.begin(), out.end(), less);
  }
}

// Hash Related Blank Node (section 4.7). The same few inputs come again and again.
const HashValue& NDegreeHash::related_hash(char position, const Quad& quad, Node related,
                                           const IdentifierIssuer& issuer) {
  const unsigned place = position == 's' ? 0 : position == 'o' ? 1 : 2;
  const bool is_canonical = state_.canonical.has(related);
  const bool is_issued = issuer.has(related);
  const unsigned kind = is_canonical ? 0 : is_issued ? 1 : 2;
  const std::uint32_t number = is_canonical ? state_.canonical.number(related)
                               : is_issued  ? issuer.number(related)
                                            : state_.first_degree_class[related];
  const std::uint64_t predicate = position == 'g' ? 0 : index_of(quad.predicate);
  const std::uint64_t key = (predicate << 32U) | number;
  const unsigned place_and_kind = place * 3 + kind;
  const std::uint64_t mixed = (key * 9 + place_and_kind) * 0x9E3779B97F4A7C15ULL;
  CacheEntry& entry = cache_[mixed >> (64 - cache_bits_)];
  if (entry.predicate_and_number == key && entry.place_and_kind == place_and_kind) {
    return entry.hash;
  }
  input_.assign(1, position);
  if (position != 'g') {
    input_ += '<';
    input_ += state_.dataset.term(quad.predicate).text;
    input_ += '>';
  }
  if (kind == 2) {
    hasher_.append_digits(input_, state_.first_degree[related]);
  } else {
    append_identifier(input_, related, issuer);
  }
  entry = {key, static_cast<std::uint8_t>(place_and_kind), hasher_.hash(input_)};
  return entry.hash;
}

void NDegreeHash::append_identifier(std::string& out, Node node,
                                    const IdentifierIssuer& issuer) const {
  const bool is_canonical = state_.canonical.has(node);
  out += is_canonical ? "_:c14n" : "_:b";
  std::array<char, 10> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(),
                    is_canonical ? state_.canonical.number(node) : issuer.number(node));
  out.append(digits.data(), end.ptr);
}

// All quads of `node` with what is known of their nodes, in an order that no label changes. The
// node itself stands for itself: its own identifier says nothing of it.
void NDegreeHash::append_quads(std::string& out, Node node, const IdentifierIssuer& issuer) {
  work_ += state_.quads.mentions(node).size();
  append_quads_of(node, state_.dataset, state_.quads, out, [&](std::string& line, Node other) {
    if (other == node) {
      line += "_:a";
    } else if (has_identifier(other, issuer)) {
      append_identifier(line, other, issuer);
    } else {
      line += "_:z";
    }
  });
}

void NDegreeHash::begin_group(Frame& frame, const IdentifierIssuer& issuer) {
  frame.group_end = frame.group + 1;
  while (frame.group_end < frame.related.size() &&
         frame.related[frame.group_end].hash == frame.related[frame.group].hash) {
    ++frame.group_end;
  }
  const auto node = [&frame](std::uint32_t place) {
    return frame.related[frame.group + place].node;
  };
  const std::size_t size = frame.group_end - frame.group;
  frame.mark = issuer.issued().size();
  frame.chosen_path.clear();
  frame.chosen_issued.clear();
  frame.chosen_tie.clear();
  frame.order.resize(size);
  std::iota(frame.order.begin(), frame.order.end(), 0U);
  frame.only_one = size == 1 || order_issued(frame, issuer) || order_leaves(frame, issuer);
  if (frame.only_one) return;
  // A node that is there twice: permutations that only swap it with itself are one.
  for (std::uint32_t& place : frame.order) {
    std::uint32_t first = 0;
    while (node(first) != node(place)) ++first;
    place = first;
  }
  std::sort(frame.order.begin(), frame.order.end());
}

// When all nodes have identifiers by now, no permutation recurses: the least concatenation of the
// identifiers is chosen, and that is the one sorted by which of two would better come first.
bool NDegreeHash::order_issued(Frame& frame, const IdentifierIssuer& issuer) {
  const std::size_t size = frame.group_end - frame.group;
  const Related* const group = &frame.related[frame.group];
  const bool all_issued = std::all_of(group, group + size, [&](const Related& related) {
    return has_identifier(related.node, issuer);
  });
  if (!all_issued) return false;
  work_ += size;
  std::vector<std::string> identifiers(size);
  for (std::size_t i = 0; i < size; ++i) append_identifier(identifiers[i], group[i].node, issuer);
  std::stable_sort(frame.order.begin(), frame.order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return identifiers[a] + identifiers[b] < identifiers[b] + identifiers[a];
  });
  return true;
}

// When no node has an identifier and each is related only to nodes that have one, the hash that
// recursion finds for a node depends neither on its own identifier nor on the other nodes here, so
// the least path is the one with these hashes in order. A hub with many equal leaves would have a
// factorial of permutations otherwise. A node that is there twice makes the order of identifiers
// matter too, and is left to the permutations.
bool NDegreeHash::order_leaves(Frame& frame, const IdentifierIssuer& issuer) {
  const std::size_t size = frame.group_end - frame.group;
  for (std::size_t i = 0; i < size; ++i) {
    const Node node = frame.related[frame.group + i].node;
    if (has_identifier(node, issuer)) return false;
    for (const std::uint32_t index : state_.quads.mentions(node)) {
      const Quad& quad = state_.quads.quad(index);
      for (const TermId id : {quad.subject, quad.object, quad.graph}) {
        const Node other = state_.quads.node(id);
        if (other != kNoNode && other != node && !has_identifier(other, issuer)) return false;
      }
    }
  }
  std::vector<Node> nodes;
  nodes.reserve(size);
  for (std::size_t i = 0; i < size; ++i) nodes.push_back(frame.related[frame.group + i].node);
  std::sort(nodes.begin(), nodes.end());
  if (std::adjacent_find(nodes.begin(), nodes.end()) != nodes.end()) return false;
  std::vector<std::pair<HashValue, std::string>> hashes;  // and what breaks ties
  std::vector<Related> related;
  std::string data;
  for (std::size_t i = 0; i < size; ++i) {
    related.clear();
    data.clear();
    find_related(frame.related[frame.group + i].node, issuer, related);
    for (std::size_t k = 0; k < related.size(); ++k) {
      if (k == 0 || related[k].hash != related[k - 1].hash) {
        hasher_.append_digits(data, related[k].hash);
      }
      append_identifier(data, related[k].node, issuer);  // one node for each hash
    }
    hashes.emplace_back(hasher_.hash(data), "");
    if (breaks_ties_)
      append_quads(hashes.back().second, frame.related[frame.group + i].node, issuer);
    ++work_;
  }
  std::stable_sort(frame.order.begin(), frame.order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return hashes[a] < hashes[b]; });
  return true;
}

// Steps 5.4.1 to 5.4.4.
void NDegreeHash::start_permutation(Frame& frame, IdentifierIssuer& issuer) {
  ++work_;
  issuer.go_back(frame.mark);
  frame.path.clear();
  frame.tie.clear();
  frame.recursion.clear();
  frame.recursed = 0;
  for (const std::uint32_t place : frame.order) {
    const Node node = frame.related[frame.group + place].node;
    if (!has_identifier(node, issuer)) {
      frame.recursion.push_back(node);
      issuer.issue(node);
    }
    append_identifier(frame.path, node, issuer);
    if (is_hopeless(frame)) return;
  }
}

// Step 5.4.6.
void NDegreeHash::choose(Frame& frame, const IdentifierIssuer& issuer) {
  if (!frame.chosen_path.empty() &&
      std::tie(frame.path, frame.tie) >= std::tie(frame.chosen_path, frame.chosen_tie)) {
    return;
  }
  std::swap(frame.chosen_path, frame.path);
  std::swap(frame.chosen_tie, frame.tie);
  if (frame.only_one) return;  // what was issued simply stays
  const auto since = issuer.issued().subspan(frame.mark);
  frame.chosen_issued.assign(since.begin(), since.end());
  count_bytes(frame);
}

// Steps 5.5 and 5.6, and 5.1 and 5.2 of the next group.
void NDegreeHash::end_group(Frame& frame, IdentifierIssuer& issuer) {
  if (!frame.only_one) {
    issuer.go_back(frame.mark);
    for (const Node node : frame.chosen_issued) issuer.issue(node);
  }
  hasher_.append_digits(frame.data_to_hash, frame.related[frame.group].hash);
  frame.data_to_hash += frame.chosen_path;
  frame.ties_to_hash += frame.chosen_tie;
  frame.group = frame.group_end;
  if (frame.group < frame.related.size()) begin_group(frame, issuer);
  count_bytes(frame);
}

}  // namespace knhk::rdf::detail
