#include "knhk/store/promotion_log.hpp"

#include <algorithm>

#include <system_error>
#include <utility>

#include "knhk/store/checkpoint.hpp"
#include "knhk/store/detail/log_reader.hpp"
#include "knhk/store/durable_file.hpp"
#include "knhk/store/merkle.hpp"

namespace knhk::store {
namespace {

namespace fs = std::filesystem;

fs::path log_folder(const Store& store) { return store.path() / "log"; }

// The files of one append. None of them belongs to the tree that is committed, so until the new
// checkpoint is in place they can be taken away again.
class Append {
 public:
  explicit Append(fs::path folder) : folder_(std::move(folder)) {}
  ~Append() {
    std::error_code ignored;
    for (const fs::path& path : written_) {
      fs::remove(path, ignored);
      // Empty folders only: remove() refuses others.
      for (fs::path up = path.parent_path(); up != folder_ && fs::remove(up, ignored);) {
        up = up.parent_path();
      }
    }
  }
  Append(const Append&) = delete;
  Append& operator=(const Append&) = delete;

  void keep() { written_.clear(); }

  Status write(const std::string& path, const std::string& bytes) {
    const fs::path target = folder_ / path;
    written_.push_back(target);
    Status made = make_folders(target.parent_path());
    if (!made) return made;
    remove_leftovers(target.parent_path());
    return write_file(target, bytes);
  }

  // Tiles that the last leaf changed: level 0 always, a higher one when a tile below it filled.
  Status write_tiles(const std::vector<Digest>& leaves) {
    std::vector<Digest> hashes = leaves;
    for (std::uint64_t level = 0;; ++level) {
      const std::uint64_t index = (hashes.size() - 1) / kTileWidth;
      const std::uint64_t width = hashes.size() - index * kTileWidth;
      const auto last = std::span(hashes).last(width);
      Status written = write(tile_path(level, index, width), tile_bytes(last));
      if (!written) return written;
      if (width < kTileWidth) return {};
      hashes = next_tile_level(hashes);
    }
  }

 private:
  fs::path folder_;
  std::vector<fs::path> written_;
};

// A full tile's narrower forms may go (tlog-tiles); what cannot be deleted stays and harms nobody.
void drop_partials(const fs::path& folder, std::uint64_t size) {
  std::error_code ignored;
  std::uint64_t hashes = size;
  for (std::uint64_t level = 0; hashes > 0 && hashes % kTileWidth == 0; ++level) {
    const std::uint64_t index = hashes / kTileWidth - 1;
    fs::remove_all((folder / tile_path(level, index, 1)).parent_path(), ignored);
    if (level == 0) fs::remove_all((folder / bundle_path(index, 1)).parent_path(), ignored);
    hashes /= kTileWidth;
  }
}

Status check_manifest(const Store& store, const EntryRequest& request) {
  if (request.snapshot.is_zero() && request.manifest.is_zero()) return {};
  const Result<Manifest> manifest = store.manifest(request.manifest);
  if (!manifest) return tl::unexpected(manifest.error());
  if (manifest->snapshot == request.snapshot && !request.snapshot.is_zero()) return {};
  return fail(Errc::member_mismatch, request.manifest.to_string(),
              "is the manifest of " + manifest->snapshot.to_string() + ", not of " +
                  request.snapshot.to_string());
}

}  // namespace

const LogEntry* VerifiedLog::head(std::string_view channel) const noexcept {
  const auto found = heads_.find(channel);
  return found == heads_.end() ? nullptr : &entries_[found->second];
}

const LogEntry* VerifiedLog::at_epoch(std::string_view channel,
                                      std::uint64_t epoch) const noexcept {
  for (const LogEntry& entry : entries_) {
    if (entry.epoch == epoch && entry.channel == channel) return &entry;
  }
  return nullptr;
}

bool VerifiedLog::contains(std::uint64_t index, const LogEntry& entry) const {
  if (index >= leaves_.size()) return false;
  const Result<std::string> json = to_json(entry);
  return json && leaf_hash(*json) == leaves_[index];
}

struct PendingEntry::State {
  Store store;
  receipts::TrustedKeys keys;
  WriterLock lock;
  VerifiedLog log;
  std::vector<Digest> leaves;  // the tree with the entry in it
  LogEntry entry;
  bool committed = false;
};

PendingEntry::PendingEntry(std::unique_ptr<State> state) : state_(std::move(state)) {}
PendingEntry::PendingEntry(PendingEntry&&) noexcept = default;
PendingEntry& PendingEntry::operator=(PendingEntry&&) noexcept = default;
PendingEntry::~PendingEntry() = default;

std::uint64_t PendingEntry::epoch() const noexcept { return state_->entry.epoch; }
const SnapshotId& PendingEntry::previous() const noexcept { return state_->entry.previous; }
std::uint64_t PendingEntry::index() const noexcept { return state_->log.size(); }
const LogEntry& PendingEntry::entry() const noexcept { return state_->entry; }
const VerifiedLog& PendingEntry::history() const noexcept { return state_->log; }
const WriterLock& PendingEntry::lock() const noexcept { return state_->lock; }

Result<Committed> PendingEntry::commit(const crypto::PrivateKey& key) {
  State& state = *state_;
  const std::string origin = state.store.origin();
  if (state.committed) return fail(Errc::usage, origin, "the entry is committed already");
  // A log signed with a key that its own readers don't trust could never be read again.
  if (state.keys.find(key.public_key().key_id()) == nullptr) {
    return fail(Errc::untrusted_key, origin, "the signing key is not one of the trusted keys");
  }
  const std::uint64_t size = state.leaves.size();
  const Checkpoint checkpoint{origin, size, tree_root(state.leaves)};
  const Result<std::string> note = sign_note(to_text(checkpoint), origin, key);
  if (!note) return tl::unexpected(note.error());

  const fs::path folder = log_folder(state.store);
  const std::uint64_t bundle = (size - 1) / kTileWidth;
  const std::uint64_t width = size - bundle * kTileWidth;
  std::vector<LogEntry> members(
      state.log.entries().begin() + static_cast<std::ptrdiff_t>(bundle * kTileWidth),
      state.log.entries().end());
  members.push_back(state.entry);
  const Result<std::string> bytes = bundle_bytes(members);
  if (!bytes) return tl::unexpected(bytes.error());
  Append append(folder);
  Status written = append.write(bundle_path(bundle, width), *bytes);
  if (written) written = append.write_tiles(state.leaves);
  if (!written) return forward_error(std::move(written));

  const Result<Durability> placed = replace_file(folder / "checkpoint", *note);
  if (!placed) return tl::unexpected(placed.error());
  // Committed. Nothing after this line may turn it into a failure.
  state.committed = true;
  append.keep();
  drop_partials(folder, size);
  std::vector<Store::ChannelHead> heads;
  for (const auto& [channel, index] : state.log.heads()) {
    heads.emplace_back(channel, state.log.entries()[index].manifest);
  }
  heads.emplace_back(state.entry.channel, state.entry.manifest);
  const Status tagged = state.store.set_channel_tags(heads, state.lock);
  return Committed{
      state.entry,       size - 1, size, checkpoint.root, *placed == Durability::durable,
      tagged.has_value()};
}

Result<VerifiedLog> PromotionLog::read() const {
  return LogReader(log_folder(store_), store_.origin(), keys_).read();
}

Result<VerifiedLog> PromotionLog::audit() const {
  return LogReader(log_folder(store_), store_.origin(), keys_).audit();
}

Result<PendingEntry> PromotionLog::begin(const EntryRequest& request, const Clock& clock) const {
  if (!is_valid_name(request.channel)) {
    return fail(Errc::usage, request.channel,
                "a channel's name is 1 to 63 of a-z 0-9 . _ - and starts with a letter or digit");
  }
  Result<WriterLock> lock = store_.lock();
  if (!lock) return forward_error(std::move(lock));
  Status fits = check_manifest(store_, request);
  if (!fits) return forward_error(std::move(fits));
  Result<VerifiedLog> log = read();
  if (!log) return forward_error(std::move(log));

  LogEntry entry;
  entry.channel = request.channel;
  entry.action = request.action;
  entry.snapshot = request.snapshot;
  entry.manifest = request.manifest;
  entry.actor = request.actor;
  entry.reason = request.reason;
  entry.time = to_rfc3339(clock.now());
  const LogEntry* const head = log->head(request.channel);
  entry.epoch = std::max(head == nullptr ? 1 : head->epoch + 1, request.min_epoch);
  if (head != nullptr) entry.previous = head->snapshot;
  const Result<std::string> json = to_json(entry);
  if (!json) return tl::unexpected(json.error());

  std::vector<Digest> leaves = log->leaves_;
  leaves.push_back(leaf_hash(*json));
  return PendingEntry(std::make_unique<PendingEntry::State>(PendingEntry::State{
      store_, keys_, *std::move(lock), *std::move(log), std::move(leaves), std::move(entry)}));
}

}  // namespace knhk::store
