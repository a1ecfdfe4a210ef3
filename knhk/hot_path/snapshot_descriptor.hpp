#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "knhk/base/digest.hpp"
#include "knhk/hot_path/traits.hpp"

namespace knhk::hot_path {

/// A snapshot's id in four registers.
struct IdParts {
  std::uint64_t first, second, third, fourth;

  // Four separate copies: as one bit_cast of the whole, g++ 12 goes through memory with stores of 8
  // bytes and loads of 16, which the processor cannot forward.
  [[nodiscard, gnu::always_inline]] inline SnapshotId to_id() const noexcept {
    SnapshotId id;
    std::memcpy(id.bytes.data(), &first, sizeof first);
    std::memcpy(id.bytes.data() + 8, &second, sizeof second);
    std::memcpy(id.bytes.data() + 16, &third, sizeof third);
    std::memcpy(id.bytes.data() + 24, &fourth, sizeof fourth);
    return id;
  }
};

/// What a hot path publishes about one snapshot: exactly one cache line. Descriptors are
/// type-stable: a slot is a descriptor from the hot path's construction to its destruction and is
/// refilled in place, but only when no reader can hold it.
///
/// Id and epoch may be read while they are being rewritten (the id-only read does, and then throws
/// away what it read), so they are atomic; the rest is read by holders alone.
///
/// Threads: written by the holder of the writer token, read as said above.
template <template <class> class Atomic, template <class> class Plain>
struct alignas(64) BasicSnapshotDescriptor {
  std::array<Atomic<std::uint64_t>, 4> id_parts{};  ///< the id's 32 bytes as they lie in memory
  Plain<const void*> artifacts{nullptr};            ///< null: there is no snapshot
  Plain<std::uint64_t> generation{0};               ///< of the word that published this slot
  std::uint64_t reserved = 0;  // byte 48, where hazards lie in their lines: loads here could alias
  Atomic<std::uint64_t> epoch{0};  ///< of the channel's log; 0: there is no snapshot

  /// The id's parts, each loaded with acquire.
  [[nodiscard, gnu::always_inline]] inline IdParts load_id() const noexcept {
    // [R2] pairs with [W1]: a part that was rewritten brings along the publish that came before the
    // rewriting, so the reload [R3] sees a newer word and the mixed id is thrown away. A part that
    // was not rewritten is the old id's. Weakened: Mutants.are_all_caught (on x86 loads stay in
    // order whatever they ask for, so no stress test can tell).
    return {
        id_parts[0].load(std::memory_order_acquire), id_parts[1].load(std::memory_order_acquire),
        id_parts[2].load(std::memory_order_acquire), id_parts[3].load(std::memory_order_acquire)};
  }
  [[nodiscard, gnu::always_inline]] inline SnapshotId id() const noexcept {
    return load_id().to_id();
  }

  /// Rewrites the descriptor. Requires: the writer token, and that no reader can hold the slot.
  void fill(const SnapshotId& new_id, const void* new_artifacts, std::uint64_t new_generation,
            std::uint64_t new_epoch) noexcept {
    const auto parts = std::bit_cast<std::array<std::uint64_t, 4>>(new_id);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      id_parts[i].store(parts[i], std::memory_order_release);  // [W1] pairs with [R2]
    }
    epoch.store(new_epoch, std::memory_order_release);  // [W1] pairs with [R2]
    artifacts = new_artifacts;
    generation = new_generation;
  }
};

/// The descriptor of a hot path with the standard's atomics.
using SnapshotDescriptor = BasicSnapshotDescriptor<std::atomic, DefaultTraits::Plain>;

static_assert(sizeof(SnapshotDescriptor) == 64, "a descriptor is one cache line");
static_assert(alignof(SnapshotDescriptor) == 64, "a descriptor lies in one cache line");
static_assert(std::is_standard_layout_v<SnapshotDescriptor>);
static_assert(offsetof(SnapshotDescriptor, id_parts) == 0);
static_assert(offsetof(SnapshotDescriptor, artifacts) == 32);
static_assert(offsetof(SnapshotDescriptor, generation) == 40);
static_assert(offsetof(SnapshotDescriptor, epoch) == 56);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

}  // namespace knhk::hot_path
