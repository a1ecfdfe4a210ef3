#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/detail/line_chunks.hpp"
#include "knhk/rdf/detail/line_parser.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::rdf::detail {

/// How much of a text a thread parses at a time.
inline constexpr std::size_t kChunkBytes = std::size_t{64} << 10U;

/// How a text is loaded by lines.
struct LineLoad {
  LineOptions lines;
  std::string_view name;  // in messages
  unsigned threads = 1;
  const QuadCallback* on_quad = nullptr;
};

/// Parses the chunks on several threads and puts what they hold into `builder` in the order of the
/// text, so that terms have the numbers that they would have on one thread. The first error in that
/// order is the one that is told. Effects: on an error, some quads may be in the builder.
[[nodiscard]] Status load_lines(LineChunks& chunks, const LineLoad& load, DatasetBuilder& builder);

}  // namespace knhk::rdf::detail
