#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace knhk::shacl {

/// A message and its language tag, which is empty when there is none.
struct Message {
  std::string text;
  std::string language;

  friend auto operator<=>(const Message&, const Message&) = default;
};

/// Where a statement stands.
struct SourceLine {
  std::string file;
  std::uint64_t line = 0;  // counted from 1

  friend auto operator<=>(const SourceLine&, const SourceLine&) = default;
};

/// One violation, warning or other result (SHACL section 3.6.2). Terms are as in N-Triples.
struct ValidationResult {
  std::string focus_node;
  std::string path;       // as a SPARQL property path; empty when the shape is a node shape
  std::string component;  // IRI, for example http://www.w3.org/ns/shacl#MinCountConstraintComponent
  std::string severity;   // IRI
  std::optional<std::string> value;
  std::string source_shape;
  std::string message;               // the shape's sh:message, or one that says what was expected
  std::string target_shape;          // the shape that selected the focus node or one that led to it
  std::string path_turtle;           // `path` as an object in Turtle, with the prefix `sh:`
  std::vector<Message> messages;     // all sh:message values of the shape; empty when it has none
  std::optional<SourceLine> source;  // in the data; only once `SourceLines::locate` has set it

  friend auto operator<=>(const ValidationResult&, const ValidationResult&) = default;
};

/// What validation found.
struct ValidationReport {
  bool conforms = true;                   // there are no results, of whatever severity
  std::vector<ValidationResult> results;  // sorted by their text, member by member

  /// How many results have `severity`, an IRI.
  [[nodiscard]] std::size_t count(const std::string& severity) const;
};

/// How the report for people looks.
struct TextOptions {
  std::size_t limit = 100;  // results shown; the rest is counted
  /// Prefixes to shorten IRIs with: name and namespace. Those of RDF, RDFS, OWL, XSD and SHACL are
  /// known.
  std::vector<std::pair<std::string, std::string>> prefixes;
};

/// The report for people: grouped by shape; for each result focus node, path, rule, value and a
/// sentence; at the end, by shape, how many are not shown. Ends with a line feed.
[[nodiscard]] std::string to_text(const ValidationReport& report, const TextOptions& options = {});
/// `{"conforms", "result_count", "results": [{"focus_node", "path", "component", "severity",
/// "value", "source_shape", "message"}]}`; `path` and `value` are null when there is none. A result
/// whose place is known has `"source": {"file", "line"}` too. No line feed.
[[nodiscard]] std::string to_json(const ValidationReport& report);
/// A standard `sh:ValidationReport`.
[[nodiscard]] std::string to_turtle(const ValidationReport& report);

}  // namespace knhk::shacl
