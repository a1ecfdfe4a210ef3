#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
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
  /// How deep brackets and parentheses may nest.
  std::size_t nesting = 1000;
  /// The longest IRI, name or literal as it is written.
  std::size_t term_bytes = std::size_t{64} << 20U;
  /// The largest file.
  std::size_t bytes = std::size_t{8} << 30U;
};

/// Told of a quad, in the builder's numbers, and the line on which it was read, counted from 1.
using QuadCallback = std::function<void(const Quad& quad, std::size_t line)>;

struct ReadOptions {
  /// Omitted: by the extension of the name, and Turtle when that says nothing.
  std::optional<Syntax> syntax = std::nullopt;
  /// An absolute IRI that relative ones are resolved against. Empty: a relative IRI that no `@base`
  /// makes absolute is an error.
  std::string base = {};
  ReadLimits limits = {};
  /// How many threads may parse N-Triples or N-Quads; 0: one for each core. The dataset doesn't
  /// depend on it, the numbers of its terms included.
  unsigned threads = 0;
  /// Called for each quad that is added, in the order of the text, by one thread at a time. When
  /// the text turns out to be flawed, some calls have been made.
  QuadCallback on_quad = {};
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

/// Adds the quads of the file at `path` as `read` does, with the path as the name. Of N-Triples and
/// N-Quads only some megabytes are held in memory at a time; of Turtle and TriG what was not parsed
/// yet. Errors: those of `read_file` and
/// `read`.
[[nodiscard]] Status read_path(const std::filesystem::path& path, const ReadOptions& options,
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
