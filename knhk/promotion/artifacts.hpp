#pragma once

#include <concepts>
#include <ranges>

#include "knhk/base/digest.hpp"

namespace knhk::promotion {

/// What a hot path publishes: an immutable object that knows which snapshot it is and which blobs
/// it was loaded from, so that a receipt can be held against it.
///
/// `snapshot_id()` gives a `SnapshotId`; `blob_digests()` a range of `Digest`, not empty.
template <class A>
concept Artifacts = requires(const A& artifacts) {
  { artifacts.snapshot_id() } -> std::convertible_to<SnapshotId>;
  { artifacts.blob_digests() } -> std::ranges::input_range;
  requires std::convertible_to<std::ranges::range_value_t<decltype(artifacts.blob_digests())>,
                               Digest>;
};

}  // namespace knhk::promotion
