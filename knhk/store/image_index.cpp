#include <algorithm>
#include <utility>

#include "knhk/store/detail/annotations.hpp"
#include "knhk/store/detail/image_index.hpp"
#include "knhk/store/manifest.hpp"

namespace knhk::store::detail {
namespace {

using receipts::Fields;
using receipts::Json;

constexpr std::size_t kMaxIndexBytes = std::size_t{256} * 1024 * 1024;
constexpr std::size_t kMaxEntries = 1'000'000;
constexpr std::string_view kWhere = "index.json";

std::string snapshot_tag(const SnapshotId& snapshot) {
  return std::string("sha256-") + snapshot.hex();
}

Json descriptor(const Digest& digest, std::uint64_t size) {
  Json json = Json::object();
  json["mediaType"] = kManifestMediaType;
  json["artifactType"] = kSnapshotArtifactType;
  json["digest"] = digest.to_string();
  json["size"] = size;
  json["annotations"] = Json::object();
  return json;
}

std::string text_or_empty(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

IndexEntry read_entry(const Json& json, Fields& parent) {
  Fields fields(json, "manifests[]");
  IndexEntry entry;
  const std::string digest = fields.text("digest");
  entry.size = fields.unsigned_number("size");
  parent.note(fields.problem());
  if (!json.is_object()) return entry;
  entry.json = json;
  constexpr std::string_view kPrefix = "sha256:";
  if (digest.starts_with(kPrefix)) {
    entry.digest =
        receipts::digest_from_lowercase_hex(std::string_view(digest).substr(kPrefix.size()))
            .value_or(Digest{});
  }
  entry.is_snapshot_manifest = text_or_empty(json, "artifactType") == kSnapshotArtifactType;
  const auto annotations = json.find("annotations");
  if (annotations != json.end() && annotations->is_object()) {
    entry.ref_name = text_or_empty(*annotations, kRefNameAnnotation);
    entry.snapshot = SnapshotId::parse(text_or_empty(*annotations, kSnapshotAnnotation));
    entry.is_snapshot_manifest = entry.is_snapshot_manifest || entry.snapshot.has_value();
  }
  return entry;
}

void untag(IndexEntry& entry) {
  entry.ref_name.clear();
  const auto annotations = entry.json.find("annotations");
  if (annotations != entry.json.end() && annotations->is_object()) {
    annotations->erase(kRefNameAnnotation);
  }
}

void set_ref_name(IndexEntry& entry, std::string_view tag) {
  entry.ref_name = tag;
  Json& annotations = entry.json["annotations"];
  if (!annotations.is_object()) annotations = Json::object();
  annotations[kRefNameAnnotation] = tag;
}

}  // namespace

Result<ImageIndex> ImageIndex::parse(std::string_view json) {
  const Result<Json> parsed = receipts::parse_json(
      json, {.max_bytes = kMaxIndexBytes, .malformed = Errc::manifest_damaged, .where = kWhere});
  if (!parsed) return tl::unexpected(parsed.error());
  Fields fields(*parsed, "");
  if (fields.unsigned_number("schemaVersion") != 2) fields.note("\"schemaVersion\" is not 2");
  ImageIndex index;
  for (const Json& item : fields.array("manifests", kMaxEntries)) {
    index.entries_.push_back(read_entry(item, fields));
  }
  if (!fields.ok()) return fail(Errc::manifest_damaged, std::string(kWhere), fields.problem());
  return index;
}

Result<std::string> ImageIndex::to_json() const {
  Json json = Json::object();
  json["schemaVersion"] = 2;
  json["mediaType"] = kIndexMediaType;
  json["manifests"] = Json::array();
  for (const IndexEntry& entry : entries_) json["manifests"].push_back(entry.json);
  return receipts::dump_json(json, Errc::manifest_damaged, kWhere);
}

void ImageIndex::add(const Digest& digest, std::uint64_t size, const SnapshotId& snapshot,
                     std::string_view created) {
  if (find(digest) != nullptr) return;
  IndexEntry entry;
  entry.json = descriptor(digest, size);
  entry.json["annotations"][kCreatedAnnotation] = created;
  entry.json["annotations"][kSnapshotAnnotation] = snapshot.to_string();
  entry.digest = digest;
  entry.size = size;
  entry.snapshot = snapshot;
  entry.is_snapshot_manifest = true;
  entries_.push_back(std::move(entry));
  set_tag(snapshot_tag(snapshot), digest);
}

void ImageIndex::set_tag(std::string_view tag, const Digest& digest) {
  const IndexEntry* const listed = find(digest);
  const bool keep = listed != nullptr && !digest.is_zero();
  bool tagged = false;
  for (std::size_t i = entries_.size(); i-- > 0;) {
    if (entries_[i].ref_name != tag) continue;
    if (keep && entries_[i].digest == digest && !tagged) {
      tagged = true;
    } else if (is_only_one(i)) {
      untag(entries_[i]);
    } else {
      entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  if (!keep || tagged) return;
  const auto place = std::find_if(entries_.begin(), entries_.end(), [&](const IndexEntry& entry) {
    return entry.digest == digest && entry.ref_name.empty();
  });
  if (place != entries_.end()) {
    set_ref_name(*place, tag);
    return;
  }
  IndexEntry copy = *find(digest);
  set_ref_name(copy, tag);
  entries_.push_back(std::move(copy));
}

const IndexEntry* ImageIndex::find(const Digest& digest) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const IndexEntry& entry) { return entry.digest == digest; });
  return found == entries_.end() ? nullptr : &*found;
}

bool ImageIndex::is_only_one(std::size_t position) const {
  return std::count_if(entries_.begin(), entries_.end(), [&](const IndexEntry& entry) {
           return entry.digest == entries_[position].digest;
         }) == 1;
}

}  // namespace knhk::store::detail
