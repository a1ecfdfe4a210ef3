#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/rdf/detail/blank_quads.hpp"
#include "knhk/rdf/detail/hasher.hpp"
#include "knhk/rdf/detail/identifier_issuer.hpp"

namespace knhk::rdf::detail {

/// The state of a canonicalization (RDFC-1.0 section 4.3) that hashing reads.
struct CanonicalizationState {
  const Dataset& dataset;
  const BlankQuads& quads;
  HashAlgorithm algorithm;
  std::vector<HashValue> first_degree;            // by node: the hash of its own quads
  std::vector<std::uint32_t> first_degree_class;  // by node: equal for equal hashes
  IdentifierIssuer canonical;
};

/// What hashing from one node may take, and whether someone else gave up already.
struct RunLimits {
  std::uint64_t work;
  std::uint64_t bytes;
  const std::atomic<bool>* stop;
};

enum class RunEnd : std::uint8_t { done, too_much_work, too_many_bytes, stopped };

/// Hash N-Degree Quads (RDFC-1.0 section 4.8) without recursion: what the specification calls
/// itself for is a frame on a stack of our own, so that long chains of blank nodes need heap, not
/// stack.
///
/// Of a quad with a blank graph name and another blank node the specification hashes neither which
/// place the hashed node has in it nor, beside the graph name, the predicate. So two nodes can have
/// one hash and two permutations one path though no symmetry takes one to the other, and which of
/// them comes first is left open. Where there are such quads, all that is in the quads breaks the
/// tie, so that the order never depends on labels.
///
/// Threads: one at a time; several objects may share one state.
class NDegreeHash {
 public:
  NDegreeHash(const CanonicalizationState& state, RunLimits limits)
      : state_(state),
        limits_(limits),
        hasher_(state.algorithm),
        breaks_ties_(state.quads.has_entangled_graphs()),
        cache_bits_(
            std::clamp(static_cast<int>(std::bit_width(state.quads.node_count())) + 2, 4, 14)),
        cache_(std::size_t{1} << cache_bits_) {}

  /// Hashes `node`. `issuer` has issued for `node` alone, and afterwards for all that was met.
  [[nodiscard]] RunEnd run(Node node, IdentifierIssuer& issuer);
  /// Requires: the last run is done.
  [[nodiscard]] const HashValue& hash() const noexcept { return returned_; }
  /// What orders equal hashes: zero where hashes say it all. Requires: the last run is done.
  [[nodiscard]] const HashValue& tie_breaker() const noexcept { return returned_tie_breaker_; }
  /// Steps of the last run.
  [[nodiscard]] std::uint64_t work() const noexcept { return work_; }

 private:
  struct Related {
    HashValue hash;
    Node node;
  };

  // One call of the algorithm, stopped in the middle. Used again when the call has ended.
  struct Frame {
    Node node = kNoNode;
    std::vector<Related> related;  // sorted by hash; equal ones are a group
    std::size_t group = 0;         // where the present group begins
    std::size_t group_end = 0;
    std::vector<std::uint32_t> order;  // of the group's nodes in the present permutation
    std::size_t mark = 0;              // issued before the group's permutations
    bool in_permutation = false;
    bool only_one = false;  // permutation has to be tried
    std::vector<Node> recursion;
    std::size_t recursed = 0;
    std::string path;
    std::string chosen_path;
    std::vector<Node> chosen_issued;  // what the chosen path issued beyond the mark
    std::string data_to_hash;
    std::string tie;  // breaks ties of path
    std::string chosen_tie;
    std::string ties_to_hash;
    std::size_t counted_bytes = 0;

    void reset();
    [[nodiscard]] std::size_t size_bytes() const noexcept;
  };

  // Hashes of related nodes: position, predicate, and what stands for the node (its canonical or
  // temporary identifier, or the hash of its quads) as one key.
  struct CacheEntry {
    std::uint64_t predicate_and_number = 0;
    std::uint8_t place_and_kind = 0xFF;
    HashValue hash{};
  };

  void push(Node node, const IdentifierIssuer& issuer);
  void pop() noexcept;
  void count_bytes(Frame& frame) noexcept;
  void begin_group(Frame& frame, const IdentifierIssuer& issuer);
  void end_group(Frame& frame, IdentifierIssuer& issuer);
  void start_permutation(Frame& frame, IdentifierIssuer& issuer);
  void choose(Frame& frame, const IdentifierIssuer& issuer);
  // Shortcuts that find the permutation which would be chosen without trying all; see the source.
  [[nodiscard]] bool order_issued(Frame& frame, const IdentifierIssuer& issuer);
  [[nodiscard]] bool order_leaves(Frame& frame, const IdentifierIssuer& issuer);

  void find_related(Node node, const IdentifierIssuer& issuer, std::vector<Related>& out);
  [[nodiscard]] const HashValue& related_hash(char position, const Quad& quad, Node related,
                                              const IdentifierIssuer& issuer);
  void append_identifier(std::string& out, Node node, const IdentifierIssuer& issuer) const;
  void append_quads(std::string& out, Node node, const IdentifierIssuer& issuer);
  [[nodiscard]] bool has_identifier(Node node, const IdentifierIssuer& issuer) const noexcept {
    return state_.canonical.has(node) || issuer.has(node);
  }
  [[nodiscard]] static bool is_hopeless(const Frame& frame) noexcept {
    return !frame.chosen_path.empty() && frame.path.size() >= frame.chosen_path.size() &&
           frame.path > frame.chosen_path;
  }

  const CanonicalizationState& state_;
  RunLimits limits_;
  Hasher hasher_;
  bool breaks_ties_;
  HashValue returned_{};
  HashValue returned_tie_breaker_{};
  std::uint64_t work_ = 0;
  std::uint64_t bytes_ = 0;
  std::deque<Frame> frames_;
  std::size_t depth_ = 0;  // frames in use
  std::string input_;
  int cache_bits_;
  std::vector<CacheEntry> cache_;  // an entry gives way to another one of the same place
};

}  // namespace knhk::rdf::detail
