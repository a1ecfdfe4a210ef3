#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "knhk/shacl/path_walk.hpp"
#include "knhk/shacl/pattern.hpp"
#include "knhk/shacl/plan.hpp"

// Validation of single focus nodes. Internal to this folder.
namespace knhk::shacl::detail {

/// A constraint that does not hold, all in numbers.
struct Finding {
  ShapeIndex shape = kNone;
  std::uint32_t constraint = kNone;
  rdf::TermId focus = rdf::kNoTerm;
  rdf::TermId value = rdf::kNoTerm;      // kNoTerm: the result has no value
  rdf::TermId predicate = rdf::kNoTerm;  // of closed: the path of the result
  std::uint64_t found = 0;               // how many values were counted
  std::uint32_t copies = 1;              // how many results this stands for
  bool undecided = false;                // a pattern's work limit was reached
};

/// Three-valued: what is still to be worked out is unknown.
enum class Truth : std::uint8_t { no, yes, unknown };

/// Validates focus nodes against shapes, one after another.
///
/// Nothing recurses as deep as the data: which nodes conform to which shapes is worked out with a
/// stack of its own and remembered. A node that a shape leads back to while it is being checked
/// against that same shape counts as conforming; what was concluded from that is forgotten again.
/// Answers don't depend on what was asked before. Threads: one at a time; one evaluator for each.
class Evaluator {
 public:
  explicit Evaluator(const Plan& plan) : plan_(plan), shapes_(plan.shapes()), walk_(plan) {}

  /// Appends what `shape`, and the property shapes it leads to, find at `focus`.
  void report(ShapeIndex shape, rdf::TermId focus, std::vector<Finding>& findings);
  /// Whether `node` conforms to `shape`.
  [[nodiscard]] bool conforms_to(ShapeIndex shape, rdf::TermId node) {
    return conforms(shape, node) == Truth::yes;
  }

 private:
  /// Who wants to know about violations: a report all of them, a yes-or-no question the first.
  struct Question {
    std::vector<Finding>* findings = nullptr;  // null: yes or no
    Truth truth = Truth::yes;
    std::uint32_t copies = 1;

    [[nodiscard]] bool is_settled() const noexcept {
      return findings == nullptr && truth == Truth::no;
    }
  };
  struct Site {  // where a constraint is checked
    ShapeIndex shape;
    std::uint32_t constraint;
    rdf::TermId focus;
  };
  struct Visit {
    ShapeIndex shape;
    rdf::TermId node;
    std::uint32_t copies;

    [[nodiscard]] std::uint64_t key() const noexcept { return key_of(shape, node); }
  };
  struct Frame {
    std::uint64_t key;
    std::size_t trail;  // its length when this frame became active
    bool active;        // has been looked at and waits for others
    bool assumed;       // another frame took it as conforming
  };

  // The working out of one answer, and of those it rests on.
  struct Search {
    std::unordered_map<std::uint64_t, Truth> known;
    std::unordered_map<std::uint64_t, std::size_t> active;  // to its frame
    std::vector<Frame> stack;
    std::vector<std::uint64_t> pending;  // what the evaluation in progress lacks
    std::vector<std::uint64_t> trail;    // keys in known that rest on an assumption, perhaps
  };

  static std::uint64_t key_of(ShapeIndex shape, rdf::TermId node) noexcept {
    return (std::uint64_t{shape} << 32U) | rdf::index_of(node);
  }

  // evaluator.cpp: constraints one by one
  void check_shape(ShapeIndex shape, rdf::TermId focus, Question& question,
                   std::vector<Visit>* nested);
  void check(const Site& site, const std::vector<rdf::TermId>& values, Question& question);
  void check_without_values(const Site& site, Question& question);
  void check_each(const Site& site, const std::vector<rdf::TermId>& values, Question& question);
  Truth holds(const Site& site, rdf::TermId value, bool& undecided);
  Truth holds_for_shapes(const Constraint& constraint, rdf::TermId value);
  void check_qualified(const Site& site, const std::vector<rdf::TermId>& values,
                       Question& question);
  Truth is_qualified(const Constraint& constraint, rdf::TermId value);

  // set_constraints.cpp: constraints on all values together
  void check_languages(const Site& site, const std::vector<rdf::TermId>& values,
                       Question& question);
  void check_pair(const Site& site, const std::vector<rdf::TermId>& values, Question& question);
  void check_order(const Site& site, const std::vector<rdf::TermId>& values, Question& question);
  void check_closed(const Site& site, const std::vector<rdf::TermId>& values, Question& question);

  // conformance.cpp: yes or no
  Truth conforms(ShapeIndex shape, rdf::TermId node);
  Truth evaluate(ShapeIndex shape, rdf::TermId node);
  Truth decide_monotone(std::uint64_t key);
  Truth decide_negating(std::uint64_t key);
  Truth decide(Search& search, std::uint64_t key, bool keeps_no);
  void settle(Search& search, Truth truth, bool keeps_no);
  void suspend(Search& search);

  static void note(const Site& site, Question& question, Finding finding);

  const Plan& plan_;
  const CompiledShapes& shapes_;
  PathWalk walk_;
  std::optional<Pattern::Scratch> scratch_;
  std::vector<std::vector<rdf::TermId>> buffers_;
  std::vector<Visit> level_;  // of the report in progress
  std::vector<Visit> next_;

  Search monotone_;                                   // of shapes without negation on a cycle
  Search negating_;                                   // of all others; may ask the first one
  std::unordered_map<std::uint64_t, Truth> answers_;  // that the second one found
};

}  // namespace knhk::shacl::detail
