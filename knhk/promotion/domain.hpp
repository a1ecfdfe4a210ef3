#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/promotion/artifacts.hpp"
#include "knhk/promotion/blob.hpp"
#include "knhk/promotion/validation_context.hpp"
#include "knhk/receipts/receipt.hpp"

namespace knhk::promotion {

/// What a source is to its domain. A domain without rules reads `data` alone and refuses the rest.
enum class SourceRole : std::uint8_t {
  data,    ///< the content itself
  shapes,  ///< rules that the content is measured by
};

/// What `parse` gets: one file's bytes.
struct Source {
  std::string name;   ///< for messages, and a hint at the syntax: `data.ttl`
  std::string bytes;  ///< the whole content
  SourceRole role = SourceRole::data;
  std::string media_type = {};  ///< wins over the name as a hint; empty: unknown
  std::string base = {};        ///< what relative names in it are resolved against; empty: nothing
};

namespace detail {

template <class D>
concept HasParsed = requires { typename D::Parsed; };
template <class D>
concept HasArtifacts = requires { typename D::Artifacts; } && Artifacts<typename D::Artifacts>;
template <class D>
concept HasName = requires(const D& domain) {
  { domain.name() } -> std::convertible_to<std::string_view>;
};
template <class D>
concept HasCompilerVersion = requires(const D& domain) {
  { domain.compiler_version() } -> std::convertible_to<std::string_view>;
};
template <class D, class... Stop>
concept ParsesWith = HasParsed<D> && requires(const D& domain, std::span<const Source> sources,
                                              const Stop&... stop) {
  { domain.parse(sources, stop...) } -> std::same_as<Result<typename D::Parsed>>;
};
template <class D>
concept HasParse = ParsesWith<D> || ParsesWith<D, std::stop_token>;
template <class D, class... Stop>
concept IdentifiesWith = HasParsed<D> && requires(const D& domain, const typename D::Parsed& parsed,
                                                  const Stop&... stop) {
  { domain.id(parsed, stop...) } -> std::same_as<Result<SnapshotId>>;
};
template <class D>
concept HasId = IdentifiesWith<D> || IdentifiesWith<D, std::stop_token>;
template <class D>
concept HasShapesId = HasParsed<D> && requires(const D& domain, const typename D::Parsed& parsed) {
  { domain.shapes_id(parsed) } -> std::same_as<Result<std::optional<SnapshotId>>>;
};
template <class D, class... Stop>
concept CompilesWith = HasParsed<D> && requires(const D& domain, const typename D::Parsed& parsed,
                                                const Stop&... stop) {
  { domain.compile(parsed, stop...) } -> std::same_as<Result<std::vector<Blob>>>;
};
template <class D>
concept HasCompile = CompilesWith<D> || CompilesWith<D, std::stop_token>;
template <class D>
concept HasValidate =
    HasParsed<D> && requires(const D& domain, const typename D::Parsed& parsed,
                             std::span<const Blob> blobs, const ValidationContext& context) {
      {
        domain.validate(parsed, blobs, context)
      } -> std::same_as<Result<receipts::InvariantResults>>;
    };
template <class D>
concept HasLoad = HasArtifacts<D> &&
                  requires(const D& domain, const SnapshotId& id, std::vector<VerifiedBlob> blobs) {
                    {
                      domain.load(id, std::move(blobs))
                    } -> std::same_as<Result<std::shared_ptr<const typename D::Artifacts>>>;
                  };

}  // namespace detail

/// A kind of snapshot: how its sources become artifacts that can be promoted. A domain is a small
/// object of `const` functions, of which a pipeline keeps one.
///
/// An admission calls, in this order:
/// - `name()`: the domain's name in receipts and manifests, `routing-table`;
/// - `compiler_version()`: changes whenever `compile` would make other bytes of the same input;
/// - `parse(sources)`: `Parsed`, the content in memory; input that can't be read is an error;
/// - `id(parsed)`: the snapshot's identity, equal for equal content, whatever the syntax;
/// - `shapes_id(parsed)`: optional; the identity of the rules, nothing without rules;
/// - `compile(parsed)`: the blobs, one at least, names unique; a function of id, shapes id and
///   compiler version alone;
/// - `validate(parsed, blobs, context)`: the five invariants; a failed one is a result, not an
///   error.
///
/// A promotion calls `name()` and
/// - `load(id, verified blobs)`: the artifacts, made of all that `compile` made and nothing else.
///
/// `load` gets the blobs in the order in which `compile` gave them. It never parses sources.
///
/// `parse`, `id` and `compile` may take a `const std::stop_token&` after the rest, and `validate`
/// finds one in its context: a domain that asks it now and then and returns the error cancelled can
/// be called off in the middle. One that doesn't is called off when the function returns.
/// Threads: all functions may be called at once from several threads.
template <class D>
concept Domain =
    std::move_constructible<D> && detail::HasParsed<D> && detail::HasArtifacts<D> &&
    detail::HasName<D> && detail::HasCompilerVersion<D> && detail::HasParse<D> &&
    detail::HasId<D> && detail::HasCompile<D> && detail::HasValidate<D> && detail::HasLoad<D>;

/// Explains at compile time what keeps `D` from being a `Domain`, one sentence for each thing that
/// is missing. Always true where it compiles: `static_assert(explain_domain<MyDomain>());`
template <class D>
consteval bool explain_domain() {
  static_assert(std::move_constructible<D>, "knhk: a Domain must be movable");
  static_assert(detail::HasParsed<D>, "knhk: this Domain lacks a member type Parsed");
  static_assert(detail::HasArtifacts<D>,
                "knhk: this Domain lacks a member type Artifacts with snapshot_id() and "
                "blob_digests()");
  static_assert(detail::HasName<D>, "knhk: this Domain lacks name() const -> string_view");
  static_assert(detail::HasCompilerVersion<D>,
                "knhk: this Domain lacks compiler_version() const -> string_view");
  static_assert(detail::HasParse<D>,
                "knhk: this Domain lacks parse(span<const Source>) const -> Result<Parsed>, with a "
                "stop_token at the end or without");
  static_assert(detail::HasId<D>,
                "knhk: this Domain lacks id(const Parsed&) const -> Result<SnapshotId>, with a "
                "stop_token at the end or without");
  static_assert(
      detail::HasCompile<D>,
      "knhk: this Domain lacks compile(const Parsed&) const -> Result<vector<Blob>>, with "
      "a stop_token at the end or without");
  static_assert(detail::HasValidate<D>,
                "knhk: this Domain lacks validate(const Parsed&, span<const Blob>, const "
                "ValidationContext&) const -> Result<receipts::InvariantResults>");
  static_assert(detail::HasLoad<D>,
                "knhk: this Domain lacks load(const SnapshotId&, vector<VerifiedBlob>) const -> "
                "Result<shared_ptr<const Artifacts>>");
  return true;
}

}  // namespace knhk::promotion
