#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "knhk/rdf/detail/blank_quads.hpp"
#include "knhk/rdf/detail/hasher.hpp"
#include "knhk/rdf/detail/identifier_issuer.hpp"

namespace knhk::rdf::detail {

/// The state of a canonicalization (RDFC-1.0 section 4.3) that hashing needs.
struct CanonicalizationState {
  const Dataset& dataset;
  const BlankQuads& quads;
  std::vector<std::string> first_degree;          // by node: the hash of its own quads
  std::vector<std::uint32_t> first_degree_class;  // by node: equal for equal hashes
  IdentifierIssuer canonical;
  Hasher hasher;
  std::uint64_t work = 0;
  std::uint64_t work_limit = 0;
  std::uint64_t run_limit = 0;  // for what starts at one node
};

/// Hash N-Degree Quads (RDFC-1.0 section 4.8) without recursion: what the specification calls
/// itself for is a frame on a stack of our own, so that long chains of blank nodes need heap, not
/// stack.
class NDegreeHash {
 public:
  explicit NDegreeHash(CanonicalizationState& state) : state_(state) {}

  /// The hash of `node`; `issuer` has issued for `node` alone, and afterwards for all that was met.
  /// Nothing when the work limit was reached.
  [[nodiscard]] std::optional<std::string> hash(Node node, IdentifierIssuer& issuer);

 private:
  // The nodes related to a frame's node under one related hash.
  struct Group {
    std::string hash;
    std::vector<Node> nodes;
  };

  // One call of the algorithm, stopped in the middle.
  struct Frame {
    std::vector<Group> groups;  // sorted by hash
    std::size_t group = 0;
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
  };

  void push(Node node, const IdentifierIssuer& issuer);
  void begin_group(Frame& frame, const IdentifierIssuer& issuer);
  void end_group(Frame& frame, IdentifierIssuer& issuer);
  void start_permutation(Frame& frame, IdentifierIssuer& issuer);
  void choose(Frame& frame, const IdentifierIssuer& issuer);
  // Shortcuts that find the permutation which would be chosen without trying all; see the source.
  [[nodiscard]] bool order_issued(Frame& frame, const IdentifierIssuer& issuer);
  [[nodiscard]] bool order_leaves(Frame& frame, const IdentifierIssuer& issuer);

  [[nodiscard]] std::vector<Group> related_groups(Node node, const IdentifierIssuer& issuer);
  [[nodiscard]] const std::string& related_hash(char position, const Quad& quad, Node related,
                                                const IdentifierIssuer& issuer);
  [[nodiscard]] std::string identifier(Node node, const IdentifierIssuer& issuer) const;
  [[nodiscard]] bool has_identifier(Node node, const IdentifierIssuer& issuer) const noexcept {
    return state_.canonical.has(node) || issuer.has(node);
  }
  [[nodiscard]] static bool is_hopeless(const Frame& frame) noexcept {
    return !frame.chosen_path.empty() && frame.path.size() >= frame.chosen_path.size() &&
           frame.path > frame.chosen_path;
  }

  CanonicalizationState& state_;
  std::vector<Frame> frames_;
  // Hashes of related nodes, by position and by what stands for the node: its canonical or
  // temporary identifier, or the hash of its quads. Keys: predicate in the upper half, that number
  // in the lower.
  std::unordered_map<std::uint64_t, std::string> related_hashes_[3][3];
};

}  // namespace knhk::rdf::detail
