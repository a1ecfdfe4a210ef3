#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/vocabulary.hpp"
#include "knhk/shacl/validate.hpp"

// What holds of compiling and validating whatever shapes and data say.
namespace knhk::shacl {

/// What is wrong with a refusal to compile shapes; empty when nothing.
inline std::string broken_refusal_property(const Error& error) {
  if (error.code != Errc::ill_formed_shapes && error.code != Errc::unsupported_construct) {
    return "an error that compiling has not: " + to_string(error);
  }
  const bool names_something = error.detail.find_first_of("<:_\"") != std::string::npos ||
                               error.where.find_first_of("<:_\"") != std::string::npos;
  return names_something ? "" : "an error that names nothing: " + to_string(error);
}

/// What is wrong with a report as `sh:ValidationReport` (SHACL section 3.6); empty when nothing.
inline std::string broken_report_property(const ValidationReport& report) {
  if (report.conforms != report.results.empty()) return "conforms and has results, or neither";
  if (!std::is_sorted(report.results.begin(), report.results.end())) return "results out of order";
  const std::string text = to_turtle(report);
  const auto dataset = rdf::read_dataset(text, "report.ttl");
  if (!dataset) return "a report can't be read: " + to_string(dataset.error()) + "\n" + text;
  const rdf::Graph& graph = dataset->default_graph();
  const auto sh = [&](std::string_view name) {
    return dataset->find_iri(std::string(rdf::vocab::sh::kNamespace).append(name));
  };
  const rdf::TermId type = dataset->find_iri(rdf::vocab::rdf::type);
  const auto reports = graph.of_predicate_object(type, sh("ValidationReport"));
  if (reports.size() != 1) return "not one report:\n" + text;
  const auto conforms = graph.of_subject_predicate(reports.front().subject, sh("conforms"));
  if (conforms.size() != 1 ||
      dataset->term(conforms.front().object).text != (report.conforms ? "true" : "false")) {
    return "sh:conforms says something else:\n" + text;
  }
  const auto results = graph.of_subject_predicate(reports.front().subject, sh("result"));
  if (results.size() != report.results.size()) return "results are lost:\n" + text;
  const auto has = [&](rdf::TermId result, std::string_view name, std::size_t least) {
    const std::size_t count = graph.of_subject_predicate(result, sh(name)).size();
    return count >= least && count <= 1;
  };
  for (const rdf::Triple& triple : results) {
    const rdf::TermId result = triple.object;
    if (!graph.contains(result, type, sh("ValidationResult")) || !has(result, "focusNode", 1) ||
        !has(result, "resultSeverity", 1) || !has(result, "sourceConstraintComponent", 1) ||
        !has(result, "resultPath", 0) || !has(result, "sourceShape", 0) ||
        !has(result, "value", 0)) {
      return "an ill-formed result:\n" + text;
    }
  }
  return "";
}

/// What is wrong with validating `data`; empty when nothing: the report is well-formed, and the
/// same on one thread and on several.
inline std::string broken_validation_property(const Shapes& shapes, const rdf::Dataset& data) {
  const ValidationReport report = validate(shapes, data, {.threads = 1});
  const ValidationReport parallel = validate(shapes, data, {.threads = 3});
  if (report.results != parallel.results || report.conforms != parallel.conforms) {
    return "another report in parallel:\n" + to_turtle(report) + to_turtle(parallel);
  }
  return broken_report_property(report);
}

}  // namespace knhk::shacl
