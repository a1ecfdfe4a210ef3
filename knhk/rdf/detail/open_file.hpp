#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "knhk/base/result.hpp"

namespace knhk::rdf::detail {

/// A file that is open for reading.
class OpenFile {
 public:
  /// Errors: `file-missing`, `not-a-file`, `permission-denied`, `limit-exceeded` when it is known
  /// to have more than `max_bytes`, `io-error`.
  [[nodiscard]] static Result<OpenFile> open(const std::filesystem::path& path,
                                             std::size_t max_bytes);
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// What the file had when it was opened; 0 for a pipe.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  OpenFile(int descriptor, std::size_t size) noexcept : descriptor_(descriptor), size_(size) {}

  int descriptor_;
  std::size_t size_;
};

/// Reads up to `count` bytes behind `bytes`.
/// Returns: how many came, 0 only at the end. Errors: `io-error` and the like.
[[nodiscard]] Result<std::size_t> append_from(int descriptor, const std::filesystem::path& path,
                                              std::string& bytes, std::size_t count);

[[nodiscard]] tl::unexpected<Error> too_large(const std::filesystem::path& path,
                                              std::size_t max_bytes);

}  // namespace knhk::rdf::detail
