#pragma once

// The admission of `PromotionPipeline`, included by its header.

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "knhk/crypto/hash.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"

namespace knhk::promotion {
namespace detail {

// Each function of a domain with a stop token if it takes one, else without.

template <class D>
auto parse(const D& domain, std::span<const Source> sources, const std::stop_token& stop) {
  if constexpr (ParsesWith<D, std::stop_token>) {
    return domain.parse(sources, stop);
  } else {
    return domain.parse(sources);
  }
}
template <class D>
auto identify(const D& domain, const typename D::Parsed& parsed, const std::stop_token& stop) {
  if constexpr (IdentifiesWith<D, std::stop_token>) {
    return domain.id(parsed, stop);
  } else {
    return domain.id(parsed);
  }
}
template <class D>
auto compile(const D& domain, const typename D::Parsed& parsed, const std::stop_token& stop) {
  if constexpr (CompilesWith<D, std::stop_token>) {
    return domain.compile(parsed, stop);
  } else {
    return domain.compile(parsed);
  }
}

}  // namespace detail

template <class D, class Traits>
Result<Admission> PromotionPipeline<D, Traits>::admit_timed(std::span<const Source> sources,
                                                            const AdmitOptions& options,
                                                            detail::AttemptTimer& timer) {
  if (signer_ == nullptr) {
    return fail(Errc::key_missing, "", "without a signing key nothing can be admitted");
  }
  Admission admission;
  detail::AdmissionRequest request;
  request.valid_for = options.valid_for;
  request.receipt.domain = std::string(domain_.name());
  request.receipt.compiler = std::string(domain_.compiler_version());
  request.receipt.parent = options.parent;

  std::optional<typename D::Parsed> parsed;
  auto blobs = timer.time(Phase::compilation, [&]() -> Result<std::vector<Blob>> {
    auto content = detail::parse(domain_, sources, timer.stop());
    if (!content) return forward_error(std::move(content));
    parsed.emplace(*std::move(content));
    if (Status go = timer.check(); !go) return forward_error(std::move(go));
    auto id = detail::identify(domain_, *parsed, timer.stop());
    if (!id) return forward_error(std::move(id));
    admission.snapshot = *id;
    if constexpr (detail::HasShapesId<D>) {
      auto shapes = domain_.shapes_id(*parsed);
      if (!shapes) return forward_error(std::move(shapes));
      admission.shapes = *shapes;
    }
    if (Status go = timer.check(); !go) return forward_error(std::move(go));
    return detail::compile(domain_, *parsed, timer.stop());
  });
  if (!blobs) return forward_error(std::move(blobs));
  if (Status named = detail::check_blob_names(*blobs); !named) {
    return forward_error(std::move(named));
  }
  for (const Blob& blob : *blobs) {
    admission.artifacts.push_back({blob.name, crypto::sha256(blob.bytes)});
  }

  auto results = timer.time(Phase::validation, [&] {
    ValidationContext context;
    context.thread_count = options_.thread_count;
    context.stop = timer.stop();
    if (options.parent) context.parent = detail::gather_parent(store_, keys_, *options.parent);
    return domain_.validate(*parsed, *blobs, context);
  });
  if (!results) return forward_error(std::move(results));
  admission.invariants = *std::move(results);
  admission.phases = timer.times();
  if (!receipts::all_hold(admission.invariants)) return admission;  // refused

  request.receipt.snapshot = admission.snapshot;
  request.receipt.shapes = admission.shapes;
  request.receipt.artifacts = admission.artifacts;
  request.receipt.invariants = admission.invariants;
  request.blobs = *blobs;
  const Status stored = detail::store_admission(store_, keys_, *signer_, std::move(request),
                                                verify_options(), timer, admission);
  if (!stored) return tl::unexpected(stored.error());
  return admission;
}

}  // namespace knhk::promotion
