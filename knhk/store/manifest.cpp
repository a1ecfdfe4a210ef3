#include "knhk/store/manifest.hpp"

#include <set>
#include <utility>

#include "knhk/receipts/receipt.hpp"
#include "knhk/receipts/strict_json.hpp"
#include "knhk/store/detail/annotations.hpp"

namespace knhk::store {
namespace {

using receipts::Fields;
using receipts::Json;

constexpr std::size_t kMaxLayers = 4096;
constexpr std::size_t kMaxTitleBytes = 255;
constexpr std::string_view kEmptyConfigDigest =
    "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

// A title becomes a file's name when artifacts are written out, so it must not lead elsewhere.
bool is_file_name(std::string_view title) {
  return !title.empty() && title.size() <= kMaxTitleBytes && title != "." && title != ".." &&
         title.find('/') == std::string_view::npos && title.find('\0') == std::string_view::npos;
}

std::string problem_of(const Manifest& manifest) {
  if (manifest.layers.size() > kMaxLayers) return "there are too many layers";
  if (!receipts::is_utc_time(manifest.created)) {
    return "the time of creation is not like 2026-01-31T09:04:05Z";
  }
  std::set<std::string_view> titles;
  for (const Layer& layer : manifest.layers) {
    if (!is_file_name(layer.title)) return "a layer's title is not a file name";
    if (!titles.insert(layer.title).second) return "two layers are called \"" + layer.title + '"';
  }
  return {};
}

Json to_object(const Layer& layer) {
  Json json = Json::object();
  json["mediaType"] = layer.media_type;
  json["digest"] = layer.digest.to_string();
  json["size"] = layer.size;
  json["annotations"] = Json::object();
  json["annotations"][detail::kTitleAnnotation] = layer.title;
  return json;
}

Json annotations_of(const Manifest& manifest) {
  Json json = Json::object();
  json[detail::kCreatedAnnotation] = manifest.created;
  json[detail::kSnapshotAnnotation] = manifest.snapshot.to_string();
  if (manifest.shapes) json[detail::kShapesAnnotation] = manifest.shapes->to_string();
  json[detail::kDomainAnnotation] = manifest.domain;
  json[detail::kCompilerAnnotation] = manifest.compiler;
  if (manifest.parent) json[detail::kParentAnnotation] = manifest.parent->to_string();
  return json;
}

Layer read_layer(const Json& json, Fields& parent) {
  Fields fields(json, "layers[]");
  Layer layer;
  layer.media_type = fields.text("mediaType");
  layer.digest = fields.digest("digest");
  layer.size = fields.unsigned_number("size");
  Fields annotations(fields.object("annotations"), "layers[].annotations");
  layer.title = annotations.text(detail::kTitleAnnotation);
  parent.note(fields.problem());
  parent.note(annotations.problem());
  return layer;
}

}  // namespace

std::string artifact_media_type(std::string_view artifact) {
  std::string type("application/vnd.knhk.");
  type += artifact;
  type += ".v1";
  return type;
}

const Layer* Manifest::receipt() const noexcept {
  for (const Layer& candidate : layers) {
    if (candidate.media_type == receipts::kReceiptMediaType) return &candidate;
  }
  return nullptr;
}

const Layer* Manifest::layer(std::string_view title) const noexcept {
  for (const Layer& candidate : layers) {
    if (candidate.title == title) return &candidate;
  }
  return nullptr;
}

Result<std::string> to_json(const Manifest& manifest) {
  const std::string problem = problem_of(manifest);
  if (!problem.empty()) return fail(Errc::manifest_damaged, "manifest", problem);
  Json json = Json::object();
  json["schemaVersion"] = 2;
  json["mediaType"] = kManifestMediaType;
  json["artifactType"] = kSnapshotArtifactType;
  json["config"] = Json::object();
  json["config"]["mediaType"] = kEmptyMediaType;
  json["config"]["digest"] = kEmptyConfigDigest;
  json["config"]["size"] = 2;
  json["layers"] = Json::array();
  for (const Layer& layer : manifest.layers) json["layers"].push_back(to_object(layer));
  json["annotations"] = annotations_of(manifest);
  return receipts::dump_json(json, Errc::manifest_damaged, "manifest");
}

Result<Manifest> parse_manifest(std::string_view json, std::string_view where) {
  const Result<Json> parsed = receipts::parse_json(
      json, {.max_bytes = kMaxManifestBytes, .malformed = Errc::manifest_damaged, .where = where});
  if (!parsed) return fail(Errc::manifest_damaged, parsed.error().where, parsed.error().detail);
  Fields fields(*parsed, "");
  if (fields.unsigned_number("schemaVersion") != 2) fields.note("\"schemaVersion\" is not 2");
  if (fields.text("artifactType") != kSnapshotArtifactType) {
    fields.note("\"artifactType\" is not " + std::string(kSnapshotArtifactType));
  }
  Manifest manifest;
  for (const Json& item : fields.array("layers", kMaxLayers)) {
    manifest.layers.push_back(read_layer(item, fields));
  }
  Fields annotations(fields.object("annotations"), "annotations");
  manifest.created = annotations.text(detail::kCreatedAnnotation);
  manifest.snapshot = SnapshotId{annotations.digest(detail::kSnapshotAnnotation).bytes};
  if (const auto shapes = annotations.optional_digest(detail::kShapesAnnotation)) {
    manifest.shapes = SnapshotId{shapes->bytes};
  }
  manifest.domain = annotations.text(detail::kDomainAnnotation);
  manifest.compiler = annotations.text(detail::kCompilerAnnotation);
  manifest.parent = annotations.optional_digest(detail::kParentAnnotation);
  fields.note(annotations.problem());
  if (fields.ok()) fields.note(problem_of(manifest));
  if (!fields.ok()) return fail(Errc::manifest_damaged, std::string(where), fields.problem());
  return manifest;
}

}  // namespace knhk::store
