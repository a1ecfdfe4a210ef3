#include "knhk/shacl/result_text.hpp"

#include <algorithm>

#include "knhk/rdf/writer.hpp"
#include "knhk/shacl/term_text.hpp"

namespace knhk::shacl::detail {
namespace {

constexpr std::uint32_t kMostListed = 8;  // members of a list that a sentence names

std::string values_of(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " value" : " values");
}

std::string characters(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " character" : " characters");
}

std::string listed(const CompiledShapes& shapes, const Constraint& constraint) {
  std::string text;
  for (std::uint32_t i = 0; i < std::min(constraint.list.size(), kMostListed); ++i) {
    if (i > 0) text += ", ";
    text += readable(shapes.terms[shapes.term_lists[constraint.list.begin + i]].view());
  }
  if (constraint.list.size() > kMostListed) {
    text += " and " + std::to_string(constraint.list.size() - kMostListed) + " more";
  }
  return constraint.list.empty() ? "nothing (the list is empty)" : text;
}

std::string kinds(std::uint64_t bits) {
  std::string text;
  const auto add = [&](std::uint64_t bit, std::string_view name) {
    if ((bits & bit) == 0) return;
    if (!text.empty()) text += " or ";
    text += name;
  };
  add(kIriBit, "an IRI");
  add(kBlankBit, "a blank node");
  add(kLiteralBit, "a literal");
  return text;
}

std::string datatype_message(const Plan& plan, const Constraint& constraint,
                             const Finding& finding) {
  const rdf::Term wanted = plan.shapes().terms[constraint.operand].view();
  const rdf::Term value = plan.term(finding.value);
  if (value.is_literal() && value.datatype == wanted.text) {
    return readable(rdf::Term::literal(value.text)) + " is no valid " + readable(wanted);
  }
  std::string found = value.is_iri() ? "an IRI" : "a blank node";
  if (value.is_literal()) {
    found = value.language.empty() ? "one of datatype " + readable(rdf::Term::iri(value.datatype))
                                   : "one in language " + std::string(value.language);
  }
  return "expected a literal of datatype " + readable(wanted) + ", found " + found;
}

std::string pattern_message(const Pattern& pattern, const Finding& finding) {
  std::string text = readable(rdf::Term::literal(pattern.source()));
  if (!pattern.flags().empty()) text += " with flags " + pattern.flags();
  return finding.undecided ? "gave up matching the pattern " + text
                           : "does not match the pattern " + text;
}

std::string shape_name(const CompiledShapes& shapes, ShapeIndex shape) {
  return readable(shapes.terms[shapes.shapes[shape].id].view());
}

std::string shape_names(const CompiledShapes& shapes, const Constraint& constraint) {
  std::string text;
  for (std::uint32_t i = 0; i < std::min(constraint.list.size(), kMostListed); ++i) {
    if (i > 0) text += ", ";
    text += shape_name(shapes, shapes.shape_lists[constraint.list.begin + i]);
  }
  if (constraint.list.size() > kMostListed) text += ", ...";
  return text;
}

/// For constraints whose parameter is a term.
std::string operand_message(ConstraintKind kind, const std::string& operand) {
  switch (kind) {
    case ConstraintKind::class_of:
      return "expected an instance of " + operand;
    case ConstraintKind::min_inclusive:
      return "expected at least " + operand;
    case ConstraintKind::max_inclusive:
      return "expected at most " + operand;
    case ConstraintKind::min_exclusive:
      return "expected more than " + operand;
    case ConstraintKind::max_exclusive:
      return "expected less than " + operand;
    case ConstraintKind::has_value:
      return "expected the value " + operand + " among the values";
    case ConstraintKind::equals:
      return "expected the same values as those of " + operand;
    case ConstraintKind::disjoint:
      return "is a value of " + operand + " too";
    case ConstraintKind::less_than:
      return "expected less than the values of " + operand;
    default:
      return "expected at most the values of " + operand;
  }
}

const Message* preferred(const std::vector<Message>& messages) {
  const auto rank = [](const Message& message) {
    if (message.language.empty()) return 0;
    return message.language == "en" || message.language.starts_with("en-") ? 1 : 2;
  };
  const auto best =
      std::min_element(messages.begin(), messages.end(),
                       [&](const Message& a, const Message& b) { return rank(a) < rank(b); });
  return best == messages.end() ? nullptr : &*best;
}

}  // namespace

std::string default_message(const Plan& plan, const Finding& finding) {
  const CompiledShapes& shapes = plan.shapes();
  const Constraint& constraint = shapes.constraints[finding.constraint];
  const std::string found = std::to_string(finding.found);
  switch (constraint.kind) {
    case ConstraintKind::min_count:
      return "expected at least " + values_of(constraint.number) + ", found " + found;
    case ConstraintKind::max_count:
      return "expected at most " + values_of(constraint.number) + ", found " + found;
    case ConstraintKind::datatype:
      return datatype_message(plan, constraint, finding);
    case ConstraintKind::node_kind:
      return "expected " + kinds(constraint.number);
    case ConstraintKind::pattern:
      return pattern_message(shapes.patterns[constraint.operand], finding);
    case ConstraintKind::in:
      return "expected one of " + listed(shapes, constraint);
    case ConstraintKind::language_in:
      return "expected a text in one of the languages " + listed(shapes, constraint);
    case ConstraintKind::min_length:
      return "expected at least " + characters(constraint.number);
    case ConstraintKind::max_length:
      return "expected at most " + characters(constraint.number);
    case ConstraintKind::unique_lang:
      return found + " values have the same language";
    case ConstraintKind::closed:
      return "the shape is closed and does not allow the property " +
             readable(plan.term(finding.predicate));
    case ConstraintKind::property:
    case ConstraintKind::node:
      return "does not conform to the shape " + shape_name(shapes, constraint.operand);
    case ConstraintKind::not_:
      return "conforms to the shape " + shape_name(shapes, constraint.operand) +
             ", which it must not";
    case ConstraintKind::and_:
      return "does not conform to all of the shapes " + shape_names(shapes, constraint);
    case ConstraintKind::or_:
      return "conforms to none of the shapes " + shape_names(shapes, constraint);
    case ConstraintKind::xone:
      return "does not conform to exactly one of the shapes " + shape_names(shapes, constraint);
    case ConstraintKind::qualified_min:
      return "expected at least " + values_of(constraint.number) + " of the shape " +
             shape_name(shapes, constraint.operand) + ", found " + found;
    case ConstraintKind::qualified_max:
      return "expected at most " + values_of(constraint.number) + " of the shape " +
             shape_name(shapes, constraint.operand) + ", found " + found;
    default:
      return operand_message(constraint.kind, readable(shapes.terms[constraint.operand].view()));
  }
}

ValidationResult to_result(const Plan& plan, const ResultTexts& texts, const Found& found) {
  const CompiledShapes& shapes = plan.shapes();
  const Finding& finding = found.finding;
  const Shape& shape = shapes.shapes[finding.shape];
  ValidationResult result;
  result.focus_node = texts.term(finding.focus);
  if (finding.predicate != rdf::kNoTerm) {
    result.path = result.path_turtle = texts.term(finding.predicate);
  } else if (shape.path != kNone) {
    result.path = shapes.paths[shape.path].sparql;
    result.path_turtle = shapes.paths[shape.path].turtle;
  }
  result.component = texts.component(shapes.constraints[finding.constraint].kind);
  result.severity = shapes.terms[shape.severity].text;
  if (finding.value != rdf::kNoTerm) result.value = texts.term(finding.value);
  result.source_shape = texts.shape(finding.shape);
  result.target_shape = texts.shape(found.target_shape);
  result.messages.assign(shapes.messages.begin() + shape.messages.begin,
                         shapes.messages.begin() + shape.messages.end);
  const Message* const own = preferred(result.messages);
  result.message = own != nullptr ? own->text : default_message(plan, finding);
  return result;
}

}  // namespace knhk::shacl::detail
