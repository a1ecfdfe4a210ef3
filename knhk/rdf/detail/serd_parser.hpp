#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "knhk/rdf/detail/statement_sink.hpp"
#include "knhk/rdf/detail/token_gate.hpp"

namespace knhk::rdf::detail {

/// What a run of the parser ended with, when not well.
struct ParseFailure {
  Errc code;
  std::size_t offset;
  std::string detail;
};

enum class Pace : bool {
  pages,  ///< fast; the place of a failure is only about right
  bytes,  ///< slow; the place of a failure is exact
};

/// Runs serd over all that `gate` lets through and hands what it finds to `sink`. Stops at the
/// first failure of gate, parser or sink. Effects: none but those of the sink; nothing is printed.
[[nodiscard]] std::optional<ParseFailure> run_serd(std::string_view text, Syntax syntax,
                                                   TokenGate& gate, StatementSink& sink, Pace pace);

}  // namespace knhk::rdf::detail
