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

bool takes_one_value(Form form) {
  switch (form) {
    case Form::iris:
    case Form::term:
    case Form::pattern:
    case Form::predicates:
    case Form::shape:
    case Form::shapes:
    case Form::qualified:
      return false;
    default:
      return true;
  }
}

bool is_for_property_shapes(Form form) {
  return form == Form::count || form == Form::boolean || form == Form::predicates ||
         form == Form::qualified;
}

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
      problems_.add_unsupported(name, "sh:" + std::string(local_name));
    }
  }
}

void ConstraintCompiler::parameter(const Subject& subject, const Parameter& parameter,
                                   std::span<const Triple> values) {
  const std::string property = "sh:" + std::string(parameter.local_name);
  if (!subject.is_property && is_for_property_shapes(parameter.form)) {
    problems_.add_ill_formed(subject.name, property + " is for property shapes only");
    return;
  }
  if (values.size() > 1 && takes_one_value(parameter.form)) {
    problems_.add_ill_formed(subject.name, property + " has more than one value");
    return;
  }
  for (const Triple& triple : values) value(subject, parameter, triple.object);
}

void ConstraintCompiler::value(const Subject& subject, const Parameter& parameter, TermId value) {
  const Term term = graph_.term(value);
  Constraint constraint;
  constraint.kind = parameter.kind;
  switch (parameter.form) {
    case Form::count:
    case Form::length: {
      const auto number = integer(subject, parameter.local_name, value);
      if (number) constraint.number = *number;
      return add(constraint);
    }
    case Form::one_iri:
      if (!term.is_iri()) return complain(subject, parameter.local_name, "an IRI", value);
      constraint.datatype = rdf::datatype_of(term.text);
      constraint.operand = terms_.intern(value);
      return add(constraint);
    case Form::iris:
    case Form::predicates:
      if (!term.is_iri()) return complain(subject, parameter.local_name, "an IRI", value);
      constraint.operand = terms_.intern(value);
      return add(constraint);
    case Form::literal:
      if (!term.is_literal()) return complain(subject, parameter.local_name, "a literal", value);
      constraint.operand = terms_.intern(value);
      return add(constraint);
    case Form::term:
      constraint.operand = terms_.intern(value);
      return add(constraint);
    case Form::boolean:
      if (boolean(subject.name, parameter.local_name, value)) add(constraint);
      return;
    case Form::node_kind:
      for (const auto& [name, bits] : kNodeKinds) {
        if (value == graph_.sh(name)) constraint.number = bits;
      }
      if (constraint.number == 0) {
        return complain(subject, parameter.local_name, "one of the six node kinds", value);
      }
      return add(constraint);
    case Form::pattern:
      return pattern(subject, value);
    case Form::terms:
    case Form::languages:
      constraint.list = term_list(subject, parameter, value);
      return add(constraint);
    case Form::closed:
      return closed(subject, value);
    case Form::shape:
      constraint.operand =
          shape_number_(value, subject.shape, parameter.kind == ConstraintKind::property);
      if (constraint.operand != kNone) add(constraint);
      return;
    case Form::shapes:
      constraint.list = shape_list(subject, parameter, value);
      return add(constraint);
    case Form::qualified:
      return qualified(subject, value);
  }
}

void ConstraintCompiler::pattern(const Subject& subject, TermId value) {
  const Term term = graph_.term(value);
  if (!term.is_literal() || term.datatype != vocab::xsd::string) {
    return complain(subject, "pattern", "a string", value);
  }
  const auto flags = graph_.values(subject.term, "flags");
  if (flags.size() > 1) {
    problems_.add_ill_formed(subject.name, "sh:flags has more than one value");
    return;
  }
  const Term flag_term = flags.empty() ? Term::literal("") : graph_.term(flags.front().object);
  if (!flag_term.is_literal() || flag_term.datatype != vocab::xsd::string) {
    return complain(subject, "flags", "a string", flags.front().object);
  }
  Result<Pattern> compiled = Pattern::compile(term.text, flag_term.text);
  if (!compiled) {
    problems_.add_ill_formed(subject.name, "sh:pattern " + graph_.name(value) +
                                               " does not compile: " + compiled.error().detail);
    return;
  }
  Constraint constraint;
  constraint.kind = ConstraintKind::pattern;
  constraint.operand = static_cast<std::uint32_t>(out_.patterns.size());
  out_.patterns.push_back(std::move(*compiled));
  add(constraint);
}

void ConstraintCompiler::closed(const Subject& subject, TermId value) {
  if (!boolean(subject.name, "closed", value)) return;
  std::vector<TermId> allowed;
  for (const Triple& property : graph_.values(subject.term, "property")) {
    for (const Triple& path : graph_.values(property.object, "path")) {
      if (graph_.term(path.object).is_iri()) allowed.push_back(path.object);
    }
  }
  const auto ignored = graph_.values(subject.term, "ignoredProperties");
  if (ignored.size() > 1) {
    problems_.add_ill_formed(subject.name, "sh:ignoredProperties has more than one value");
  }
  for (const Triple& triple : ignored) {
    const auto members = graph_.list(triple.object);
    if (!members) return complain(subject, "ignoredProperties", "a list", triple.object);
    for (const TermId member : *members) {
      if (!graph_.term(member).is_iri()) {
        return complain(subject, "ignoredProperties", "a list of IRIs", member);
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
  constraint.operand = shape_number_(value, subject.shape, false);
  if (constraint.operand == kNone) return;
  if (flag(subject.term, "qualifiedValueShapesDisjoint", subject.name)) {
    constraint.list = siblings(subject, value);
  }
  constraint.kind = ConstraintKind::qualified_min;
  qualified_count(subject, "qualifiedMinCount", constraint);
  constraint.kind = ConstraintKind::qualified_max;
  qualified_count(subject, "qualifiedMaxCount", constraint);
}

void ConstraintCompiler::qualified_count(const Subject& subject, std::string_view local_name,
                                         Constraint constraint) {
  const auto values = graph_.values(subject.term, local_name);
  if (values.empty()) return;
  if (values.size() > 1) {
    problems_.add_ill_formed(subject.name,
                             "sh:" + std::string(local_name) + " has more than one value");
    return;
  }
  if (const auto number = integer(subject, local_name, values.front().object)) {
    constraint.number = *number;
  }
  add(constraint);
}

Range ConstraintCompiler::siblings(const Subject& subject, TermId value_shape) {
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
  std::vector<ShapeIndex> numbers;
  for (const TermId shape : found) {
    const ShapeIndex number = shape_number_(shape, subject.shape, false);
    if (number != kNone) numbers.push_back(number);
  }
  Range range{static_cast<std::uint32_t>(out_.shape_lists.size()), 0};
  out_.shape_lists.insert(out_.shape_lists.end(), numbers.begin(), numbers.end());
  range.end = static_cast<std::uint32_t>(out_.shape_lists.size());
  return range;
}

Range ConstraintCompiler::term_list(const Subject& subject, const Parameter& parameter,
                                    TermId head) {
  const auto members = graph_.list(head);
  if (!members) {
    complain(subject, parameter.local_name, "a list", head);
    return {};
  }
  Range range{static_cast<std::uint32_t>(out_.term_lists.size()), 0};
  for (const TermId member : *members) {
    if (parameter.form == Form::languages && !graph_.term(member).is_literal()) {
      complain(subject, parameter.local_name, "a list of strings", member);
    }
    out_.term_lists.push_back(terms_.intern(member));
  }
  range.end = static_cast<std::uint32_t>(out_.term_lists.size());
  return range;
}

Range ConstraintCompiler::shape_list(const Subject& subject, const Parameter& parameter,
                                     TermId head) {
  const auto members = graph_.list(head);
  if (!members) {
    complain(subject, parameter.local_name, "a list", head);
    return {};
  }
  std::vector<ShapeIndex> numbers;
  for (const TermId member : *members) {
    const ShapeIndex number = shape_number_(member, subject.shape, false);
    if (number != kNone) numbers.push_back(number);
  }
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
    complain(subject, local_name, "an integer of at least 0", value);
    return std::nullopt;
  }
  std::string_view digits = term.text;
  digits.remove_prefix(std::min(digits.find_first_not_of("+-"), digits.size()));
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc{} ? number : std::numeric_limits<std::uint64_t>::max();
}

bool ConstraintCompiler::boolean(const std::string& name, std::string_view local_name,
                                 TermId value) {
  const Term term = graph_.term(value);
  if (term.is_literal() && term.datatype == vocab::xsd::boolean &&
      rdf::is_valid_lexical(rdf::Datatype::boolean, term.text)) {
    return term.text == "true";  // SHACL speaks of this literal; `1` is another term
  }
  problems_.add_ill_formed(name, "sh:" + std::string(local_name) +
                                     " must be true or false, found " + graph_.name(value));
  return false;
}

bool ConstraintCompiler::flag(TermId subject, std::string_view local_name,
                              const std::string& name) {
  const auto values = graph_.values(subject, local_name);
  if (values.size() > 1) {
    problems_.add_ill_formed(name, "sh:" + std::string(local_name) + " has more than one value");
  }
  return !values.empty() && boolean(name, local_name, values.front().object);
}

void ConstraintCompiler::complain(const Subject& subject, std::string_view local_name,
                                  const std::string& wanted, TermId found) {
  problems_.add_ill_formed(subject.name, "sh:" + std::string(local_name) + " must be " + wanted +
                                             ", found " + graph_.name(found));
}

}  // namespace knhk::shacl::detail
