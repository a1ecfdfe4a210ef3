#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/receipts/receipt.hpp"

namespace knhk::promotion {

/// What the store could say about the admission that a new one names as its parent. Each fact is
/// either true or the error that says why not, so that a validator reports it instead of stopping.
struct ParentEvidence {
  Digest manifest;              ///< the parent, as named by the caller
  Result<SnapshotId> snapshot;  ///< whose manifest it is; an error when there is no such manifest
  Status receipt;  ///< its receipt opens with the trusted keys and vouches for every layer
  Status log;      ///< the promotion log proves every entry up to its signed checkpoint
  /// One of the parent's blobs by its name, its digest checked.
  std::function<Result<std::string>(std::string_view name)> read_blob;
};

/// What a validation may look at beside the content itself. Nothing here may change what a compiler
/// makes, only what the invariants say.
struct ValidationContext {
  std::optional<ParentEvidence> parent;  ///< nothing: the caller named no parent
  unsigned thread_count = 0;             ///< how many threads to use at most; 0: as many as cores
  /// Requested: the result is wanted no more, and the error cancelled is as good.
  std::stop_token stop = {};
};

/// Q5 as far as it is the same for every domain: `vacuous` without a parent; `failed` when the
/// parent is unknown, its receipt isn't to be trusted or the log doesn't prove itself; else
/// `passed`. A domain that can reproduce its content from the parent's adds that check.
[[nodiscard]] receipts::InvariantResult judge_provenance(const ValidationContext& context);

}  // namespace knhk::promotion
