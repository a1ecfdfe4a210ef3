#include "knhk/ontology/artifacts.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace knhk::ontology {

namespace {

constexpr std::size_t kHexDigits = 64;
constexpr char kPoison = '\xDB';

/// Whether a text's first and its last line say which snapshot it was compiled of.
bool text_carries(std::string_view text, const SnapshotId& id) noexcept {
  constexpr std::string_view kPrefix = "sha256:";
  const auto says = [&](std::string_view line) {
    const std::size_t at = line.find(kPrefix);
    if (at == std::string_view::npos) return false;
    line.remove_prefix(at);
    return SnapshotId::parse(line.substr(0, kPrefix.size() + kHexDigits)) == id;
  };
  if (!text.ends_with('\n')) return false;
  const std::size_t first_end = text.find('\n');
  const std::string_view body = text.substr(0, text.size() - 1);
  const std::size_t last_start = body.rfind('\n');
  return says(text.substr(0, first_end)) &&
         says(last_start == std::string_view::npos ? body : body.substr(last_start + 1));
}

/// Takes the bytes of the blob `name`, which must be there.
Result<std::string> take(std::vector<promotion::VerifiedBlob>& blobs, std::string_view name) {
  const auto found = std::ranges::find_if(
      blobs, [&](const promotion::VerifiedBlob& blob) { return blob.name() == name; });
  if (found == blobs.end()) {
    return fail(Errc::blob_missing, std::string(name), "is not among the artifacts");
  }
  return std::move(*found).take_bytes();
}

/// Overwrites in a way that the compiler may not leave out because nobody reads it any more.
void poison(std::string& bytes) noexcept {
  constexpr std::size_t kEdge = 256;
  volatile char* const data = bytes.data();
  const std::size_t size = bytes.size();
  for (std::size_t i = 0; i < std::min(kEdge, size); ++i) {
    data[i] = kPoison;
    data[size - 1 - i] = kPoison;
  }
}

}  // namespace

Result<std::shared_ptr<const OntologyArtifacts>> OntologyArtifacts::load(
    const SnapshotId& id, std::vector<promotion::VerifiedBlob> blobs) try {
  const auto artifacts = std::make_shared<OntologyArtifacts>(Key{});
  artifacts->id_ = id;
  for (const promotion::VerifiedBlob& blob : blobs) artifacts->digests_.push_back(blob.digest());
  for (const auto& [name, text] :
       {std::pair<std::string_view, std::string*>{"index.bin", &artifacts->image_},
        {"docs.md", &artifacts->docs_},
        {"models.hpp", &artifacts->models_}}) {
    auto bytes = take(blobs, name);
    if (!bytes) return forward_error(std::move(bytes));
    *text = std::move(*bytes);
  }
  auto index = projections::Index::open(artifacts->image_, nullptr);
  if (!index) return forward_error(std::move(index));
  artifacts->index_ = std::make_unique<const projections::Index>(std::move(*index));
  if (!artifacts->is_whole()) {
    return fail(Errc::receipt_mismatch, id.to_string(),
                "an artifact carries the id of another snapshot");
  }
  return artifacts;
} catch (const std::exception&) {
  return fail(Errc::out_of_memory, id.to_string(), "not enough memory to load its artifacts");
}

OntologyArtifacts::~OntologyArtifacts() {
  const auto overwrite = [](std::uint64_t& canary) {
    *static_cast<volatile std::uint64_t*>(&canary) = kFreed;
  };
  overwrite(first_canary_);
  overwrite(last_canary_);
  poison(image_);
  poison(docs_);
  poison(models_);
}

std::size_t OntologyArtifacts::size_bytes() const noexcept {
  return sizeof *this + sizeof(projections::Index) + image_.capacity() + docs_.capacity() +
         models_.capacity() + digests_.capacity() * sizeof(Digest);
}

bool OntologyArtifacts::is_alive() const noexcept {
  // Read anew each time: a compiler that knows the constructor must not fold the answer.
  const auto stands = [](const std::uint64_t& canary) {
    return *static_cast<const volatile std::uint64_t*>(&canary) == kAlive;
  };
  return stands(first_canary_) && stands(last_canary_);
}

bool OntologyArtifacts::is_whole() const noexcept {
  return is_alive() && projections::index_carries(image_, id_) && text_carries(docs_, id_) &&
         text_carries(models_, id_);
}

}  // namespace knhk::ontology
