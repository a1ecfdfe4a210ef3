#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "knhk/base/result.hpp"
#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/syntax.hpp"
#include "knhk/rdf/term.hpp"

namespace knhk::rdf {

/// Bounds against hostile input. What goes beyond is refused with `limit-exceeded`.
struct ReadLimits {
  /// How deep brackets, parentheses and braces may nest. Values above `kMaxNesting` mean that.
  std::size_t nesting = 1000;
  /// The longest IRI, name or literal as it is written.
  std::size_t term_bytes = std::size_t{64} << 20U;
  /// The largest file.
  std::size_t bytes = std::size_t{8} << 30U;

  /// What the parser's stack bears.
  static constexpr std::size_t kMaxNesting = 8000;
};

struct ReadOptions {
  /// Omitted: by the extension of the name, and Turtle when that says nothing.
  std::optional<Syntax> syntax = std::nullopt;
  /// An absolute IRI that relative ones are resolved against. Empty: a relative IRI that no `@base`
  /// makes absolute is an error.
  std::string base = {};
  ReadLimits limits = {};
};

/// Adds the quads of `bytes` to `builder`. `name` stands in messages and its extension for the
/// syntax.
///
/// Blank node labels are kept when the builder has no blank nodes yet; else they get a prefix, so
/// that blank nodes of different files stay different. Relative IRIs are resolved, and an empty
/// text is an empty graph.
///
/// Effects: on an error no quad of `bytes` stays in the builder (terms may).
/// Errors: `syntax-error`, `invalid-encoding`, `undefined-prefix`, `relative-iri`,
/// `limit-exceeded`, each with `name:line:column`, the column counted in characters; `usage` for a
/// base that is not absolute; `out-of-memory`.
[[nodiscard]] Status read(std::string_view bytes, std::string_view name, const ReadOptions& options,
                          DatasetBuilder& builder);

/// One text as a dataset of its own. See `read`.
[[nodiscard]] Result<Dataset> read_dataset(std::string_view bytes, std::string_view name,
                                           const ReadOptions& options = {});

/// The bytes of the file at `path`.
/// Errors: `file-missing`, `not-a-file`, `permission-denied`, `limit-exceeded`, `io-error`,
/// `out-of-memory`.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t max_bytes = ReadLimits{}.bytes);

/// A term as in N-Triples: `<http://example.org/a>`, `_:b0`, `"text"`, `"Text"@de`,
/// `"1"^^<http://www.w3.org/2001/XMLSchema#integer>`. Nothing may stand around it.
/// Errors: `syntax-error`, `relative-iri`, `invalid-encoding`.
[[nodiscard]] Result<OwnedTerm> parse_term(std::string_view text);

}  // namespace knhk::rdf
