#include "knhk/shacl/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "knhk/rdf/vocabulary.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::shacl {

std::size_t ValidationReport::count(const std::string& severity) const {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(),
                    [&](const ValidationResult& result) { return result.severity == severity; }));
}

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

void append_json_escape(std::string& out, char c) {
  constexpr std::string_view kNamed = "\"\\\b\f\n\r\t";
  constexpr std::string_view kNames = "\"\\bfnrt";
  out += '\\';
  if (const std::size_t named = kNamed.find(c); named != std::string_view::npos) {
    out += kNames[named];
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "u00";
  out += kHexDigits[byte >> 4U];
  out += kHexDigits[byte & 15U];
}

void append_json(std::string& out, std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(text.begin(), text.end(), is_ascii)) {
    using Json = nlohmann::json;  // puts U+FFFD where the text isn't UTF-8
    out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) >= 0x20 && text[i] != '"' && text[i] != '\\') continue;
    out += text.substr(plain, i - plain);
    append_json_escape(out, text[i]);
    plain = i + 1;
  }
  out += text.substr(plain);
  out += '"';
}

void append_json(std::string& out, const ValidationResult& result) {
  const auto member = [&](std::string_view name, std::string_view text, bool is_null = false) {
    out += "      \"";
    out += name;
    out += "\": ";
    if (is_null) {
      out += "null";
    } else {
      append_json(out, text);
    }
    out += name == "message" && !result.source ? "\n" : ",\n";
  };
  out += "    {\n";
  member("focus_node", result.focus_node);
  member("path", result.path, result.path.empty());
  member("component", result.component);
  member("severity", result.severity);
  member("value", result.value ? std::string_view(*result.value) : std::string_view(),
         !result.value);
  member("source_shape", result.source_shape);
  member("message", result.message);
  if (result.source) {
    out += "      \"source\": {\n        \"file\": ";
    append_json(out, result.source->file);
    out += ",\n        \"line\": " + std::to_string(result.source->line) + "\n      }\n";
  }
  out += "    }";
}

}  // namespace

std::string to_json(const ValidationReport& report) {
  std::string out = "{\n  \"conforms\": ";
  out += report.conforms ? "true" : "false";
  out += ",\n  \"result_count\": ";
  out += std::to_string(report.results.size());
  out += ",\n  \"results\": [";
  std::string_view separator = "\n";
  for (const ValidationResult& result : report.results) {
    out += separator;
    append_json(out, result);
    separator = ",\n";
  }
  out += report.results.empty() ? "]\n}" : "\n  ]\n}";
  return out;
}

namespace {

void append_result(std::string& out, const ValidationResult& result) {
  const auto begin = [&](std::string_view property) {
    out += "    ";
    out += property;
    out += ' ';
  };
  const auto line = [&](std::string_view property, std::string_view object) {
    begin(property);
    out += object;
    out += " ;\n";
  };
  const auto term = [&](std::string_view property, const rdf::Term& object) {
    begin(property);
    rdf::append_ntriples(out, object);
    out += " ;\n";
  };
  out += "  sh:result [\n    a sh:ValidationResult ;\n";
  line("sh:focusNode", result.focus_node);
  if (!result.path_turtle.empty()) line("sh:resultPath", result.path_turtle);
  term("sh:resultSeverity", rdf::Term::iri(result.severity));
  term("sh:sourceConstraintComponent", rdf::Term::iri(result.component));
  line("sh:sourceShape", result.source_shape);
  if (result.value) line("sh:value", *result.value);
  if (result.messages.empty()) term("sh:resultMessage", rdf::Term::literal(result.message));
  for (const Message& message : result.messages) {
    term("sh:resultMessage", message.language.empty()
                                 ? rdf::Term::literal(message.text)
                                 : rdf::Term::lang_literal(message.text, message.language));
  }
  out += "  ] ;\n";
}

}  // namespace

std::string to_turtle(const ValidationReport& report) {
  std::string out = "@prefix sh: <";
  out += rdf::vocab::sh::kNamespace;
  out += "> .\n\n[] a sh:ValidationReport ;\n";
  for (const ValidationResult& result : report.results) append_result(out, result);
  out += report.conforms ? "  sh:conforms true .\n" : "  sh:conforms false .\n";
  return out;
}

}  // namespace knhk::shacl
