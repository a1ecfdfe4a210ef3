#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/receipts/trusted_keys.hpp"
#include "knhk/store/checkpoint.hpp"
#include "knhk/store/promotion_log.hpp"

namespace knhk::store {

/// Reads a log's files and believes none of them before the signed root agrees.
class LogReader {
 public:
  LogReader(std::filesystem::path folder, std::string origin, const receipts::TrustedKeys& keys)
      : folder_(std::move(folder)), origin_(std::move(origin)), keys_(&keys) {}

  [[nodiscard]] Result<VerifiedLog> read() const;
  /// Besides, the narrower tiles and bundles that earlier checkpoints needed.
  [[nodiscard]] Result<VerifiedLog> audit() const;

 private:
  /// Nothing when there is no checkpoint and nothing that a commit would have left.
  [[nodiscard]] Result<std::optional<Checkpoint>> checkpoint() const;
  /// The first `width` of a tile's members; a partial one may have become full meanwhile.
  [[nodiscard]] Result<std::string> file_of_width(const std::string& partial,
                                                  const std::string& full) const;
  [[nodiscard]] Status read_bundle(std::uint64_t index, std::uint64_t width,
                                   VerifiedLog& log) const;
  [[nodiscard]] Status compare_tiles(const VerifiedLog& log) const;
  [[nodiscard]] Status compare_older_tiles(const VerifiedLog& log) const;
  [[nodiscard]] Status index_channels(VerifiedLog& log) const;

  std::filesystem::path folder_;
  std::string origin_;
  const receipts::TrustedKeys* keys_;
};

/// The bytes of a bundle: each entry after its length, a big-endian uint16.
[[nodiscard]] Result<std::string> bundle_bytes(std::span<const LogEntry> entries);

}  // namespace knhk::store
