#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <utility>
#include <vector>

#include "knhk/rdf/term.hpp"

namespace knhk::rdf::detail {

/// Quads in the order in which they came, in blocks that are mapped and unmapped one by one:
/// growing moves nothing, and what was drained is the system's again, whatever the allocator keeps.
class QuadLog {
 public:
  QuadLog() = default;
  QuadLog(QuadLog&& other) noexcept
      : blocks_(std::move(other.blocks_)), size_(std::exchange(other.size_, 0)) {}
  QuadLog& operator=(QuadLog&& other) noexcept {
    blocks_.swap(other.blocks_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~QuadLog() { truncate(0); }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  void push_back(const Quad& quad) {
    if (size_ == blocks_.size() * kBlockQuads) grow();
    blocks_.back()[size_ % kBlockQuads] = quad;
    ++size_;
  }

  /// Forgets all from number `count` on.
  void truncate(std::size_t count) noexcept {
    size_ = std::min(size_, count);
    while (blocks_.size() > (size_ + kBlockQuads - 1) / kBlockQuads) {
      unmap(blocks_.back());
      blocks_.pop_back();
    }
  }

  template <class Visit>
  void for_each(const Visit& visit) const {
    for (std::size_t i = 0; i < size_; ++i) visit(blocks_[i / kBlockQuads][i % kBlockQuads]);
  }

  /// As `for_each`, and gives each block back behind its last quad. Leaves the log empty.
  template <class Visit>
  void drain(const Visit& visit) {
    for (std::size_t i = 0; i < size_; ++i) {
      visit(blocks_[i / kBlockQuads][i % kBlockQuads]);
      if ((i + 1) % kBlockQuads == 0) unmap(std::exchange(blocks_[i / kBlockQuads], nullptr));
    }
    truncate(0);
  }

 private:
  static constexpr std::size_t kBlockQuads = std::size_t{1} << 16U;
  static constexpr std::size_t kBlockBytes = kBlockQuads * sizeof(Quad);

  void grow() {
    if (blocks_.size() == blocks_.capacity()) blocks_.reserve(2 * blocks_.size() + 1);
    void* const block =
        ::mmap(nullptr, kBlockBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) throw std::bad_alloc();
    blocks_.push_back(static_cast<Quad*>(block));
  }
  static void unmap(Quad* block) noexcept {
    if (block != nullptr) ::munmap(block, kBlockBytes);
  }

  std::vector<Quad*> blocks_;
  std::size_t size_ = 0;
};

}  // namespace knhk::rdf::detail
