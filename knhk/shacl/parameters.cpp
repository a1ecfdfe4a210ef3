#include "knhk/shacl/parameters.hpp"

#include <algorithm>
#include <array>

namespace knhk::shacl::detail {
namespace {

using Form = ParameterForm;
using Kind = ConstraintKind;

constexpr std::array kParameters = {
    Parameter{"and", Kind::and_, Form::shapes},
    Parameter{"class", Kind::class_of, Form::iris},
    Parameter{"closed", Kind::closed, Form::closed},
    Parameter{"datatype", Kind::datatype, Form::one_iri},
    Parameter{"disjoint", Kind::disjoint, Form::iris},
    Parameter{"equals", Kind::equals, Form::iris},
    Parameter{"hasValue", Kind::has_value, Form::term},
    Parameter{"in", Kind::in, Form::terms},
    Parameter{"languageIn", Kind::language_in, Form::languages},
    Parameter{"lessThan", Kind::less_than, Form::predicates},
    Parameter{"lessThanOrEquals", Kind::less_than_or_equals, Form::predicates},
    Parameter{"maxCount", Kind::max_count, Form::count},
    Parameter{"maxExclusive", Kind::max_exclusive, Form::literal},
    Parameter{"maxInclusive", Kind::max_inclusive, Form::literal},
    Parameter{"maxLength", Kind::max_length, Form::length},
    Parameter{"minCount", Kind::min_count, Form::count},
    Parameter{"minExclusive", Kind::min_exclusive, Form::literal},
    Parameter{"minInclusive", Kind::min_inclusive, Form::literal},
    Parameter{"minLength", Kind::min_length, Form::length},
    Parameter{"node", Kind::node, Form::shape},
    Parameter{"nodeKind", Kind::node_kind, Form::node_kind},
    Parameter{"not", Kind::not_, Form::shape},
    Parameter{"or", Kind::or_, Form::shapes},
    Parameter{"pattern", Kind::pattern, Form::pattern},
    Parameter{"property", Kind::property, Form::shape},
    Parameter{"qualifiedValueShape", Kind::qualified_min, Form::qualified},
    Parameter{"uniqueLang", Kind::unique_lang, Form::boolean},
    Parameter{"xone", Kind::xone, Form::shapes},
};

constexpr std::array<std::string_view, 22> kBeside = {"deactivated",
                                                      "defaultValue",
                                                      "description",
                                                      "flags",
                                                      "group",
                                                      "ignoredProperties",
                                                      "message",
                                                      "name",
                                                      "order",
                                                      "path",
                                                      "prefixes",
                                                      "qualifiedMaxCount",
                                                      "qualifiedMinCount",
                                                      "qualifiedValueShapesDisjoint",
                                                      "severity",
                                                      "shapesGraph",
                                                      "suggestedShapesGraph",
                                                      "targetClass",
                                                      "targetNode",
                                                      "targetObjectsOf",
                                                      "targetSubjectsOf",
                                                      "declare"};

}  // namespace

const Parameter* find_parameter(std::string_view local_name) noexcept {
  const auto* const found =
      std::find_if(kParameters.begin(), kParameters.end(),
                   [&](const Parameter& one) { return one.local_name == local_name; });
  return found == kParameters.end() ? nullptr : found;
}

bool is_beside_constraints(std::string_view local_name) noexcept {
  return std::find(kBeside.begin(), kBeside.end(), local_name) != kBeside.end();
}

std::string_view component_name(ConstraintKind kind) noexcept {
  switch (kind) {
    case Kind::min_count:
      return "MinCountConstraintComponent";
    case Kind::max_count:
      return "MaxCountConstraintComponent";
    case Kind::datatype:
      return "DatatypeConstraintComponent";
    case Kind::class_of:
      return "ClassConstraintComponent";
    case Kind::node_kind:
      return "NodeKindConstraintComponent";
    case Kind::pattern:
      return "PatternConstraintComponent";
    case Kind::in:
      return "InConstraintComponent";
    case Kind::min_inclusive:
      return "MinInclusiveConstraintComponent";
    case Kind::max_inclusive:
      return "MaxInclusiveConstraintComponent";
    case Kind::min_exclusive:
      return "MinExclusiveConstraintComponent";
    case Kind::max_exclusive:
      return "MaxExclusiveConstraintComponent";
    case Kind::min_length:
      return "MinLengthConstraintComponent";
    case Kind::max_length:
      return "MaxLengthConstraintComponent";
    case Kind::language_in:
      return "LanguageInConstraintComponent";
    case Kind::unique_lang:
      return "UniqueLangConstraintComponent";
    case Kind::has_value:
      return "HasValueConstraintComponent";
    case Kind::equals:
      return "EqualsConstraintComponent";
    case Kind::disjoint:
      return "DisjointConstraintComponent";
    case Kind::less_than:
      return "LessThanConstraintComponent";
    case Kind::less_than_or_equals:
      return "LessThanOrEqualsConstraintComponent";
    case Kind::closed:
      return "ClosedConstraintComponent";
    case Kind::property:
      return "PropertyShapeComponent";
    case Kind::node:
      return "NodeConstraintComponent";
    case Kind::not_:
      return "NotConstraintComponent";
    case Kind::and_:
      return "AndConstraintComponent";
    case Kind::or_:
      return "OrConstraintComponent";
    case Kind::xone:
      return "XoneConstraintComponent";
    case Kind::qualified_min:
      return "QualifiedMinCountConstraintComponent";
    case Kind::qualified_max:
      return "QualifiedMaxCountConstraintComponent";
  }
  return "";
}

}  // namespace knhk::shacl::detail
