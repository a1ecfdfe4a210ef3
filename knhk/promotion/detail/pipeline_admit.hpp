#pragma once

// The admission of `PromotionPipeline`, included by its header.

#include <string>
#include <utility>
#include <vector>

#include "knhk/crypto/hash.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"

namespace knhk::promotion {

template <class D, class Traits>
Result<Admission> PromotionPipeline<D, Traits>::admit_timed(std::span<const Source> sources,
                                                            const AdmitOptions& options,
                                                            telemetry::PhaseTimer& timer) {
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
    auto content = domain_.parse(sources);
    if (!content) return forward_error(std::move(content));
    parsed.emplace(*std::move(content));
    auto id = domain_.id(*parsed);
    if (!id) return forward_error(std::move(id));
    admission.snapshot = *id;
    if constexpr (detail::HasShapesId<D>) {
      auto shapes = domain_.shapes_id(*parsed);
      if (!shapes) return forward_error(std::move(shapes));
      admission.shapes = *shapes;
    }
    return domain_.compile(*parsed);
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
                                                verify_options(), admission);
  if (!stored) return tl::unexpected(stored.error());
  return admission;
}

}  // namespace knhk::promotion
