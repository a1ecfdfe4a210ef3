#include "cli/shoppers.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>

#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::cli {
namespace {

constexpr std::string_view kToday = "\"2026-12-01\"";
constexpr unsigned kOffers = 40;  // that every version has

/// Whether the offer is on sale: as dates are written, the earlier one comes first.
bool is_on_sale(const projections::Index& index, std::string_view offer) {
  projections::Pattern pattern;
  pattern.subject = offer;
  pattern.predicate = "<https://example.org/shop/vocabulary#validFrom>";
  const auto starts = index.objects(pattern).answer;
  return starts.size() == 1 && starts.front().substr(0, kToday.size()) <= kToday;
}

void shop(ontology::OntologyHotPath& path, promotion::Health& health,
          telemetry::ReadSamples& samples, const std::stop_token& stop) {
  std::vector<std::string> offers;
  for (unsigned i = 1; i <= kOffers; ++i) {
    offers.push_back(fmt::format("<https://example.org/shop/catalogue/offer-{:04}>", i));
  }
  // region: use
  hot_path::StickyReader reader(path);
  promotion::HealthReader recorder(health);
  telemetry::ReadSampler sampler(samples);
  for (std::size_t i = 0; !stop.stop_requested(); i = (i + 1) % offers.size()) {
    const auto begin = std::chrono::steady_clock::now();
    const auto& snapshot = sampler([&]() -> decltype(auto) { return reader.current(); });
    if (!snapshot) {
      std::this_thread::yield();
      continue;
    }
    const auto outcome = is_on_sale(snapshot->index(), offers[i]) ? promotion::Outcome::succeeded
                                                                  : promotion::Outcome::failed;
    recorder.record(snapshot.epoch(), outcome, std::chrono::steady_clock::now() - begin);
  }
  // end: use
}

}  // namespace

Shoppers::Shoppers(ontology::OntologyHotPath& path, promotion::Health& health,
                   telemetry::ReadSamples& samples, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    threads_.emplace_back([&path, &health, &samples](const std::stop_token& stop) {
      shop(path, health, samples, stop);
    });
  }
}

}  // namespace knhk::cli
