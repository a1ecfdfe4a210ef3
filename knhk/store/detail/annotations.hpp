#pragma once

namespace knhk::store::detail {

// Keys of OCI annotations: the image-spec's and ours.
inline constexpr const char* kCreatedAnnotation = "org.opencontainers.image.created";
inline constexpr const char* kTitleAnnotation = "org.opencontainers.image.title";
inline constexpr const char* kRefNameAnnotation = "org.opencontainers.image.ref.name";
inline constexpr const char* kSnapshotAnnotation = "vnd.knhk.snapshot.id";
inline constexpr const char* kShapesAnnotation = "vnd.knhk.shapes.id";
inline constexpr const char* kDomainAnnotation = "vnd.knhk.domain";
inline constexpr const char* kCompilerAnnotation = "vnd.knhk.compiler";
inline constexpr const char* kParentAnnotation = "vnd.knhk.parent";

}  // namespace knhk::store::detail
