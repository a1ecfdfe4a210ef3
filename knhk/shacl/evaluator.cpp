#include "knhk/shacl/evaluator.hpp"

#include <algorithm>
#include <unordered_set>

#include "knhk/shacl/value_constraints.hpp"

namespace knhk::shacl::detail {
namespace {

/// A result that a node's shapes reach in more ways is reported this often.
constexpr std::uint32_t kMaxCopies = 64;

Truth negation(Truth truth) {
  if (truth == Truth::unknown) return truth;
  return truth == Truth::yes ? Truth::no : Truth::yes;
}

Truth truth_of(bool value) { return value ? Truth::yes : Truth::no; }

}  // namespace

void Evaluator::note(const Site& site, Question& question, Finding finding) {
  if (question.findings == nullptr) {
    question.truth = Truth::no;
    return;
  }
  finding.shape = site.shape;
  finding.constraint = site.constraint;
  finding.focus = site.focus;
  finding.copies = question.copies;
  question.findings->push_back(finding);
}

void Evaluator::report(ShapeIndex shape, rdf::TermId focus, std::vector<Finding>& findings) {
  level_.assign(1, {shape, focus, 1});
  std::unordered_set<std::uint64_t> seen;  // of shapes that may come back
  const auto is_before = [](const Visit& a, const Visit& b) { return a.key() < b.key(); };
  while (!level_.empty()) {
    next_.clear();
    for (const Visit& visit : level_) {
      Question question{&findings, Truth::yes, visit.copies};
      const std::size_t before = next_.size();
      check_shape(visit.shape, visit.node, question, &next_);
      for (std::size_t i = before; i < next_.size(); ++i) next_[i].copies = visit.copies;
    }
    if (!std::is_sorted(next_.begin(), next_.end(), is_before)) {
      std::sort(next_.begin(), next_.end(), is_before);
    }
    level_.clear();
    for (const Visit& visit : next_) {
      const bool repeats = shapes_.shapes[visit.shape].repeats;
      if (!level_.empty() && level_.back().key() == visit.key()) {
        Visit& same = level_.back();
        if (!repeats) same.copies = std::min(same.copies + visit.copies, kMaxCopies);
        continue;
      }
      if (repeats && !seen.insert(visit.key()).second) continue;
      level_.push_back(visit);
    }
  }
}

void Evaluator::check_shape(ShapeIndex index, rdf::TermId focus, Question& question,
                            std::vector<Visit>* nested) {
  const Shape& shape = shapes_.shapes[index];
  const auto constraints = plan_.constraints(index);
  if (constraints.empty()) return;
  if (!plan_.needs_values(index)) {
    for (const std::uint32_t i : constraints) {
      check_without_values({index, i, focus}, question);
      if (question.is_settled()) break;
    }
    return;
  }
  std::vector<rdf::TermId> values;
  if (!buffers_.empty()) {
    values = std::move(buffers_.back());
    buffers_.pop_back();
  }
  walk_.values(shape, focus, values);
  for (const std::uint32_t i : constraints) {
    const Constraint& constraint = shapes_.constraints[i];
    if (nested != nullptr && constraint.kind == ConstraintKind::property) {
      for (const rdf::TermId value : values) nested->push_back({constraint.operand, value, 1});
      continue;
    }
    check({index, i, focus}, values, question);
    if (question.is_settled()) break;
  }
  buffers_.push_back(std::move(values));
}

/// For has_value, and a min_count of 1.
void Evaluator::check_without_values(const Site& site, Question& question) {
  const Constraint& constraint = shapes_.constraints[site.constraint];
  const Shape& shape = shapes_.shapes[site.shape];
  bool holds = false;
  if (constraint.kind == ConstraintKind::min_count) {
    holds = walk_.leads_somewhere(shape, site.focus);
  } else if (plan_.is_backwards(site.constraint)) {
    const auto sources = plan_.set(site.constraint);
    holds = std::binary_search(sources.begin(), sources.end(), site.focus);
  } else {
    holds = walk_.leads_to(shape, site.focus, plan_.id(constraint.operand));
  }
  if (!holds) note(site, question, {});
}

void Evaluator::check(const Site& site, const std::vector<rdf::TermId>& values,
                      Question& question) {
  const Constraint& constraint = shapes_.constraints[site.constraint];
  const auto note_count = [&](bool is_broken) {
    Finding finding;
    finding.found = values.size();
    if (is_broken) note(site, question, finding);
  };
  switch (constraint.kind) {
    case ConstraintKind::min_count:
      return note_count(values.size() < constraint.number);
    case ConstraintKind::max_count:
      return note_count(values.size() > constraint.number);
    case ConstraintKind::has_value:
      return note_count(std::find(values.begin(), values.end(), plan_.id(constraint.operand)) ==
                        values.end());
    case ConstraintKind::unique_lang:
      return check_languages(site, values, question);
    case ConstraintKind::equals:
    case ConstraintKind::disjoint:
    case ConstraintKind::less_than:
    case ConstraintKind::less_than_or_equals:
      return check_pair(site, values, question);
    case ConstraintKind::closed:
      return check_closed(site, values, question);
    case ConstraintKind::qualified_min:
    case ConstraintKind::qualified_max:
      return check_qualified(site, values, question);
    default:
      return check_each(site, values, question);
  }
}

void Evaluator::check_each(const Site& site, const std::vector<rdf::TermId>& values,
                           Question& question) {
  for (const rdf::TermId value : values) {
    Finding finding;
    finding.value = value;
    const Truth truth = holds(site, value, finding.undecided);
    if (truth == Truth::no) {
      note(site, question, finding);
      if (question.is_settled()) return;
    } else if (truth == Truth::unknown) {
      question.truth = Truth::unknown;
    }
  }
}

Truth Evaluator::holds(const Site& site, rdf::TermId value, bool& undecided) {
  const Constraint& constraint = shapes_.constraints[site.constraint];
  if (constraint.kind >= ConstraintKind::property) return holds_for_shapes(constraint, value);
  if (constraint.kind != ConstraintKind::pattern) {
    return truth_of(value_satisfies(plan_, site.constraint, value));
  }
  const rdf::Term term = plan_.term(value);
  if (term.is_blank()) return Truth::no;
  if (!scratch_) scratch_.emplace();
  const auto outcome = shapes_.patterns[constraint.operand].match(term.text, *scratch_);
  undecided = outcome == Pattern::Outcome::undecided;
  return truth_of(outcome == Pattern::Outcome::matches);
}

Truth Evaluator::holds_for_shapes(const Constraint& constraint, rdf::TermId value) {
  if (constraint.kind == ConstraintKind::not_) {
    return negation(conforms(constraint.operand, value));
  }
  if (constraint.kind == ConstraintKind::property || constraint.kind == ConstraintKind::node) {
    return conforms(constraint.operand, value);
  }
  std::uint32_t yes = 0;
  std::uint32_t unknown = 0;
  for (std::uint32_t i = constraint.list.begin; i < constraint.list.end; ++i) {
    const Truth truth = conforms(shapes_.shape_lists[i], value);
    if (truth == Truth::yes) ++yes;
    if (truth == Truth::unknown) ++unknown;
    if (constraint.kind == ConstraintKind::and_ && truth == Truth::no) return Truth::no;
    if (constraint.kind == ConstraintKind::or_ && truth == Truth::yes) return Truth::yes;
    if (constraint.kind == ConstraintKind::xone && yes > 1) return Truth::no;
  }
  if (unknown > 0) return Truth::unknown;
  switch (constraint.kind) {
    case ConstraintKind::and_:
      return Truth::yes;
    case ConstraintKind::or_:
      return Truth::no;
    default:
      return truth_of(yes == 1);
  }
}

void Evaluator::check_qualified(const Site& site, const std::vector<rdf::TermId>& values,
                                Question& question) {
  const Constraint& constraint = shapes_.constraints[site.constraint];
  std::uint64_t yes = 0;
  std::uint64_t unknown = 0;
  for (const rdf::TermId value : values) {
    const Truth truth = is_qualified(constraint, value);
    if (truth == Truth::yes) ++yes;
    if (truth == Truth::unknown) ++unknown;
  }
  const bool is_min = constraint.kind == ConstraintKind::qualified_min;
  const bool is_broken = is_min ? yes + unknown < constraint.number : yes > constraint.number;
  const bool may_break = is_min ? yes < constraint.number : yes + unknown > constraint.number;
  if (is_broken) {
    Finding finding;
    finding.found = yes;
    note(site, question, finding);
  } else if (may_break) {
    question.truth = Truth::unknown;
  }
}

/// Conforms to the shape, and to none of the siblings that have to be disjoint with it.
Truth Evaluator::is_qualified(const Constraint& constraint, rdf::TermId value) {
  Truth all = conforms(constraint.operand, value);
  for (std::uint32_t i = constraint.list.begin; i < constraint.list.end; ++i) {
    if (all == Truth::no) return all;
    const Truth disjoint = negation(conforms(shapes_.shape_lists[i], value));
    if (disjoint != Truth::yes) all = disjoint;
  }
  return all;
}

}  // namespace knhk::shacl::detail
