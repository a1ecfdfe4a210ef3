#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace knhk::rdf::detail {

/// Keeps text at addresses that never change, also when the arena is moved.
class TextArena {
 public:
  /// A copy of `text` that lives as long as the arena. Allocates a block now and then.
  [[nodiscard]] std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    if (text.size() > left_) grow(text.size());
    std::memcpy(next_, text.data(), text.size());
    const std::string_view kept(next_, text.size());
    next_ += text.size();
    left_ -= text.size();
    return kept;
  }

  [[nodiscard]] std::size_t size_bytes() const noexcept { return bytes_; }

 private:
  void grow(std::size_t needed) {
    constexpr std::size_t kFirstBlock = 4096;
    constexpr std::size_t kLargestBlock = std::size_t{1} << 20U;
    std::size_t size = blocks_.empty() ? kFirstBlock : std::min(kLargestBlock, bytes_);
    size = std::max(size, needed);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    next_ = blocks_.back().get();
    left_ = size;
    bytes_ += size;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace knhk::rdf::detail
