#include "knhk/rdf/detail/line_chunks.hpp"

#include <algorithm>
#include <utility>

#include "knhk/rdf/detail/open_file.hpp"

namespace knhk::rdf::detail {

Result<bool> LineChunks::next(LineChunk& chunk) {
  chunk.first = std::exchange(at_start_, false);
  if (descriptor_ >= 0) return next_of_file(chunk);
  if (rest_.empty()) return false;
  const std::size_t line_end =
      chunk_bytes_ < rest_.size() ? rest_.find('\n', chunk_bytes_) : std::string_view::npos;
  const std::size_t size = line_end == std::string_view::npos ? rest_.size() : line_end + 1;
  chunk.text = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

Result<bool> LineChunks::next_of_file(LineChunk& chunk) {
  std::string& bytes = chunk.owned;
  bytes = std::exchange(begun_, {});
  std::size_t searched = bytes.size();
  while (true) {
    auto count = append_from(descriptor_, path_, bytes, chunk_bytes_);
    if (!count) return forward_error(std::move(count));
    bytes_read_ += *count;
    if (bytes_read_ > max_bytes_) return too_large(path_, max_bytes_);
    if (*count == 0) break;
    const std::size_t line_end = std::string_view(bytes).substr(searched).rfind('\n');
    searched += line_end == std::string_view::npos ? *count : line_end + 1;
    if (line_end == std::string_view::npos) continue;  // a line longer than a chunk
    begun_ = bytes.substr(searched);
    bytes.resize(searched);
    break;
  }
  chunk.text = bytes;
  return !bytes.empty();
}

}  // namespace knhk::rdf::detail
