#include "knhk/store/store.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "knhk/crypto/hash.hpp"
#include "knhk/receipts/strict_json.hpp"
#include "knhk/store/detail/image_index.hpp"
#include "knhk/store/durable_file.hpp"

namespace knhk::store {
namespace {

namespace fs = std::filesystem;
using detail::ImageIndex;
using detail::IndexEntry;
using receipts::Fields;
using receipts::Json;

constexpr std::string_view kDescriptionFile = "knhk-store.json";
constexpr std::string_view kOciLayout = R"({"imageLayoutVersion":"1.0.0"})";
constexpr std::string_view kEmptyConfig = "{}";
constexpr std::size_t kMaxSmallFileBytes = 64 * 1024;
constexpr std::size_t kMaxIndexBytes = std::size_t{256} * 1024 * 1024;
constexpr std::size_t kMaxNameBytes = 63;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string description(std::string_view name) {
  std::string json = R"({"version":1,"name":")";
  json += name;
  json += R"("})";
  return json;
}

// A create that was cut off by a crash left some of these, and never the description, which it
// writes last; it may be taken up again. An OCI layout that isn't ours has no file `lock`.
bool holds_only_a_cut_off_create(const fs::path& path) {
  static const std::set<std::string_view> kOurs{"lock", "blobs", "index.json", "oci-layout", "log"};
  std::error_code error;
  bool empty = true;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!kOurs.contains(name) && !name.starts_with(".tmp-")) return false;
    empty = false;
  }
  return !error && (empty || is_there(path / "lock"));
}

// Deletes what a failed create made, folders above the store among it.
class Undo {
 public:
  explicit Undo(const fs::path& path) : path_(path) {
    for (fs::path folder = path; !folder.empty() && !is_there(folder);
         folder = folder.parent_path()) {
      made_.push_back(folder);
    }
  }
  ~Undo() {
    if (!armed_) return;
    std::error_code ignored;
    fs::remove(path_ / kDescriptionFile, ignored);  // first: without it there is no store
    for (const char* const name : {"blobs", "log", "index.json", "oci-layout", "lock"}) {
      fs::remove_all(path_ / name, ignored);
    }
    for (const fs::path& folder : made_) fs::remove(folder, ignored);
  }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  void disarm() { armed_ = false; }

 private:
  fs::path path_;
  std::vector<fs::path> made_;  // innermost first
  bool armed_ = true;
};

Status fill(const fs::path& path, std::string_view name) {
  Status done = make_folders(path / "blobs" / "sha256");
  if (done) done = make_folders(path / "log");
  if (done) {
    done = write_file(path / "blobs" / "sha256" / crypto::sha256(kEmptyConfig).hex(), kEmptyConfig);
  }
  if (done) {
    const Result<std::string> index = ImageIndex().to_json();
    done = index ? write_file(path / "index.json", *index)
                 : Status(tl::unexpected<Error>(index.error()));
  }
  if (done) done = write_file(path / "oci-layout", kOciLayout);
  if (done) done = write_file(path / kDescriptionFile, description(name));
  return done;
}

Result<ImageIndex> read_index(const fs::path& store_path) {
  const fs::path path = store_path / "index.json";
  Result<std::string> json = read_file(path, kMaxIndexBytes);
  if (!json && json.error().code == Errc::file_missing) {
    return fail(Errc::manifest_damaged, path.string(), "the store has lost its index");
  }
  if (!json) return forward_error(std::move(json));
  return ImageIndex::parse(*json);
}

Status write_index(const fs::path& store_path, const ImageIndex& index) {
  Result<std::string> json = index.to_json();
  if (!json) return forward_error(std::move(json));
  return write_file(store_path / "index.json", *json);
}

// Entries that a registry tool wrote don't say what they are: their manifest does.
bool is_snapshot_manifest(const Store& store, const IndexEntry& entry) {
  if (entry.digest.is_zero()) return false;
  if (entry.is_snapshot_manifest) return true;
  const Result<std::string> bytes = store.blob(entry.digest, kMaxManifestBytes);
  return bytes && bytes->find(kSnapshotArtifactType) != std::string::npos &&
         parse_manifest(*bytes, "").has_value();
}

}  // namespace

bool is_valid_name(std::string_view name) noexcept {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  return !name.empty() && name.size() <= kMaxNameBytes &&
         name.find_first_not_of(kAllowed) == std::string_view::npos &&
         std::string_view("._-").find(name.front()) == std::string_view::npos;
}

Result<Store> Store::create(const fs::path& path, std::string_view name) {
  if (!is_valid_name(name)) {
    return fail(Errc::usage, std::string(name),
                "a store's name is 1 to 63 of a-z 0-9 . _ - and starts with a letter or digit");
  }
  const auto refuse = [&]() -> Result<Store> {
    if (is_there(path / kDescriptionFile)) {
      return fail(Errc::store_exists, path.string(), "there is a store already");
    }
    return fail(Errc::io_error, path.string(), "the folder is not empty");
  };
  if (is_there(path) && !holds_only_a_cut_off_create(path)) return refuse();
  Undo undo(path);
  Status made = make_folders(path);
  if (!made) return forward_error(std::move(made));
  Result<WriterLock> lock = WriterLock::take(path);
  if (!lock) {
    if (lock.error().code == Errc::store_locked) undo.disarm();
    return forward_error(std::move(lock));
  }
  if (!holds_only_a_cut_off_create(path)) {  // somebody else was faster
    undo.disarm();
    return refuse();
  }
  Status filled = fill(path, name);
  if (!filled) return forward_error(std::move(filled));
  undo.disarm();
  return Store(path, std::string(name));
}

Result<Store> Store::open(const fs::path& path) {
  const fs::path file = path / kDescriptionFile;
  Result<std::string> json = read_file(file, kMaxSmallFileBytes);
  if (!json && json.error().code == Errc::file_missing) {
    return fail(Errc::store_missing, path.string(), "there is no store");
  }
  if (!json) return forward_error(std::move(json));
  const std::string where = file.string();
  const Result<Json> parsed = receipts::parse_json(
      *json,
      {.max_bytes = kMaxSmallFileBytes, .malformed = Errc::manifest_damaged, .where = where});
  if (!parsed) return tl::unexpected(parsed.error());
  Fields fields(*parsed, "");
  if (fields.unsigned_number("version") != 1) fields.note("the store is of another version");
  std::string name = fields.text("name");
  if (!is_valid_name(name)) fields.note("\"name\" is not a store's name");
  if (!fields.ok()) return fail(Errc::manifest_damaged, where, fields.problem());
  return Store(path, std::move(name));
}

fs::path Store::blob_path(const Digest& digest) const {
  return path_ / "blobs" / "sha256" / digest.hex();
}

Result<Digest> Store::put_blob(std::string_view bytes) const {
  const Digest digest = crypto::sha256(bytes);
  const fs::path path = blob_path(digest);
  // What is there is compared, so that storing a blob again mends a damaged one.
  const Result<std::string> present = read_file(path, bytes.size());
  if (present && *present == bytes) {
    Status synced = sync_folder(path.parent_path());
    if (!synced) return forward_error(std::move(synced));
    return digest;
  }
  Status written = write_file(path, bytes);
  if (!written) return forward_error(std::move(written));
  return digest;
}

Result<std::string> Store::blob(const Digest& digest, std::size_t max_bytes) const {
  Result<std::string> bytes = read_file(blob_path(digest), max_bytes);
  if (!bytes && bytes.error().code == Errc::file_missing) {
    return fail(Errc::blob_missing, digest.to_string(), "the blob is not in the store");
  }
  if (bytes && crypto::sha256(*bytes) != digest) {
    return fail(Errc::digest_mismatch, digest.to_string(), "the blob's bytes were changed");
  }
  return bytes;
}

bool Store::has_blob(const Digest& digest) const { return is_there(blob_path(digest)); }

Result<Digest> Store::put_manifest(const Manifest& manifest) const {
  Result<WriterLock> held = lock();
  if (!held) return forward_error(std::move(held));
  return put_manifest(manifest, *held);
}

Result<Digest> Store::put_manifest(const Manifest& manifest, const WriterLock&) const {
  for (const Layer& layer : manifest.layers) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(blob_path(layer.digest), error);
    if (error) {
      return fail(Errc::blob_missing, layer.digest.to_string(),
                  "the blob of \"" + layer.title + "\" is not in the store");
    }
    if (size != layer.size) {
      return fail(Errc::digest_mismatch, layer.digest.to_string(),
                  "the blob of \"" + layer.title + "\" has another size than the manifest says");
    }
  }
  const Result<std::string> json = to_json(manifest);
  if (!json) return tl::unexpected(json.error());
  Result<ImageIndex> index = read_index(path_);
  if (!index) return forward_error(std::move(index));
  const Result<Digest> digest = put_blob(*json);
  if (!digest) return digest;
  index->add(*digest, json->size(), manifest.snapshot, manifest.created);
  Status listed = write_index(path_, *index);
  if (!listed) return forward_error(std::move(listed));
  return digest;
}

Result<Digest> Store::put_admission(const Manifest& manifest,
                                    const std::vector<std::string_view>& blobs) const {
  Result<WriterLock> held = lock();
  if (!held) return forward_error(std::move(held));
  return put_admission(manifest, blobs, *held);
}

Result<Digest> Store::put_admission(const Manifest& manifest,
                                    const std::vector<std::string_view>& blobs,
                                    const WriterLock& lock) const {
  const Result<std::string> json = to_json(manifest);
  if (!json) return tl::unexpected(json.error());
  std::vector<std::string_view> all = blobs;
  all.push_back(*json);
  std::vector<Digest> added;
  Result<Digest> stored;
  for (const std::string_view bytes : all) {
    const Digest digest = crypto::sha256(bytes);
    const bool is_new = !has_blob(digest);
    stored = put_blob(bytes);
    if (is_new) added.push_back(digest);
    if (!stored) break;
  }
  if (stored) stored = put_manifest(manifest, lock);
  if (stored) return stored;
  // The index may be in place though its folder could not be synced: then all of it stays.
  const Result<ImageIndex> index = read_index(path_);
  if (!index || index->find(crypto::sha256(*json)) != nullptr) return stored;
  std::error_code ignored;
  for (const Digest& digest : added) fs::remove(blob_path(digest), ignored);
  return stored;
}

Result<Manifest> Store::manifest(const Digest& digest) const {
  Result<std::string> json = blob(digest, kMaxManifestBytes);
  if (!json && json.error().code == Errc::limit_exceeded) {
    return fail(Errc::manifest_damaged, digest.to_string(), "is too long for a manifest");
  }
  if (!json) return forward_error(std::move(json));
  return parse_manifest(*json, digest.to_string());
}

Result<std::vector<StoredManifest>> Store::manifests() const {
  const Result<ImageIndex> index = read_index(path_);
  if (!index) return tl::unexpected(index.error());
  std::set<Digest> seen;
  std::vector<StoredManifest> all;
  for (const IndexEntry& entry : index->entries()) {
    if (!is_snapshot_manifest(*this, entry) || !seen.insert(entry.digest).second) continue;
    Result<Manifest> read = manifest(entry.digest);
    if (!read) return forward_error(std::move(read));
    all.push_back({entry.digest, entry.size, *std::move(read)});
  }
  return all;
}

Result<StoredManifest> Store::newest(const SnapshotId& snapshot) const {
  const Result<ImageIndex> index = read_index(path_);
  if (!index) return tl::unexpected(index.error());
  std::set<Digest> seen;
  const IndexEntry* last = nullptr;
  for (const IndexEntry& entry : index->entries()) {
    if (!seen.insert(entry.digest).second) continue;  // listed again for a tag
    if (entry.snapshot ? *entry.snapshot != snapshot : !is_snapshot_manifest(*this, entry))
      continue;
    if (!entry.snapshot) {
      const Result<Manifest> read = manifest(entry.digest);
      if (!read || read->snapshot != snapshot) continue;
    }
    last = &entry;
  }
  if (last == nullptr) {
    return fail(Errc::unknown_id, snapshot.to_string(), "no snapshot of this id was admitted");
  }
  Result<Manifest> read = manifest(last->digest);
  if (!read) return forward_error(std::move(read));
  if (read->snapshot != snapshot) {
    return fail(Errc::manifest_damaged, "index.json",
                "lists " + last->digest.to_string() + " as another snapshot's");
  }
  return StoredManifest{last->digest, last->size, *std::move(read)};
}

Result<SnapshotId> Store::resolve(std::string_view prefix) const {
  constexpr std::string_view kPrefix = "sha256:";
  std::string digits(prefix.starts_with(kPrefix) ? prefix.substr(kPrefix.size()) : prefix);
  for (char& c : digits) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  if (digits.empty() || digits.size() > 64 ||
      digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return fail(Errc::malformed_id, std::string(prefix), "is not the start of a snapshot's id");
  }
  const Result<ImageIndex> index = read_index(path_);
  if (!index) return tl::unexpected(index.error());
  std::set<SnapshotId> matches;
  for (const IndexEntry& entry : index->entries()) {
    std::optional<SnapshotId> id = entry.snapshot;
    if (!id && is_snapshot_manifest(*this, entry)) {
      const Result<Manifest> read = manifest(entry.digest);
      if (read) id = read->snapshot;
    }
    if (id && id->hex().starts_with(digits)) matches.insert(*id);
  }
  if (matches.empty()) {
    return fail(Errc::unknown_id, std::string(prefix), "no admitted snapshot has this id");
  }
  if (matches.size() > 1) {
    return fail(Errc::malformed_id, std::string(prefix),
                std::to_string(matches.size()) + " snapshots' ids start with this");
  }
  return *matches.begin();
}

Status Store::set_channel_tags(const std::vector<ChannelHead>& heads, const WriterLock&) const {
  Result<ImageIndex> index = read_index(path_);
  if (!index) return forward_error(std::move(index));
  for (const auto& [channel, digest] : heads) index->set_tag(channel, digest);
  return write_index(path_, *index);
}

}  // namespace knhk::store
