#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "knhk/base/result.hpp"

namespace knhk::rdf::detail {

/// Some whole lines of a text.
struct LineChunk {
  std::string_view text;
  std::string owned;  // what `text` is of when it was read from a file
  bool first = false;
};

/// Cuts a text into chunks of whole lines, in order. The text may be in memory, or in an open file,
/// of which only a chunk at a time is read then: a file that grows or shrinks meanwhile is read as
/// it is found, which a mapping of it would not survive.
///
/// Threads: one at a time. Chunks are independent of this object, those of a text in memory of that
/// text.
class LineChunks {
 public:
  LineChunks(std::string_view text, std::size_t chunk_bytes)
      : rest_(text), chunk_bytes_(chunk_bytes) {}
  /// Takes an open descriptor, which stays the caller's.
  LineChunks(int descriptor, std::filesystem::path path, std::size_t chunk_bytes,
             std::size_t max_bytes)
      : descriptor_(descriptor),
        path_(std::move(path)),
        chunk_bytes_(chunk_bytes),
        max_bytes_(max_bytes) {}

  /// False when there is nothing more.
  /// Errors: `io-error`, `limit-exceeded`.
  [[nodiscard]] Result<bool> next(LineChunk& chunk);

 private:
  [[nodiscard]] Result<bool> next_of_file(LineChunk& chunk);

  std::string_view rest_;
  int descriptor_ = -1;
  std::filesystem::path path_;
  std::string begun_;  // what was read of the line that the next chunk starts with
  std::size_t chunk_bytes_;
  std::size_t max_bytes_ = 0;
  std::size_t bytes_read_ = 0;
  bool at_start_ = true;
};

}  // namespace knhk::rdf::detail
