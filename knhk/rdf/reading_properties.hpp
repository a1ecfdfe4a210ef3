#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "knhk/rdf/detail/line_loader.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/syntax.hpp"
#include "knhk/rdf/writer.hpp"

// What holds of reading whatever the text is: for fuzz targets and for tests of single texts.
namespace knhk::rdf {

namespace detail {

inline std::set<std::string> lines_of(const std::string& nquads) {
  std::set<std::string> lines;
  for (std::size_t at = 0; at < nquads.size();) {
    const std::size_t end = nquads.find('\n', at) + 1;
    lines.insert(nquads.substr(at, end - at));
    at = end;
  }
  return lines;
}

inline std::size_t blank_count(const TermTable& terms) {
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < terms.size(); ++i)
    count += terms.kind(TermId{i}) == TermKind::blank;
  return count;
}

// Whether `where` is `name:line:column` of a place in `bytes`, or of its end.
inline bool is_place_in(std::string_view where, std::string_view name, std::string_view bytes) {
  if (!where.starts_with(name) || where.substr(name.size(), 1) != ":") return false;
  where.remove_prefix(name.size() + 1);
  std::size_t line = 0;
  std::size_t column = 0;
  const char* const end = where.data() + where.size();
  const auto [colon, line_error] = std::from_chars(where.data(), end, line);
  if (line_error != std::errc{} || colon == end || *colon != ':') return false;
  const auto [stop, column_error] = std::from_chars(colon + 1, end, column);
  if (column_error != std::errc{} || stop != end || line == 0 || column == 0) return false;
  for (; line > 1; --line) {
    const std::size_t line_end = bytes.find('\n');
    if (line_end == std::string_view::npos) return false;
    bytes.remove_prefix(line_end + 1);
  }
  return column <= std::min(bytes.find('\n'), bytes.size()) + 1;
}

inline std::string broken_error_property(const Error& error, std::string_view name,
                                         std::string_view bytes) {
  if (error.detail.empty()) return "an error without a reason";
  switch (error.code) {
    case Errc::syntax_error:
    case Errc::invalid_encoding:
    case Errc::undefined_prefix:
    case Errc::relative_iri:
    case Errc::limit_exceeded:
      break;
    default:
      return "an error that reading has not: " + to_string(error);
  }
  return is_place_in(error.where, name, bytes) ? "" : "a place outside the text: " + error.where;
}

// The parts of a text whose statements are lines, on their own, hold what the whole holds.
inline std::string broken_parts_property(std::string_view bytes, const ReadOptions& options,
                                         const std::string& whole) {
  std::set<std::string> lines;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at + bytes.size() / 3), bytes.size() - 1) + 1;
    const auto part = read_dataset(bytes.substr(at, end - at), "part", options);
    if (!part) return "a part is refused: " + to_string(part.error());
    lines.merge(lines_of(to_nquads(*part)));
    at = end;
  }
  return lines == lines_of(whole) ? "" : "the parts of a text hold something else than the whole";
}

// On how many threads and in what chunks lines are loaded makes no difference: neither to the
// dataset, the numbers of its terms included, nor to the error.
inline std::string broken_chunks_property(std::string_view bytes, Syntax syntax,
                                          const ReadLimits& limits) {
  const auto load_in_chunks = [&](std::size_t chunk_bytes, unsigned threads,
                                  DatasetBuilder& builder) {
    LineChunks chunks(bytes, chunk_bytes);
    LineLoad load;
    load.lines = {syntax, limits.term_bytes, DatasetBuilder::kMaxTerms, "x", false};
    load.name = "text";
    load.threads = threads;
    return load_lines(chunks, load, builder);
  };
  DatasetBuilder whole;
  const Status status = load_in_chunks(kChunkBytes, 1, whole);
  const Dataset dataset = std::move(whole).build();
  for (const unsigned threads : {1U, 3U}) {
    DatasetBuilder builder;
    const Status other = load_in_chunks(threads * 13, threads, builder);
    if (status.has_value() != other.has_value())
      return "chunks are refused, the whole is not, or so";
    if (!status) {
      if (status.error() == other.error()) continue;
      return to_string(status.error()) + " but in chunks " + to_string(other.error());
    }
    const Dataset chunked = std::move(builder).build();
    if (chunked.term_count() != dataset.term_count()) return "chunks have other terms";
    for (std::uint32_t i = 0; i < dataset.term_count(); ++i) {
      if (chunked.term(TermId{i}) != dataset.term(TermId{i}))
        return "chunks number terms otherwise";
    }
    if (to_nquads(chunked) != to_nquads(dataset)) return "chunks hold other quads";
  }
  return "";
}

}  // namespace detail

/// The first property that reading `bytes` breaks, in words; empty when all hold.
///
/// An error says why, and where in the text; it leaves no quad behind. What is read can be written
/// as N-Quads and read again, and as N-Triples is Turtle with the same meaning. Reading a text
/// twice keeps its blank nodes apart. Line-based texts can be cut at line ends.
inline std::string broken_reading_property(std::string_view bytes, Syntax syntax) {
  ReadOptions options;
  options.syntax = syntax;
  options.base = "http://example.org/";
  options.limits.nesting = 200;
  if (is_line_based(syntax)) {
    std::string finding = detail::broken_chunks_property(bytes, syntax, options.limits);
    if (!finding.empty()) return finding;
  }
  DatasetBuilder builder;
  builder.add(Term::iri("s:s"), Term::iri("p:p"), Term::iri("o:o"));
  if (const Status status = read(bytes, "text", options, builder); !status) {
    if (builder.size() != 1) return "an error left quads behind";
    return detail::broken_error_property(status.error(), "text", bytes);
  }
  const std::size_t blank_count = detail::blank_count(builder.terms());
  if (!read(bytes, "text", options, builder)) return "a text is refused the second time";
  if (detail::blank_count(builder.terms()) != 2 * blank_count) {
    return "blank nodes of two texts are one";
  }
  const auto dataset = read_dataset(bytes, "text", options);
  if (!dataset) return "a text is refused on its own";
  const std::string written = to_nquads(*dataset);
  ReadOptions written_options;
  written_options.syntax = Syntax::nquads;
  const auto again = read_dataset(written, "written", written_options);
  if (!again) return "what was written is refused: " + to_string(again.error()) + "\n" + written;
  if (to_nquads(*again) != written)
    return "another dataset comes back than was written:\n" + written;
  // Turtle leaves out `.` and `..` in paths, N-Triples keeps them.
  if (dataset->graph_names().empty() && written.find("/.") == std::string::npos) {
    written_options.syntax = Syntax::turtle;
    const auto turtle = read_dataset(written, "written", written_options);
    if (!turtle)
      return "N-Triples is refused as Turtle: " + to_string(turtle.error()) + "\n" + written;
    if (to_nquads(*turtle) != written)
      return "N-Triples means something else as Turtle:\n" + written;
  }
  return is_line_based(syntax) ? detail::broken_parts_property(bytes, options, written) : "";
}

}  // namespace knhk::rdf
