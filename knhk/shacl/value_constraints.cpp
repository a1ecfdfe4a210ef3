#include "knhk/shacl/value_constraints.hpp"

#include <algorithm>

#include "knhk/rdf/xsd.hpp"

namespace knhk::shacl::detail {
namespace {

using rdf::Term;

bool has_datatype(const Constraint& constraint, const Term& wanted, const Term& value) {
  return value.is_literal() && value.datatype == wanted.text &&
         rdf::is_valid_lexical(constraint.datatype, value.text);
}

std::uint64_t kind_bit(const Term& term) {
  if (term.is_iri()) return kIriBit;
  return term.is_blank() ? kBlankBit : kLiteralBit;
}

/// Unicode characters in UTF-8 text.
std::uint64_t length_of(std::string_view text) {
  return static_cast<std::uint64_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool is_in_order(ConstraintKind kind, std::partial_ordering value_to_bound) {
  switch (kind) {
    case ConstraintKind::min_inclusive:
      return value_to_bound >= 0;
    case ConstraintKind::max_inclusive:
      return value_to_bound <= 0;
    case ConstraintKind::min_exclusive:
      return value_to_bound > 0;
    default:
      return value_to_bound < 0;
  }
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Basic filtering of RFC 4647, as SPARQL's langMatches.
bool matches_language(std::string_view tag, std::string_view range) {
  if (tag.empty()) return false;
  if (range == "*") return true;
  if (tag.size() < range.size()) return false;
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (to_lower(tag[i]) != to_lower(range[i])) return false;
  }
  return tag.size() == range.size() || tag[range.size()] == '-';
}

bool has_listed_language(const CompiledShapes& shapes, const Constraint& constraint,
                         const Term& value) {
  for (std::uint32_t i = constraint.list.begin; i < constraint.list.end; ++i) {
    if (matches_language(value.language, shapes.terms[shapes.term_lists[i]].text)) return true;
  }
  return false;
}

}  // namespace

bool value_satisfies(const Plan& plan, std::uint32_t index, rdf::TermId value) {
  const CompiledShapes& shapes = plan.shapes();
  const Constraint& constraint = shapes.constraints[index];
  switch (constraint.kind) {
    case ConstraintKind::class_of:
      return plan.is_instance(value, plan.set(index));
    case ConstraintKind::in: {
      const auto set = plan.set(index);
      return std::binary_search(set.begin(), set.end(), value);
    }
    default:
      break;
  }
  const Term term = plan.term(value);
  switch (constraint.kind) {
    case ConstraintKind::datatype:
      return has_datatype(constraint, shapes.terms[constraint.operand].view(), term);
    case ConstraintKind::node_kind:
      return (kind_bit(term) & constraint.number) != 0;
    case ConstraintKind::min_inclusive:
    case ConstraintKind::max_inclusive:
    case ConstraintKind::min_exclusive:
    case ConstraintKind::max_exclusive:
      return is_in_order(constraint.kind,
                         rdf::compare(term, shapes.terms[constraint.operand].view()));
    case ConstraintKind::min_length:
      return !term.is_blank() && length_of(term.text) >= constraint.number;
    case ConstraintKind::max_length:
      return !term.is_blank() && length_of(term.text) <= constraint.number;
    case ConstraintKind::language_in:
      return has_listed_language(shapes, constraint, term);
    default:
      return true;
  }
}

}  // namespace knhk::shacl::detail
