#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/rdf/detail/scanner.hpp"
#include "knhk/rdf/detail/term_table.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/syntax.hpp"
#include "knhk/rdf/term.hpp"

namespace knhk::rdf::detail {

/// Some lines of N-Triples or N-Quads as numbers: the terms in the order in which they are met, and
/// the quads.
struct ParsedLines {
  TermTable terms;  // may view the text of the lines
  std::vector<Quad> quads;
  std::vector<std::uint32_t> lines;  // of each quad, from 0; empty unless asked for
  std::size_t line_count = 0;        // line ends
  std::optional<Refusal> refusal;    // its offset is one in the lines
};

struct LineOptions {
  Syntax syntax = Syntax::ntriples;
  std::size_t max_term_bytes = 0;
  std::uint32_t max_terms = 0;
  std::string_view label_prefix;  // goes before all labels
  bool with_lines = false;
};

/// Parses whole lines. The last one needs no line end. Throws what allocation throws.
[[nodiscard]] ParsedLines parse_lines(std::string_view text, const LineOptions& options);

/// Takes one term as it stands in N-Triples; blank node labels come without prefix. The term's
/// views are of the input or of `scratch` and `suffix_scratch`.
[[nodiscard]] bool take_line_term(Scanner& scanner, std::string& scratch,
                                  std::string& suffix_scratch, Term& out);

}  // namespace knhk::rdf::detail
