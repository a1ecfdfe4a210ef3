#pragma once

#include <thread>
#include <vector>

#include "knhk/ontology/current_snapshot.hpp"
#include "knhk/promotion/health.hpp"
#include "knhk/telemetry/read_samples.hpp"

namespace knhk::cli {

/// Threads that use the retail catalogue as a shop would: one request after another, each for an
/// offer that must be on sale on the day of the story, and each recorded as a success or a failure
/// of the snapshot that answered it.
///
/// Threads: made and destroyed by one thread. Destruction stops and joins the shoppers.
/// Lifetime: what it is made with must outlive it.
class Shoppers {
 public:
  Shoppers(ontology::OntologyHotPath& path, promotion::Health& health,
           telemetry::ReadSamples& samples, unsigned count);
  Shoppers(const Shoppers&) = delete;
  Shoppers& operator=(const Shoppers&) = delete;

  /// Stops and joins them.
  void stop() { threads_.clear(); }

 private:
  std::vector<std::jthread> threads_;
};

}  // namespace knhk::cli
