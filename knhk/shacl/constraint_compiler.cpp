#include "knhk/shacl/constraint_compiler.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "knhk/rdf/vocabulary.hpp"

namespace knhk::shacl::detail {
namespace {

using rdf::Term;
using rdf::TermId;
using rdf::Triple;
namespace vocab = rdf::vocab;
using Form = ParameterForm;

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 6> kNodeKinds = {{
    {"IRI", kIriBit},
    {"BlankNode", kBlankBit},
    {"Literal", kLiteralBit},
    {"BlankNodeOrIRI", kBlankBit | kIriBit},
    {"BlankNodeOrLiteral", kBlankBit | kLiteralBit},
    {"IRIOrLiteral", kIriBit | kLiteralBit},
}};

/// Components with a second parameter take one value, since it would be unclear what goes with
/// what.
bool takes_one_value(Form form) {
  switch (form) {
    case Form::iris:
    case Form::term:
    case Form::predicates:
    case Form::shape:
    case Form::shapes:
      return false;
    default:
      return true;
  }
}

bool is_for_property_shapes(Form form) {
  return form == Form::count || form == Form::boolean || form == Form::predicates ||
         form == Form::qualified;
}

ShapeRole role_for(ConstraintKind kind) {
  if (kind == ConstraintKind::property) return ShapeRole::property_shape;
  return kind == ConstraintKind::node ? ShapeRole::node_shape : ShapeRole::any;
}

/// What says nothing without the other.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kCompanions = {{
    {"flags", "pattern"},
    {"ignoredProperties", "closed"},
    {"qualifiedMaxCount", "qualifiedValueShape"},
    {"qualifiedMinCount", "qualifiedValueShape"},
    {"qualifiedValueShapesDisjoint", "qualifiedValueShape"},
}};

std::string sh(std::string_view local_name) { return "sh:" + std::string(local_name); }

}  // namespace

void ConstraintCompiler::compile(TermId subject, ShapeIndex shape, bool is_property,
                                 const std::string& name) {
  const Subject of{subject, shape, is_property, name};
  const auto triples = graph_.triples().of_subject(subject);
  for (std::size_t i = 0; i < triples.size();) {
    const std::size_t begin = i;
    while (i < triples.size() && triples[i].predicate == triples[begin].predicate) ++i;
    const std::string_view iri = graph_.term(triples[begin].predicate).text;
    if (!iri.starts_with(vocab::sh::kNamespace)) continue;
    const std::string_view local_name = iri.substr(vocab::sh::kNamespace.size());
    if (const Parameter* const found = find_parameter(local_name); found != nullptr) {
      parameter(of, *found, triples.subspan(begin, i - begin));
    } else if (!is_beside_constraints(local_name)) {
      // A rule adds triples and asks for nothing; a target of a kind of its own selects.
      const bool weakens = local_name != "rule" && local_name != "target";
      problems_.add_unsupported(name, sh(local_name), weakens);
    }
  }
  note_missing_companions(of);
}

void ConstraintCompiler::note_missing_companions(const Subject& subject) {
  for (const auto& [property, companion] : kCompanions) {
    if (graph_.values(subject.term, property).empty()) continue;
    if (!graph_.values(subject.term, companion).empty()) continue;
    problems_.add_no_effect(subject.name, sh(property), " has no effect without " + sh(companion));
  }
}

void ConstraintCompiler::parameter(const Subject& subject, const Parameter& parameter,
                                   std::span<const Triple> values) {
  if (!subject.is_property && is_for_property_shapes(parameter.form)) {
    problems_.add_ill_formed(subject.name, sh(parameter.local_name),
                             " is for property shapes only");
    return;
  }
  if (takes_one_value(parameter.form) && has_several(subject.name, parameter.local_name, values)) {
    return;
  }
  for (const Triple& triple : values) value(subject, parameter, triple.object);
}

void ConstraintCompiler::value(const Subject& subject, const Parameter& parameter, TermId value) {
  switch (parameter.form) {
    case Form::pattern:
      return pattern(subject, value);
    case Form::closed:
      return closed(subject, value);
    case Form::qualified:
      return qualified(subject, value);
    default:
      break;
  }
  Constraint constraint;
  constraint.kind = parameter.kind;
  if (fill(subject, parameter, value, constraint)) add(constraint);
}

/// Whether `value` makes a constraint; else there is none, and a problem where it should have.
bool ConstraintCompiler::fill(const Subject& subject, const Parameter& parameter, TermId value,
                              Constraint& constraint) {
  const Term term = graph_.term(value);
  const auto refuse = [&](const std::string& wanted) {
    complain(subject.name, parameter.local_name, wanted, value);
    return false;
  };
  const auto take = [](const auto& found, auto& place) {
    if (found) place = *found;
    return found.has_value();
  };
  switch (parameter.form) {
    case Form::count:
    case Form::length:
      return take(integer(subject, parameter.local_name, value), constraint.number);
    case Form::one_iri:
    case Form::iris:
    case Form::predicates:
      if (!term.is_iri()) return refuse("an IRI");
      if (parameter.form == Form::one_iri) constraint.datatype = rdf::datatype_of(term.text);
      constraint.operand = terms_.intern(value);
      return true;
    case Form::literal:
      if (!term.is_literal()) return refuse("a literal");
      constraint.operand = terms_.intern(value);
      return true;
    case Form::term:
      constraint.operand = terms_.intern(value);
      return true;
    case Form::boolean:
      return boolean(subject.name, parameter.local_name, value).value_or(false);
    case Form::node_kind:
      for (const auto& [name, bits] : kNodeKinds) {
        if (value == graph_.sh(name)) constraint.number = bits;
      }
      return constraint.number != 0 || refuse("one of the six node kinds");
    case Form::terms:
    case Form::languages:
      return take(term_list(subject, parameter, value), constraint.list);
    case Form::shape:
      constraint.operand =
          shape_number_(value, subject.shape, parameter.local_name, role_for(parameter.kind));
      return constraint.operand != kNone;
    case Form::shapes: {
      const auto found = members(subject, parameter.local_name, value);
      return found && take(shape_list(subject, parameter.local_name, *found), constraint.list);
    }
    default:
      return false;
  }
}

void ConstraintCompiler::pattern(const Subject& subject, TermId value) {
  const Term term = graph_.term(value);
  if (!term.is_literal() || term.datatype != vocab::xsd::string) {
    return complain(subject.name, "pattern", "a string", value);
  }
  const auto flags = graph_.values(subject.term, "flags");
  if (has_several(subject.name, "flags", flags)) return;
  const Term flag_term = flags.empty() ? Term::literal("") : graph_.term(flags.front().object);
  if (!flag_term.is_literal() || flag_term.datatype != vocab::xsd::string) {
    return complain(subject.name, "flags", "a string", flags.front().object);
  }
  Result<Pattern> compiled = Pattern::compile(term.text, flag_term.text);
  if (!compiled) {
    problems_.add_ill_formed(
        subject.name, "sh:pattern",
        " " + graph_.name(value) + " does not compile: " + compiled.error().detail);
    return;
  }
  Constraint constraint;
  constraint.kind = ConstraintKind::pattern;
  constraint.operand = static_cast<std::uint32_t>(out_.patterns.size());
  out_.patterns.push_back(std::move(*compiled));
  add(constraint);
}

void ConstraintCompiler::closed(const Subject& subject, TermId value) {
  const std::optional<bool> is_closed = boolean(subject.name, "closed", value);
  if (!is_closed.value_or(false)) return;
  std::vector<TermId> allowed;
  for (const Triple& property : graph_.values(subject.term, "property")) {
    for (const Triple& path : graph_.values(property.object, "path")) {
      if (graph_.term(path.object).is_iri()) allowed.push_back(path.object);
    }
  }
  const auto ignored = graph_.values(subject.term, "ignoredProperties");
  if (has_several(subject.name, "ignoredProperties", ignored)) return;
  for (const Triple& triple : ignored) {
    const auto listed = members(subject, "ignoredProperties", triple.object);
    if (!listed) return;
    for (const TermId member : *listed) {
      if (!graph_.term(member).is_iri()) {
        return complain(subject.name, "ignoredProperties", "a list of IRIs", member);
      }
      allowed.push_back(member);
    }
  }
  std::sort(allowed.begin(), allowed.end());
  allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
  Constraint constraint;
  constraint.kind = ConstraintKind::closed;
  constraint.list.begin = static_cast<std::uint32_t>(out_.term_lists.size());
  for (const TermId term : allowed) out_.term_lists.push_back(terms_.intern(term));
  constraint.list.end = static_cast<std::uint32_t>(out_.term_lists.size());
  add(constraint);
}

void ConstraintCompiler::qualified(const Subject& subject, TermId value) {
  Constraint constraint;
  constraint.operand = shape_number_(value, subject.shape, "qualifiedValueShape", ShapeRole::any);
  const auto disjoint = flag(subject.term, "qualifiedValueShapesDisjoint", subject.name);
  if (constraint.operand == kNone || !disjoint) return;
  if (*disjoint) {
    const auto found = siblings(subject, value);
    if (!found) return;
    constraint.list = *found;
  }
  constraint.kind = ConstraintKind::qualified_min;
  qualified_count(subject, "qualifiedMinCount", constraint);
  constraint.kind = ConstraintKind::qualified_max;
  qualified_count(subject, "qualifiedMaxCount", constraint);
  if (graph_.values(subject.term, "qualifiedMinCount").empty() &&
      graph_.values(subject.term, "qualifiedMaxCount").empty()) {
    problems_.add_no_effect(subject.name, "sh:qualifiedValueShape",
                            " has no effect without sh:qualifiedMinCount or sh:qualifiedMaxCount");
  }
}

void ConstraintCompiler::qualified_count(const Subject& subject, std::string_view local_name,
                                         Constraint constraint) {
  const auto values = graph_.values(subject.term, local_name);
  if (values.empty() || has_several(subject.name, local_name, values)) return;
  const auto number = integer(subject, local_name, values.front().object);
  if (!number) return;
  constraint.number = *number;
  add(constraint);
}

std::optional<Range> ConstraintCompiler::siblings(const Subject& subject, TermId value_shape) {
  std::vector<TermId> found;
  const TermId property = graph_.sh("property");
  if (property != rdf::kNoTerm) {
    for (const Triple& parent : graph_.triples().of_predicate_object(property, subject.term)) {
      for (const Triple& sibling : graph_.values(parent.subject, "property")) {
        for (const Triple& shape : graph_.values(sibling.object, "qualifiedValueShape")) {
          if (shape.object != value_shape) found.push_back(shape.object);
        }
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return shape_list(subject, "qualifiedValueShape", found);
}

std::optional<std::vector<TermId>> ConstraintCompiler::members(const Subject& subject,
                                                               std::string_view local_name,
                                                               TermId head) {
  auto found = graph_.list(head);
  if (!found) complain(subject.name, local_name, "a list", head);
  return found;
}

std::optional<Range> ConstraintCompiler::term_list(const Subject& subject,
                                                   const Parameter& parameter, TermId head) {
  const auto found = members(subject, parameter.local_name, head);
  if (!found) return std::nullopt;
  for (const TermId member : *found) {
    const Term term = graph_.term(member);
    if (parameter.form == Form::languages &&
        (!term.is_literal() || term.datatype != vocab::xsd::string)) {
      complain(subject.name, parameter.local_name, "a list of strings", member);
      return std::nullopt;
    }
  }
  Range range{static_cast<std::uint32_t>(out_.term_lists.size()), 0};
  for (const TermId member : *found) out_.term_lists.push_back(terms_.intern(member));
  range.end = static_cast<std::uint32_t>(out_.term_lists.size());
  return range;
}

std::optional<Range> ConstraintCompiler::shape_list(const Subject& subject,
                                                    std::string_view local_name,
                                                    const std::vector<TermId>& shapes) {
  std::vector<ShapeIndex> numbers;
  for (const TermId shape : shapes) {
    const ShapeIndex number = shape_number_(shape, subject.shape, local_name, ShapeRole::any);
    if (number != kNone) numbers.push_back(number);
  }
  if (numbers.size() != shapes.size()) return std::nullopt;
  Range range{static_cast<std::uint32_t>(out_.shape_lists.size()), 0};
  out_.shape_lists.insert(out_.shape_lists.end(), numbers.begin(), numbers.end());
  range.end = static_cast<std::uint32_t>(out_.shape_lists.size());
  return range;
}

std::optional<std::uint64_t> ConstraintCompiler::integer(const Subject& subject,
                                                         std::string_view local_name,
                                                         TermId value) {
  const Term term = graph_.term(value);
  const rdf::Datatype datatype =
      term.is_literal() ? rdf::datatype_of(term.datatype) : rdf::Datatype::unknown;
  const bool is_integer =
      datatype >= rdf::Datatype::integer && datatype <= rdf::Datatype::unsigned_byte;
  // A count is not negative: checked as xsd:nonNegativeInteger beside its own type.
  if (!is_integer || !rdf::is_valid_lexical(datatype, term.text) ||
      !rdf::is_valid_lexical(rdf::Datatype::non_negative_integer, term.text)) {
    complain(subject.name, local_name, "an integer of at least 0", value);
    return std::nullopt;
  }
  std::string_view digits = term.text;
  digits.remove_prefix(std::min(digits.find_first_not_of("+-"), digits.size()));
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc{} ? number : std::numeric_limits<std::uint64_t>::max();
}

/// SHACL speaks of the literal `true`; `1` is another term. Where it may stand it does nothing.
std::optional<bool> ConstraintCompiler::boolean(const std::string& name,
                                                std::string_view local_name, TermId value) {
  const Term term = graph_.term(value);
  const bool is_word = term.text == "true" || term.text == "false";
  if (!term.is_literal() || term.datatype != vocab::xsd::boolean ||
      !rdf::is_valid_lexical(rdf::Datatype::boolean, term.text) ||
      (local_name == "deactivated" && !is_word)) {
    complain(name, local_name, "true or false", value);
    return std::nullopt;
  }
  if (!is_word) {
    problems_.add_no_effect(name, sh(local_name),
                            " " + graph_.name(value) + " has no effect, only true has");
  }
  return term.text == "true";
}

std::optional<bool> ConstraintCompiler::flag(TermId subject, std::string_view local_name,
                                             const std::string& name) {
  const auto values = graph_.values(subject, local_name);
  if (has_several(name, local_name, values)) return std::nullopt;
  return values.empty() ? false : boolean(name, local_name, values.front().object);
}

void ConstraintCompiler::complain(const std::string& name, std::string_view local_name,
                                  const std::string& wanted, TermId found) {
  problems_.add_ill_formed(name, sh(local_name),
                           " must be " + wanted + ", found " + graph_.name(found));
}

bool ConstraintCompiler::has_several(const std::string& name, std::string_view local_name,
                                     std::span<const Triple> values) {
  if (values.size() < 2) return false;
  problems_.add_ill_formed(name, sh(local_name), " has more than one value");
  return true;
}

}  // namespace knhk::shacl::detail
