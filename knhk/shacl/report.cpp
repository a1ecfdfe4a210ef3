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

std::string to_json(const ValidationReport& report) {
  using Json = nlohmann::ordered_json;
  Json results = Json::array();
  for (const ValidationResult& result : report.results) {
    Json one;
    one["focus_node"] = result.focus_node;
    one["path"] = result.path.empty() ? Json() : Json(result.path);
    one["component"] = result.component;
    one["severity"] = result.severity;
    one["value"] = result.value ? Json(*result.value) : Json();
    one["source_shape"] = result.source_shape;
    one["message"] = result.message;
    if (result.source)
      one["source"] = {{"file", result.source->file}, {"line", result.source->line}};
    results.push_back(std::move(one));
  }
  Json object;
  object["conforms"] = report.conforms;
  object["result_count"] = report.results.size();
  object["results"] = std::move(results);
  return object.dump(2, ' ', false, Json::error_handler_t::replace);
}

namespace {

void append_result(std::string& out, const ValidationResult& result) {
  const auto line = [&](std::string_view property, std::string_view object) {
    out += "    ";
    out += property;
    out += ' ';
    out += object;
    out += " ;\n";
  };
  const auto iri = [](const std::string& text) { return rdf::to_ntriples(rdf::Term::iri(text)); };
  out += "  sh:result [\n    a sh:ValidationResult ;\n";
  line("sh:focusNode", result.focus_node);
  if (!result.path_turtle.empty()) line("sh:resultPath", result.path_turtle);
  line("sh:resultSeverity", iri(result.severity));
  line("sh:sourceConstraintComponent", iri(result.component));
  line("sh:sourceShape", result.source_shape);
  if (result.value) line("sh:value", *result.value);
  if (result.messages.empty()) {
    line("sh:resultMessage", rdf::to_ntriples(rdf::Term::literal(result.message)));
  }
  for (const Message& message : result.messages) {
    const rdf::Term text = message.language.empty()
                               ? rdf::Term::literal(message.text)
                               : rdf::Term::lang_literal(message.text, message.language);
    line("sh:resultMessage", rdf::to_ntriples(text));
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
