#include "knhk/projections/models.hpp"

#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "knhk/projections/cpp_names.hpp"
#include "knhk/projections/escape.hpp"

namespace knhk::projections {

namespace {

/// The C++ names of everything, chosen in the order of the IRIs.
struct Names {
  std::map<std::string, std::string> namespaces;  // by namespace IRI
  std::map<std::string, std::string> classes;     // by class IRI: `shop::Product`
  std::map<std::string, std::string> properties;  // by property IRI: the constant's name alone
};

std::string_view last_segment(std::string_view namespace_iri) {
  while (!namespace_iri.empty() &&
         std::string_view("#/:").find(namespace_iri.back()) != std::string_view::npos) {
    namespace_iri.remove_suffix(1);
  }
  return local_name(namespace_iri);
}

Names choose_names(const OntologySchema& schema) {
  Names names;
  CppScope outer({"Ref", "Iri", "Decimal", "LangString", "kSnapshotId"});
  std::map<std::string, CppScope> scopes;
  const auto scope_of = [&](const std::string& iri) -> std::pair<std::string, CppScope*> {
    const std::string name(namespace_name(iri));
    auto found = names.namespaces.find(name);
    if (found == names.namespaces.end()) {
      found = names.namespaces.emplace(name, outer.claim(last_segment(name))).first;
    }
    return {found->second, &scopes[name]};
  };
  for (const auto& [iri, class_schema] : schema.classes) {
    const auto [space, scope] = scope_of(iri);
    names.classes.emplace(iri, space + "::" + scope->claim(local_name(iri)));
  }
  for (const auto& [iri, property] : schema.properties) {
    const auto [space, scope] = scope_of(iri);
    std::string name = cpp_identifier(local_name(iri));
    if (name.front() >= 'a' && name.front() <= 'z')
      name[0] = static_cast<char>(name[0] - 'a' + 'A');
    names.properties.emplace(iri, scope->claim("k" + name));
  }
  return names;
}

std::string datatype_name(std::string_view datatype) {
  constexpr std::string_view kXsd = "http://www.w3.org/2001/XMLSchema#";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kTypes = {{
      {"boolean", "bool"},
      {"byte", "::std::int8_t"},
      {"decimal", "::knhk_models::Decimal"},
      {"double", "double"},
      {"float", "float"},
      {"int", "::std::int32_t"},
      {"integer", "::std::int64_t"},
      {"long", "::std::int64_t"},
      {"negativeInteger", "::std::int64_t"},
      {"nonNegativeInteger", "::std::uint64_t"},
      {"nonPositiveInteger", "::std::int64_t"},
      {"positiveInteger", "::std::uint64_t"},
      {"short", "::std::int16_t"},
      {"unsignedByte", "::std::uint8_t"},
      {"unsignedInt", "::std::uint32_t"},
      {"unsignedLong", "::std::uint64_t"},
      {"unsignedShort", "::std::uint16_t"},
      {"anyURI", "::knhk_models::Iri"},
  }};
  if (datatype == rdf::kLangStringDatatype) return "::knhk_models::LangString";
  if (datatype.starts_with(kXsd)) {
    datatype.remove_prefix(kXsd.size());
    for (const auto& [xsd_name, type] : kTypes) {
      if (xsd_name == datatype) return std::string(type);
    }
  }
  return "::std::string";
}

std::string value_type(const MemberSchema& member, const Names& names) {
  if (!member.datatype.empty()) return datatype_name(member.datatype);
  if (const auto found = names.classes.find(member.node_class); found != names.classes.end()) {
    return "::knhk_models::Ref<::knhk_models::" + found->second + ">";
  }
  if (member.node_kind == "IRI" || !member.node_class.empty()) return "::knhk_models::Iri";
  return "::std::string";
}

std::string member_type(const MemberSchema& member, const Names& names) {
  const std::string type = value_type(member, names);
  if (member.max_count != std::uint64_t{1}) return "::std::vector<" + type + ">";
  if (member.min_count.value_or(0) == 0) return "::std::optional<" + type + ">";
  return type;
}

std::string_view unqualified(std::string_view name) { return name.substr(name.rfind(':') + 1); }

std::string_view qualifier(std::string_view name) { return name.substr(0, name.find(':')); }

std::string spoken(const std::string& iri, const std::string& label, const std::string& comment) {
  std::string text = cpp_comment_text(label.empty() ? local_name(iri) : std::string_view(label));
  if (!comment.empty()) text += ": " + cpp_comment_text(comment);
  return text;
}

void add_prelude(std::string& out, const SnapshotId& id) {
  out += R"(#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace knhk_models {

/// The snapshot that this header was compiled of.
inline constexpr ::std::string_view kSnapshotId = ")";
  out += id.to_string();
  out += R"(";

using Iri = ::std::string;
/// The lexical form of an xsd:decimal, which no binary number can hold exactly.
using Decimal = ::std::string;

struct LangString {
  ::std::string text{};
  ::std::string language{};
  friend bool operator==(const LangString&, const LangString&) = default;
};

/// A node of class `Class`, by its IRI.
template <class Class>
struct Ref {
  ::std::string iri{};
  friend bool operator==(const Ref&, const Ref&) = default;
};

)";
}

void add_declarations(std::string& out, const Names& names) {
  std::map<std::string_view, std::vector<std::string_view>> by_namespace;
  for (const auto& [iri, name] : names.classes) {
    by_namespace[qualifier(name)].push_back(unqualified(name));
  }
  for (const auto& [space, structs] : by_namespace) {
    out += "namespace " + std::string(space) + " {\n";
    for (const std::string_view name : structs) out += "struct " + std::string(name) + ";\n";
    out += "}\n";
  }
  out += '\n';
}

void add_property_constants(std::string& out, const OntologySchema& schema, const Names& names) {
  for (const auto& [namespace_iri, space] : names.namespaces) {
    std::string constants;
    for (auto it = schema.properties.lower_bound(namespace_iri);
         it != schema.properties.end() && it->first.starts_with(namespace_iri); ++it) {
      if (namespace_name(it->first) != namespace_iri) continue;
      constants += "/// " + spoken(it->first, it->second.label, it->second.comment) + "\n";
      constants += "inline constexpr ::std::string_view " + names.properties.at(it->first) + " = " +
                   cpp_string_literal(it->first) + ";\n";
    }
    if (constants.empty()) continue;
    out += "namespace " + space + " {\n" + constants + "}\n\n";
  }
}

void add_struct(std::string& out, const std::string& iri, const OntologySchema& schema,
                const Names& names) {
  const std::string& name = names.classes.at(iri);
  const ClassSchema& class_schema = schema.classes.at(iri);
  out += "namespace " + std::string(qualifier(name)) + " {\n";
  out += "/// " + spoken(iri, class_schema.label, class_schema.comment) + '\n';
  out += "struct " + std::string(unqualified(name)) + " {\n";
  out += "  static constexpr ::std::string_view kIri = " + cpp_string_literal(iri) + ";\n";
  out += "  /// IRI or blank node label of the individual.\n  ::std::string id{};\n";
  CppScope scope({"kIri", "id", std::string(unqualified(name))});
  for (const auto& [property, member] : schema.members_of(iri)) {
    const auto found = schema.properties.find(property);
    if (found != schema.properties.end()) {
      out += "  /// " + spoken(property, found->second.label, found->second.comment) + '\n';
    }
    out += "  " + member_type(member, names) + ' ' + scope.claim(local_name(property)) + "{};\n";
  }
  out += "};\n}\n\n";
}

}  // namespace

std::string generate_models(const ProjectionInput& input, const OntologySchema& schema) {
  const std::string marker = "// knhk snapshot " + input.snapshot.to_string() + '\n';
  const Names names = choose_names(schema);
  std::string out = marker;
  add_prelude(out, input.snapshot);
  add_declarations(out, names);
  add_property_constants(out, schema, names);
  for (const auto& [iri, class_schema] : schema.classes) add_struct(out, iri, schema, names);
  out += "}  // namespace knhk_models\n";
  out += marker;
  return out;
}

}  // namespace knhk::projections
