#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>

#include "cli/admit.hpp"
#include "cli/bake_diary.hpp"
#include "cli/demo_table.hpp"
#include "cli/example_files.hpp"
#include "cli/invariants.hpp"
#include "cli/json.hpp"
#include "cli/observation.hpp"
#include "cli/reader_crowd.hpp"
#include "cli/shoppers.hpp"
#include "cli/text.hpp"
#include "knhk/crypto/key.hpp"
#include "knhk/promotion/baking.hpp"
#include "knhk/promotion/channel_metrics.hpp"
#include "knhk/store/store.hpp"

namespace knhk::cli {
namespace {

/// A new folder that goes when this object does.
class TemporaryFolder {
 public:
  [[nodiscard]] static Result<TemporaryFolder> make() {
    std::error_code problem;
    const auto parent = std::filesystem::temp_directory_path(problem);
    if (problem)
      return fail(Errc::io_error, "", "no folder for temporary files: " + problem.message());
    std::string path = (parent / "knhk-demo-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) {
      return fail(Errc::io_error, path, "cannot make a temporary folder");
    }
    return TemporaryFolder(path);
  }
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

Sight inspect(const ontology::OntologyArtifacts& artifacts, const SnapshotId& id) {
  if (!artifacts.is_whole()) return Sight::freed;
  return artifacts.snapshot_id() == id ? Sight::intact : Sight::torn;
}

using Crowd = ReaderCrowd<ontology::OntologyArtifacts, hot_path::DefaultTraits, decltype(&inspect)>;

std::vector<promotion::Source> sources_of(std::string_view name, std::string_view data) {
  using promotion::SourceRole;
  return {{std::string(name), std::string(data), SourceRole::data, "", ""},
          {"shapes.ttl", std::string(example_shapes()), SourceRole::shapes, "", ""}};
}

/// The story, step by step. Each step prints as it happens, unless JSON was asked for.
class Demo {
 public:
  Demo(const DemoOptions& options, bool quiet, const store::Store& store,
       const receipts::TrustedKeys& trusted, const crypto::PrivateKey& key,
       promotion::Health& health, std::unique_ptr<promotion::Baking> baking,
       Observation& observation)
      : options_(options),
        quiet_(quiet),
        baking_(std::move(baking)),
        pipeline_(store, ontology::OntologyDomain(), path_, trusted, &key,
                  pipeline_options(observation)),
        crowd_(path_, options.readers, &inspect),
        shoppers_(path_, health, samples_, kShoppers),
        tender_([this](const std::stop_token& stop) {
          pipeline_.tend_bakes(stop, policy(options_).window / 4,
                               [this](const auto& told) { diary_.note(told); });
        }) {
    telemetry::MetricSources& sources = observation.sources();
    sources.add(promotion::metrics_of(path_, kChannel));
    sources.add(promotion::metrics_of(store));
    sources.add([this](auto& metrics) { baking_->collect(kChannel, metrics); });
    sources.add([this](auto& metrics) { samples_.collect(metrics); });
  }

  /// How the demo's snapshots are judged: five windows, of which two bad ones in a row are enough.
  static promotion::SloPolicy policy(const DemoOptions& options) {
    // region: policy
    promotion::SloPolicy policy;
    policy.max_error_rate = 0.001;
    policy.max_error_rate_increase = 0.001;
    policy.window = std::max<std::chrono::nanoseconds>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(
            std::chrono::duration<double>(options.seconds / kWindows)),
        std::chrono::milliseconds(50));
    policy.bake_time = policy.window * kWindows;
    policy.min_samples = 20;
    policy.consecutive_breaches = 2;
    // end: policy
    return policy;
  }

  Result<Answer> run() {
    say("1. " + counted(options_.readers, "reader thread") + " hammer the hot path and " +
        counted(kShoppers, "shopper") + " use it; nothing is promoted yet\n");
    const auto first = advance("v1.ttl", example_v1(), "2. ");
    if (!first) return tl::unexpected(first.error());
    const auto second = advance("v2.ttl", example_v2(), "3. ");
    if (!second) return tl::unexpected(second.error());
    if (auto refused = refuse("v3.ttl", example_v3()); !refused) {
      return forward_error(std::move(refused));
    }
    if (auto back = go_back(*first); !back) return forward_error(std::move(back));
    if (auto rejected = reject("v4.ttl", example_v4(), *first); !rejected) {
      return forward_error(std::move(rejected));
    }
    record_.tally = crowd_.tally();
    shoppers_.stop();
    crowd_.stop();
    say("7. readers and shoppers stop; now the ticks are counted\n\n");
    record_.ticks.calibration = calibrate();
    for (int repetition = 0; repetition < kTickRepetitions; ++repetition) {
      record_.ticks.add(hot_path::measure_reads(path_));
      record_.ticks.add(hot_path::measure_publish(calibrate()));
    }
    Answer answer = describe(record_);
    answer.exit_code = record_.tally.is_clean() ? 0 : 1;
    return answer;
  }

 private:
  static constexpr const char* kChannel = "demo";
  static constexpr int kTickRepetitions = 5;
  static constexpr unsigned kShoppers = 2;
  static constexpr int kWindows = 5;
  static constexpr std::chrono::seconds kPatience{60};

  promotion::PipelineOptions pipeline_options(Observation& observation) {
    promotion::PipelineOptions options;
    observation.watch(options);
    options.channel = kChannel;
    options.actor = "knhk demo";
    options.baking = baking_.get();
    return options;
  }

  static shacl::TextOptions text_options() {
    shacl::TextOptions options;
    options.prefixes = {{"shop", "https://example.org/shop/vocabulary#"},
                        {"item", "https://example.org/shop/catalogue/"},
                        {"rule", "https://example.org/shop/shapes#"}};
    return options;
  }

  void say(const std::string& text) const {
    if (quiet_) return;
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  }

  /// Lets every reader see what is current now, for a while.
  void let_readers_look() const {
    crowd_.wait_for_a_round();
    std::this_thread::sleep_for(std::chrono::duration<double>(options_.seconds));
  }

  Result<promotion::Admission> admit(std::string_view name, std::string_view data) {
    auto admission = pipeline_.admit(sources_of(name, data), {parent_, std::nullopt});
    if (admission) record_.add(name, admission->phases);
    return admission;
  }

  /// Admits and promotes what passes every check.
  Result<promotion::PromotionReport> promote(std::string_view name, std::string_view data,
                                             const char* number) {
    const auto admission = admit(name, data);
    if (!admission) return tl::unexpected(admission.error());
    if (admission->outcome == promotion::AdmissionOutcome::refused) {
      say(describe(*admission, sources_of(name, data)).text);
      return fail(Errc::invariant_failed, std::string(name), "should have been admitted");
    }
    crowd_.announce(admission->snapshot);
    auto report = pipeline_.promote_snapshot(admission->snapshot, {std::nullopt, "demo"});
    if (!report) return report;
    record_.add(name, report->phases);
    parent_ = report->manifest;
    say(std::string(number) + std::string(name) +
        " is admitted and promoted: " + abbreviated(report->snapshot) + ", epoch " +
        std::to_string(report->epoch) + "\n" + to_text(admission->invariants, 5));
    return report;
  }

  /// The version is sound, and use shows it: it becomes the last known good one.
  Result<SnapshotId> advance(std::string_view name, std::string_view data, const char* number) {
    const auto report = promote(name, data, number);
    if (!report) return tl::unexpected(report.error());
    crowd_.wait_for_a_round();
    const auto bake = diary_.wait_for_decision(report->epoch, kPatience);
    if (!bake) return tl::unexpected(bake.error());
    record_.add_bake(name, *bake);
    say("     on trial  " + describe_bake(*bake) + "\n");
    return report->snapshot;
  }

  /// The version is sound by every rule, and bad in use.
  Status reject(std::string_view name, std::string_view data, const SnapshotId& expected) {
    const auto report = promote(name, data, "6. ");
    if (!report) return tl::unexpected(report.error());
    const auto bake = diary_.wait_for_decision(report->epoch, kPatience);
    if (!bake) return tl::unexpected(bake.error());
    record_.add_bake(name, *bake);
    const promotion::BakeReport& end = bake->back();
    if (!end.rollback || path_.current_id() != expected) {
      return fail(Errc::verification_failed, std::string(name),
                  "should have been rolled back by itself: " + describe_bake(*bake));
    }
    record_.add("automatic", end.rollback->phases);
    say("     on trial  " + describe_bake(*bake) + "\n     v1.ttl is back by itself, epoch " +
        std::to_string(end.rollback->epoch) + "; v4.ttl waits in quarantine for a person\n");
    const auto again = pipeline_.promote_snapshot(report->snapshot);
    if (again || again.error().code != Errc::quarantined) {
      return fail(Errc::verification_failed, std::string(name), "should be in quarantine");
    }
    return {};
  }

  /// Offers a version that must not get through.
  Status refuse(std::string_view name, std::string_view data) {
    const SnapshotId before = path_.current_id();
    const auto sources = sources_of(name, data);
    const auto admission = admit(name, data);
    if (!admission) return tl::unexpected(admission.error());
    if (admission->outcome != promotion::AdmissionOutcome::refused) {
      return fail(Errc::verification_failed, std::string(name), "should have been refused");
    }
    const auto promoted = pipeline_.promote_snapshot(admission->snapshot);
    if (promoted || path_.current_id() != before) {
      return fail(Errc::verification_failed, std::string(name), "was promoted although refused");
    }
    const auto report = report_on(sources);
    if (!report) return tl::unexpected(report.error());
    say("4. " + std::string(name) + " is refused; v2.ttl stays current\n" +
        to_text(admission->invariants, 5) + "\n" + shacl::to_text(*report, text_options()) + "\n");
    record_.refusal = json_of(admission->invariants);
    let_readers_look();
    return {};
  }

  Status go_back(const SnapshotId& expected) {
    const auto report = pipeline_.roll_back({std::nullopt, "demo: back to v1"});
    if (!report) return tl::unexpected(report.error());
    if (report->snapshot != expected || path_.current_id() != expected) {
      return fail(Errc::verification_failed, "v1.ttl", "should be current after the rollback");
    }
    record_.add("rollback", report->phases);
    say("5. v1.ttl comes back by rollback: " + abbreviated(report->snapshot) + ", epoch " +
        std::to_string(report->epoch) + "\n");
    let_readers_look();
    return {};
  }

  const DemoOptions& options_;
  bool quiet_;
  ontology::OntologyHotPath path_;
  std::unique_ptr<promotion::Baking> baking_;
  telemetry::ReadSamples samples_{kChannel};
  BakeDiary diary_;
  Pipeline pipeline_;
  Crowd crowd_;
  Shoppers shoppers_;
  std::optional<Digest> parent_;
  DemoRecord record_;
  std::jthread tender_;  // last: stopped and joined before the rest goes
};

}  // namespace

Result<Answer> run(const DemoOptions& options, const Settings& settings) {
  const auto folder = TemporaryFolder::make();
  if (!folder) return tl::unexpected(folder.error());
  const auto store = store::Store::create(folder->path() / "store", "demo");
  if (!store) return tl::unexpected(store.error());
  const auto key = crypto::PrivateKey::generate_ed25519();
  if (!key) return tl::unexpected(key.error());
  receipts::TrustedKeys trusted;
  trusted.add(key->public_key());
  promotion::Health health;
  auto baking = promotion::Baking::make(health, Demo::policy(options));
  if (!baking) return forward_error(std::move(baking));
  Observation observation;
  Demo demo(options, settings.json, *store, trusted, *key, health, *std::move(baking), observation);
  const auto port = observation.serve_metrics(
      options.scrape.empty() ? std::nullopt : std::optional<std::string>(options.scrape));
  Result<Answer> answer = port ? demo.run() : Result<Answer>(tl::unexpected(port.error()));
  observation.finish();  // while there is still something to ask for figures
  return answer;
}

}  // namespace knhk::cli
