#include "knhk/projections/docs.hpp"

#include <algorithm>
#include <string_view>

#include "knhk/projections/escape.hpp"

namespace knhk::projections {

namespace {

std::string marker(const SnapshotId& id) { return "<!-- knhk snapshot " + id.to_string() + " -->"; }

/// The IRI as code where that is safe, else as plain text.
std::string iri_text(std::string_view iri) {
  const bool plain = std::ranges::all_of(iri, [](char c) {
    return c > ' ' && c < 0x7F && c != '`' && c != '|' && c != '\\' && c != '<' && c != '>';
  });
  return plain && !iri.empty() ? '`' + std::string(iri) + '`' : markdown_text(iri);
}

std::string cardinality(const MemberSchema& member) {
  if (!member.min_count && !member.max_count) return "";
  return std::to_string(member.min_count.value_or(0)) + ".." +
         (member.max_count ? std::to_string(*member.max_count) : "*");
}

std::string type_name(const MemberSchema& member) {
  if (!member.datatype.empty()) return std::string(local_name(member.datatype));
  if (!member.node_class.empty()) return std::string(local_name(member.node_class));
  return member.node_kind;
}

std::string list(const std::set<std::string>& iris) {
  std::string text;
  for (const std::string& iri : iris) {
    if (!text.empty()) text += ", ";
    text += iri_text(iri);
  }
  return text;
}

/// `C7` for the seventh class: names in a diagram must be plain, labels say the rest.
using DiagramNames = std::map<std::string, std::string>;

/// Classes with members first, then by IRI, up to the limit.
DiagramNames choose_classes(const OntologySchema& schema) {
  std::vector<std::string> order;
  for (const bool with_members : {true, false}) {
    for (const auto& [iri, class_schema] : schema.classes) {
      if (class_schema.members.empty() != with_members) order.push_back(iri);
    }
  }
  DiagramNames names;
  for (const std::string& iri : order) {
    if (names.size() == kMaxDiagramClasses) break;
    names.emplace(iri, std::string("C").append(std::to_string(names.size() + 1)));
  }
  return names;
}

void add_diagram_class(std::string& out, const std::string& name, const std::string& iri,
                       const ClassSchema& class_schema) {
  out += "  class " + name + "[\"" + mermaid_text(local_name(iri)) + "\"]\n";
  for (const auto& [property, member] : class_schema.members) {
    const std::string type = type_name(member);
    out += "  " + name + " : " + mermaid_text(local_name(property));
    if (!type.empty()) out.append(" ").append(mermaid_text(type));
    if (const std::string bounds = cardinality(member); !bounds.empty()) {
      out.append(" ").append(mermaid_text(bounds));
    }
    out += '\n';
  }
}

void add_diagram(std::string& out, const OntologySchema& schema) {
  const DiagramNames names = choose_classes(schema);
  if (names.empty()) return;
  out += "## Diagram\n\n";
  if (names.size() < schema.classes.size()) {
    out += "It shows " + std::to_string(names.size()) + " of " +
           std::to_string(schema.classes.size()) + " classes.\n\n";
  }
  out += "```mermaid\nclassDiagram\n";
  for (const auto& [iri, name] : names) {
    add_diagram_class(out, name, iri, schema.classes.at(iri));
  }
  for (const auto& [iri, name] : names) {
    const ClassSchema& class_schema = schema.classes.at(iri);
    for (const std::string& parent : class_schema.parents) {
      if (const auto to = names.find(parent); to != names.end()) {
        out += "  " + to->second + " <|-- " + name + '\n';
      }
    }
    for (const auto& [property, member] : class_schema.members) {
      if (const auto to = names.find(member.node_class); to != names.end()) {
        out +=
            "  " + name + " --> " + to->second + " : " + mermaid_text(local_name(property)) + '\n';
      }
    }
  }
  out += "```\n\n";
}

std::string values_text(const MemberSchema& member) {
  const std::string& type = !member.datatype.empty() ? member.datatype : member.node_class;
  return type.empty() ? markdown_text(member.node_kind) : iri_text(type);
}

void add_classes(std::string& out, const OntologySchema& schema) {
  if (schema.classes.empty()) return;
  out += "## Classes\n\n";
  for (const auto& [iri, class_schema] : schema.classes) {
    const std::string_view heading =
        class_schema.label.empty() ? local_name(iri) : std::string_view(class_schema.label);
    out += "### " + markdown_text(heading) + "\n\n" + iri_text(iri) + "\n\n";
    if (!class_schema.comment.empty()) out += "> " + markdown_text(class_schema.comment) + "\n\n";
    if (!class_schema.parents.empty()) out += "A kind of " + list(class_schema.parents) + ".\n\n";
    if (class_schema.members.empty()) continue;
    out += "| Property | Values | Count | Also |\n|---|---|---|---|\n";
    for (const auto& [property, member] : class_schema.members) {
      std::string also;
      for (const std::string& constraint : member.constraints) {
        if (!also.empty()) also += "; ";
        also += markdown_text(constraint);
      }
      out += "| " + iri_text(property) + " | " + values_text(member) + " | " +
             markdown_text(cardinality(member)) + " | " + also + " |\n";
    }
    out += '\n';
  }
}

void add_properties(std::string& out, const OntologySchema& schema) {
  if (schema.properties.empty()) return;
  out +=
      "## Properties\n\n| Property | Label | Comment | Domain | Range |\n|---|---|---|---|---|\n";
  for (const auto& [iri, property] : schema.properties) {
    out += "| " + iri_text(iri) + " | " + markdown_text(property.label) + " | " +
           markdown_text(property.comment) + " | " + list(property.domains) + " | " +
           list(property.ranges) + " |\n";
  }
  out += '\n';
}

}  // namespace

std::string generate_docs(const ProjectionInput& input, const OntologySchema& schema) {
  std::string out = marker(input.snapshot) + "\n\n";
  out += "# " + (schema.title.empty() ? std::string("Ontology") : markdown_text(schema.title));
  out += "\n\n";
  out += "| | |\n|---|---|\n| Snapshot | `" + input.snapshot.to_string() + "` |\n";
  if (input.shapes_id) out += "| Shapes | `" + input.shapes_id->to_string() + "` |\n";
  out += "| Compiler | `" + std::string(kCompilerVersion) + "` |\n";
  out += "| Statements | " + std::to_string(input.data.size()) + " |\n";
  out += "| Classes | " + std::to_string(schema.classes.size()) + " |\n";
  out += "| Properties | " + std::to_string(schema.properties.size()) + " |\n\n";
  add_diagram(out, schema);
  add_classes(out, schema);
  add_properties(out, schema);
  out += marker(input.snapshot) + '\n';
  return out;
}

}  // namespace knhk::projections
