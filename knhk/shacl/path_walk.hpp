#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "knhk/shacl/plan.hpp"

// Where paths lead. Internal to this folder.
namespace knhk::shacl::detail {

/// Walks paths over the data of a plan, and remembers where repetitions lead that it walked before:
/// many instances share few classes.
///
/// Complexity: a walk takes O(log size) for each triple it meets, each once for each start of a
/// repetition; the depth of the call stack is that of the path. Threads: one at a time.
class PathWalk {
 public:
  explicit PathWalk(const Plan& plan) : plan_(plan) {}

  /// Puts what `shape`'s path leads to from `focus` into `values`, each once; `focus` itself for a
  /// node shape.
  void values(const Shape& shape, rdf::TermId focus, std::vector<rdf::TermId>& values);
  /// Whether `shape`'s path leads anywhere from `focus`.
  [[nodiscard]] bool leads_somewhere(const Shape& shape, rdf::TermId focus);
  /// Whether it leads to `value`.
  [[nodiscard]] bool leads_to(const Shape& shape, rdf::TermId focus, rdf::TermId value);
  /// Puts the nodes from which it leads to `value` into `sources`, sorted. False when more than
  /// `max_steps` triples are met; then `sources` means nothing.
  [[nodiscard]] bool sources(const Shape& shape, rdf::TermId value, std::size_t max_steps,
                             std::vector<rdf::TermId>& sources);

 private:
  using Terms = std::vector<rdf::TermId>;
  struct Remembered {
    std::uint32_t begin;
    std::uint32_t size;
  };
  /// Terms met in one walk; cleared by counting up.
  struct Marks {
    std::vector<std::uint32_t> round_of;
    std::uint32_t round = 0;

    void start(std::size_t term_count);
    bool insert(rdf::TermId term);
  };

  void follow(std::uint32_t node, rdf::TermId start, Terms& out);
  void follow_predicate(rdf::TermId predicate, bool inverse, rdf::TermId start, Terms& out);
  void follow_sequence(const PathNode& path, rdf::TermId start, Terms& out);
  void follow_repetition(std::uint32_t node, rdf::TermId start, Terms& out);
  template <class Insert>
  void repeat(const PathNode& path, rdf::TermId start, Terms& out, const Insert& insert);
  void remember(std::uint64_t key, const Terms& out, std::size_t from);
  [[nodiscard]] bool leads_on(std::uint32_t node, rdf::TermId start);
  [[nodiscard]] Terms take();
  void give(Terms&& terms) { buffers_.push_back(std::move(terms)); }

  const Plan& plan_;
  bool reversed_ = false;
  std::size_t steps_left_ = std::numeric_limits<std::size_t>::max();
  std::vector<Terms> buffers_;
  Marks marks_;
  bool marks_taken_ = false;
  std::unordered_map<std::uint64_t, Remembered> known_;  // by repetition, direction and start
  Terms known_terms_;
};

}  // namespace knhk::shacl::detail
