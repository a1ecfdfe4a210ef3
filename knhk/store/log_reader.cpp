#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "knhk/store/detail/log_reader.hpp"
#include "knhk/store/durable_file.hpp"
#include "knhk/store/merkle.hpp"

namespace knhk::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxCheckpointBytes = std::size_t{1024} * 1024;
constexpr std::size_t kMaxBundleBytes = kTileWidth * (kMaxEntryBytes + 2);

tl::unexpected<Error> damaged(std::string_view file, std::string detail) {
  std::string where("log/");
  where += file;
  return fail(Errc::log_damaged, std::move(where), std::move(detail));
}

// Calls `visit(level, index, hashes)` for each tile of the tree, until one fails.
template <class Visit>
Status for_each_tile(std::span<const Digest> leaves, const Visit& visit) {
  std::vector<Digest> hashes(leaves.begin(), leaves.end());
  for (std::uint64_t level = 0; !hashes.empty(); ++level) {
    for (std::uint64_t index = 0; index * kTileWidth < hashes.size(); ++index) {
      const std::uint64_t start = index * kTileWidth;
      const std::uint64_t width = std::min(kTileWidth, hashes.size() - start);
      Status visited = visit(level, index, std::span(hashes).subspan(start, width));
      if (!visited) return visited;
    }
    hashes = next_tile_level(hashes);
  }
  return {};
}

// True when somebody wrote a second entry, which nobody does without a checkpoint over the first.
bool had_a_commit(const fs::path& folder) {
  std::error_code error;
  const fs::path first = fs::path(bundle_path(0, 1));
  for (fs::recursive_directory_iterator it(folder / "tile" / "entries", error), end;
       !error && it != end; it.increment(error)) {
    if (it->is_regular_file(error) && it->path() != folder / first &&
        !it->path().filename().string().starts_with(".tmp-")) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<std::string> bundle_bytes(std::span<const LogEntry> entries) {
  std::string bytes;
  for (const LogEntry& entry : entries) {
    Result<std::string> json = to_json(entry);
    if (!json) return json;
    bytes += static_cast<char>(json->size() >> 8U);
    bytes += static_cast<char>(json->size() & 0xFFU);
    bytes += *json;
  }
  return bytes;
}

Result<std::optional<Checkpoint>> LogReader::checkpoint() const {
  Result<std::string> note = read_file(folder_ / "checkpoint", kMaxCheckpointBytes);
  if (!note && note.error().code == Errc::file_missing) {
    if (had_a_commit(folder_)) return damaged("checkpoint", "is missing, but there are entries");
    return std::optional<Checkpoint>();
  }
  if (!note && note.error().code == Errc::limit_exceeded) {
    return damaged("checkpoint", "is too long");
  }
  if (!note) return forward_error(std::move(note));
  const Result<std::string> text = open_note(*note, origin_, *keys_);
  if (!text) return tl::unexpected(text.error());
  Result<Checkpoint> parsed = parse_checkpoint(*text);
  if (!parsed) return forward_error(std::move(parsed));
  if (parsed->origin != origin_) {
    return damaged("checkpoint", "is that of the log \"" + parsed->origin + '"');
  }
  return std::optional<Checkpoint>(*std::move(parsed));
}

Result<std::string> LogReader::file_of_width(const std::string& partial,
                                             const std::string& full) const {
  Result<std::string> bytes = read_file(folder_ / partial, kMaxBundleBytes);
  if (!bytes && bytes.error().code == Errc::file_missing && partial != full) {
    bytes = read_file(folder_ / full, kMaxBundleBytes);
  }
  if (!bytes &&
      (bytes.error().code == Errc::file_missing || bytes.error().code == Errc::limit_exceeded ||
       bytes.error().code == Errc::not_a_file)) {
    return damaged(partial, bytes.error().detail);
  }
  return bytes;
}

Status LogReader::read_bundle(std::uint64_t index, std::uint64_t width, VerifiedLog& log) const {
  const std::string path = bundle_path(index, width);
  const std::string full = bundle_path(index, kTileWidth);
  const Result<std::string> bytes = file_of_width(path, full);
  if (!bytes) return tl::unexpected(bytes.error());
  std::string_view rest = *bytes;
  for (std::uint64_t i = 0; i < width; ++i) {
    if (rest.size() < 2) return damaged(path, "ends too early");
    const std::size_t length = static_cast<std::size_t>(static_cast<unsigned char>(rest[0])) << 8U |
                               static_cast<unsigned char>(rest[1]);
    rest.remove_prefix(2);
    if (rest.size() < length) return damaged(path, "ends too early");
    Result<LogEntry> entry = parse_log_entry(rest.substr(0, length), "log/" + path);
    if (!entry) return forward_error(std::move(entry));
    log.entries_.push_back(*std::move(entry));
    log.leaves_.push_back(leaf_hash(rest.substr(0, length)));
    rest.remove_prefix(length);
  }
  // A full bundle that stands in for a partial one goes on.
  if (!rest.empty() && read_file(folder_ / path, kMaxBundleBytes)) {
    return damaged(path, "is longer than its entries");
  }
  return {};
}

Status LogReader::compare_tiles(const VerifiedLog& log) const {
  return for_each_tile(
      log.leaves_,
      [&](std::uint64_t level, std::uint64_t index, std::span<const Digest> hashes) -> Status {
        const std::string path = tile_path(level, index, hashes.size());
        const std::string full = tile_path(level, index, kTileWidth);
        const std::string expected = tile_bytes(hashes);
        const Result<std::string> bytes = file_of_width(path, full);
        if (!bytes) return tl::unexpected(bytes.error());
        const bool stands_in = bytes->size() == kTileWidth * 32;
        if (*bytes == expected || (stands_in && bytes->starts_with(expected))) return {};
        return damaged(path, "does not hold the hashes of the entries");
      });
}

Status LogReader::compare_older_tiles(const VerifiedLog& log) const {
  const auto compare = [&](const std::string& path, const auto& expected) -> Status {
    const Result<std::string> bytes = read_file(folder_ / path, kMaxBundleBytes);
    if (!bytes && bytes.error().code == Errc::file_missing) return {};  // a full one replaced it
    if (bytes && *bytes == expected()) return {};
    return damaged(path, "is not what it was when it was committed");
  };
  return for_each_tile(
      log.leaves_,
      [&](std::uint64_t level, std::uint64_t index, std::span<const Digest> hashes) -> Status {
        const std::uint64_t widest = std::min<std::uint64_t>(hashes.size(), kTileWidth - 1);
        for (std::uint64_t width = 1; width <= widest; ++width) {
          Status same = compare(tile_path(level, index, width),
                                [&] { return tile_bytes(hashes.first(width)); });
          if (same && level == 0) {
            const auto entries = std::span(log.entries_).subspan(index * kTileWidth, width);
            same = compare(bundle_path(index, width),
                           [&] { return bundle_bytes(entries).value_or(std::string()); });
          }
          if (!same) return same;
        }
        return {};
      });
}

Status LogReader::index_channels(VerifiedLog& log) const {
  for (std::uint64_t i = 0; i < log.entries_.size(); ++i) {
    const LogEntry& entry = log.entries_[i];
    const LogEntry* const before = log.head(entry.channel);
    const std::uint64_t epoch = before == nullptr ? 0 : before->epoch;
    const SnapshotId snapshot = before == nullptr ? SnapshotId{} : before->snapshot;
    std::string where = bundle_path(i / kTileWidth, kTileWidth);
    if (entry.epoch <= epoch) {
      return damaged(where, "an epoch of channel \"" + entry.channel + "\" does not grow");
    }
    if (entry.previous != snapshot) {
      return damaged(where, "an entry of channel \"" + entry.channel + "\" names another previous");
    }
    log.heads_[entry.channel] = i;
  }
  return {};
}

Result<VerifiedLog> LogReader::read() const {
  VerifiedLog log;
  Result<std::optional<Checkpoint>> signed_head = checkpoint();
  if (!signed_head) return forward_error(std::move(signed_head));
  log.root_ = tree_root({});
  if (!*signed_head) return log;
  const Checkpoint& head = **signed_head;
  for (std::uint64_t start = 0; start < head.size; start += kTileWidth) {
    const std::uint64_t width = std::min(kTileWidth, head.size - start);
    Status read = read_bundle(start / kTileWidth, width, log);
    if (!read) return forward_error(std::move(read));
  }
  // Tiles first: they say which file was changed, the root only that one was.
  Status same = compare_tiles(log);
  if (!same) return forward_error(std::move(same));
  log.root_ = tree_root(log.leaves_);
  if (log.root_ != head.root) {
    return damaged("checkpoint", "signs another tree than the entries make");
  }
  Status indexed = index_channels(log);
  if (!indexed) return forward_error(std::move(indexed));
  return log;
}

Result<VerifiedLog> LogReader::audit() const {
  Result<VerifiedLog> log = read();
  if (!log) return log;
  Status same = compare_older_tiles(*log);
  if (!same) return forward_error(std::move(same));
  return log;
}

}  // namespace knhk::store
