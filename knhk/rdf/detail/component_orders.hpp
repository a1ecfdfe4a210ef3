#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

#include "knhk/rdf/detail/blank_components.hpp"
#include "knhk/rdf/detail/n_degree_hash.hpp"
#include "knhk/rdf/detail/symmetry.hpp"

namespace knhk::rdf::detail {

/// The order in which the nodes that first degree hashes leave alike get their canonical numbers
/// (RDFC-1.0 section 4.4.3, step 5).
///
/// The specification goes through the classes of equal first degree hashes, hashes from every node
/// of a class that has no number yet, and takes what each hashing has met, in the order of the
/// hashes. Hashing from a node meets its whole component. So the first class that is in a component
/// numbers all of it, in the order that the least hash found there has met it; other hashes of the
/// component have no effect, and components don't see each other's numbers. Each component is
/// solved on its own, several at once.
///
/// Where a symmetry of the dataset takes one start to another, what is met from the other is the
/// image of what is met from the one, in one of the orders of trying that the specification leaves
/// open, with an equal hash. So only one of them is hashed from; in a component that is the image
/// of another one, none.
class ComponentOrders {
 public:
  struct Limits {
    std::uint64_t work;       // in all
    std::uint64_t run_work;   // from one start
    std::uint64_t run_bytes;  // at once, from one start
    unsigned threads;         // 0: as many as the machine has
    std::stop_token stop;     // ends all of it
  };

  /// `nodes` are sorted by class. Lifetime: `state` outlives this object.
  ComponentOrders(const CanonicalizationState& state, std::span<const Node> nodes, Limits limits);

  /// Hashes. Errors: throws what allocation throws.
  [[nodiscard]] RunEnd solve();
  /// Gives all nodes their numbers. Requires: `solve` is done.
  void issue(IdentifierIssuer& canonical) const;
  /// Steps of all runs.
  [[nodiscard]] std::uint64_t work() const noexcept { return work_.load(); }

 private:
  // A component, as seen by the first class that is in it.
  struct Part {
    std::uint32_t component = 0;
    std::uint32_t node_class = 0;
    std::size_t model = 0;     // the part that this one is the image of; itself when of none
    std::vector<Node> starts;  // those of the class that have to be hashed from
    std::vector<Node> images;  // of the model's nodes, in their order
    std::size_t best_start = 0;
    HashValue hash{};         // the least, of best_start
    HashValue tie_breaker{};  // of equal hashes
    std::vector<Node> order;  // in which best_start has met the nodes
  };
  struct Start {
    std::size_t part;
    std::size_t number;  // in the part
  };

  void hash_from_starts();
  void find_symmetries();
  [[nodiscard]] bool find_model(Part& part, std::size_t model, const NodeColors& colors,
                                Symmetry& symmetry) const;
  void drop_alike_starts(Part& part, const NodeColors& colors, Symmetry& symmetry);
  [[nodiscard]] Node root(Node node);
  void run(std::span<const Start> starts);
  void refuse(RunEnd end);
  [[nodiscard]] std::vector<Node> order(const Part& part) const;

  const CanonicalizationState& state_;
  Limits limits_;
  BlankComponents components_;
  std::vector<Part> parts_;      // by class
  std::vector<Node> parents_;    // union-find of nodes that a symmetry takes to each other
  std::vector<bool> has_start_;  // by root: whether a start that is kept is under it
  std::atomic<std::uint64_t> work_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;  // of the results in parts_, and of:
  RunEnd end_ = RunEnd::done;
};

}  // namespace knhk::rdf::detail
