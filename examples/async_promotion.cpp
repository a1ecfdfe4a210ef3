// Promotes two versions of a small ontology while the caller does something else, and calls a third
// off: as futures, as a coroutine, with progress.

#include <chrono>
#include <coroutine>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <string>
#include <vector>

#include "knhk/ontology/current_snapshot.hpp"
#include "knhk/ontology/domain.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"

namespace {

using knhk::promotion::Source;
using Pipeline = knhk::promotion::PromotionPipeline<knhk::ontology::OntologyDomain>;

std::vector<Source> tea(const std::string& minutes) {
  return {{"tea.ttl",
           "@prefix tea: <https://example.org/tea#> . tea:assam tea:minutes " + minutes + " ."}};
}

// region: future
knhk::Status promote_in_the_background(Pipeline& pipeline) {
  auto admission = pipeline.admit_async(tea("4"));
  // The caller does something else here, and looks in now and then with is_ready() or wait_for().
  const auto admitted = admission.get();
  if (!admitted) return tl::unexpected(admitted.error());

  knhk::promotion::PromoteOptions options;
  options.reason = "first flush";
  const auto report = pipeline.promote_snapshot_async(admitted->snapshot, options).get();
  if (!report) return tl::unexpected(report.error());
  std::cout << "epoch " << report->epoch << ", from the background\n";
  return {};
}
// end: future

// region: coroutine
/// The smallest coroutine type there is: it begins at once, and nobody waits for it.
struct Task {
  struct promise_type {
    Task get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() { throw; }
  };
};

Task admit_and_promote(Pipeline& pipeline, std::vector<Source> sources,
                       std::promise<knhk::Status>& done) {
  const auto admitted = co_await pipeline.admit_async(std::move(sources));
  if (!admitted) {
    done.set_value(tl::unexpected(admitted.error()));
    co_return;
  }
  // From here on it runs on the pipeline's thread.
  const auto report = co_await pipeline.promote_snapshot_async(admitted->snapshot);
  if (report) std::cout << "epoch " << report->epoch << ", from a coroutine\n";
  done.set_value(report ? knhk::Status() : tl::unexpected(report.error()));
}
// end: coroutine

// region: cancel
/// Admits, but not if that takes longer than `budget`: an error with the code `cancelled` then, and
/// nothing has changed.
knhk::Result<knhk::promotion::Admission> admit_within(Pipeline& pipeline,
                                                      std::chrono::milliseconds budget,
                                                      std::vector<Source> sources) {
  using knhk::telemetry::Progress;
  knhk::promotion::AdmitOptions options;
  options.on_progress = [](const Progress& progress) {
    std::cout << name(progress.phase)
              << (progress.step == Progress::Step::begun ? " begins\n" : " has ended\n");
  };
  auto admission = pipeline.admit_async(std::move(sources), options);
  if (!admission.wait_for(budget)) admission.cancel();
  return admission.get();
}
// end: cancel

knhk::Status run_in(const std::filesystem::path& folder) {
  auto key = knhk::crypto::PrivateKey::generate_ed25519();
  if (!key) return knhk::forward_error(std::move(key));
  auto store = knhk::store::Store::create(folder / "store", "tea");
  if (!store) return knhk::forward_error(std::move(store));
  knhk::receipts::TrustedKeys trusted;
  trusted.add(key->public_key());
  Pipeline pipeline(*store, knhk::ontology::OntologyDomain(), knhk::ontology::default_hot_path,
                    trusted, &*key);

  if (auto first = promote_in_the_background(pipeline); !first) return first;
  std::promise<knhk::Status> done;
  admit_and_promote(pipeline, tea("5"), done);
  if (auto second = done.get_future().get(); !second) return second;
  if (auto third = admit_within(pipeline, std::chrono::minutes{1}, tea("6")); !third) {
    return knhk::forward_error(std::move(third));
  }
  std::stop_source nobody_waits;
  nobody_waits.request_stop();
  knhk::promotion::PromoteOptions options;
  options.stop = nobody_waits.get_token();
  const auto unwanted =
      pipeline.promote_snapshot_async(knhk::ontology::current_snapshot().id(), options).get();
  std::cout << (unwanted ? "promoted after all" : to_string(unwanted.error())) << "\n";
  return {};
}

}  // namespace

int main() {
  std::string folder = (std::filesystem::temp_directory_path() / "knhk-async-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 3;
  const knhk::Status status = run_in(folder);
  if (!status) std::cerr << to_string(status.error()) << "\n";
  std::filesystem::remove_all(folder);
  return status ? 0 : 1;
}
