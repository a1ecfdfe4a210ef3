#include <algorithm>
#include <compare>
#include <optional>
#include <span>
#include <string>

#include "knhk/rdf/xsd.hpp"
#include "knhk/shacl/evaluator.hpp"

namespace knhk::shacl::detail {

using rdf::TermId;
using rdf::Triple;

void Evaluator::check_languages(const Site& site, const std::vector<TermId>& values,
                                Question& question) {
  std::vector<std::string> tags;
  for (const TermId value : values) {
    const rdf::Term term = plan_.term(value);
    if (!term.is_literal() || term.language.empty()) continue;
    std::string tag(term.language);
    std::transform(tag.begin(), tag.end(), tag.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    tags.push_back(std::move(tag));
  }
  std::sort(tags.begin(), tags.end());
  for (std::size_t i = 0; i < tags.size();) {
    std::size_t end = i;
    while (end < tags.size() && tags[end] == tags[i]) ++end;
    Finding finding;
    finding.found = end - i;
    if (end - i > 1) note(site, question, finding);
    i = end;
  }
}

void Evaluator::check_pair(const Site& site, const std::vector<TermId>& values,
                           Question& question) {
  const Constraint& constraint = shapes_.constraints[site.constraint];
  const auto others = plan_.of_subject_predicate(site.focus, plan_.id(constraint.operand));
  const auto note_value = [&](TermId value) {
    Finding finding;
    finding.value = value;
    note(site, question, finding);
  };
  const auto is_other = [&](TermId value) {
    return plan_.contains(site.focus, plan_.id(constraint.operand), value);
  };
  switch (constraint.kind) {
    case ConstraintKind::disjoint:
      for (const TermId value : values) {
        if (is_other(value)) note_value(value);
      }
      return;
    case ConstraintKind::equals: {
      std::vector<TermId> sorted = values;
      std::sort(sorted.begin(), sorted.end());
      for (const TermId value : values) {
        if (!is_other(value)) note_value(value);
      }
      for (const Triple& other : others) {
        if (!std::binary_search(sorted.begin(), sorted.end(), other.object)) {
          note_value(other.object);
        }
      }
      return;
    }
    default:
      return check_order(site, values, question);
  }
}

namespace {

/// The least of `triples`' objects when all have one datatype and compare with each other: then
/// whatever is less than it is less than each. Nothing otherwise.
std::optional<rdf::Term> least_object(const Plan& plan, std::span<const Triple> triples) {
  std::optional<rdf::Term> least;
  for (const Triple& triple : triples) {
    const rdf::Term term = plan.term(triple.object);
    if (!least) {
      least = term;
      continue;
    }
    const auto order = rdf::compare(term, *least);
    if (order == std::partial_ordering::unordered || term.datatype != least->datatype) return {};
    if (order < 0) least = term;
  }
  return least;
}

}  // namespace

void Evaluator::check_order(const Site& site, const std::vector<TermId>& values,
                            Question& question) {
  const Constraint& constraint = shapes_.constraints[site.constraint];
  const auto others = plan_.of_subject_predicate(site.focus, plan_.id(constraint.operand));
  const auto least = least_object(plan_, others);
  const auto holds = [&](const rdf::Term& value, const rdf::Term& other) {
    const auto order = rdf::compare(value, other);
    return constraint.kind == ConstraintKind::less_than ? order < 0 : order <= 0;
  };
  for (const TermId value : values) {
    const rdf::Term term = plan_.term(value);
    if (least && holds(term, *least)) continue;
    for (const Triple& other : others) {
      if (holds(term, plan_.term(other.object))) continue;
      Finding finding;
      finding.value = value;
      note(site, question, finding);
      if (question.is_settled()) return;
    }
  }
}

void Evaluator::check_closed(const Site& site, const std::vector<TermId>& values,
                             Question& question) {
  const auto allowed = plan_.set(site.constraint);
  for (const TermId value : values) {
    for (const Triple& triple : plan_.of_subject(value)) {
      if (std::binary_search(allowed.begin(), allowed.end(), triple.predicate)) continue;
      Finding finding;
      finding.value = triple.object;
      finding.predicate = triple.predicate;
      note(site, question, finding);
    }
  }
}

}  // namespace knhk::shacl::detail
