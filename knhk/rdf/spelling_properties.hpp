#pragma once

#include <string>

#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/spelling.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {

/// Reads quads that are spelled as `choices` say in `syntax`: empty when they come back, else the
/// text and what is wrong. Requires: no named graph in Turtle and N-Triples.
inline std::string broken_spelling_property(const Statements& statements, Syntax syntax,
                                            Choices& choices) {
  const Dataset dataset = dataset_of(statements);
  const std::string text = is_line_based(syntax) ? spelled_in_lines(statements, choices)
                                                 : Spelling(statements, choices).text();
  ReadOptions options;
  options.syntax = syntax;
  const auto read = read_dataset(text, "spelled", options);
  if (!read) return to_string(read.error()) + "\n" + text;
  if (is_line_based(syntax)) {
    return to_nquads(*read) == to_nquads(dataset) ? "" : "other quads than were spelled:\n" + text;
  }
  const auto wanted = canonicalize(dataset);
  const auto found = canonicalize(*read);
  if (!wanted && !found) return "";
  if (!wanted || !found || wanted->nquads != found->nquads) {
    return "other quads than were spelled:\n" + text + "wanted:\n" + to_nquads(dataset) +
           "found:\n" + to_nquads(*read);
  }
  return "";
}

}  // namespace knhk::rdf
