#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/promotion/testing/evidence_maker.hpp"

namespace knhk::promotion::testing {

/// A clock that calls back when it is asked: for the steady time, as whenever a phase begins or
/// ends, and for the time of day, as whenever an entry is tried for. For what goes wrong in
/// between.
class CallingClock final : public Clock {
 public:
  explicit CallingClock(
      std::function<void()> on_steady, std::function<void()> on_day = [] {})
      : on_steady_(std::move(on_steady)), on_day_(std::move(on_day)) {}
  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    on_day_();
    return a_day();
  }
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
    on_steady_();
    return {};
  }

 private:
  std::function<void()> on_steady_;
  std::function<void()> on_day_;
};

/// A store, keys, a hot path, and pipelines between them.
class PipelineTest : public ::testing::Test {
 protected:
  using Path = hot_path::HotPath<Note>;
  using Pipeline = PromotionPipeline<NoteDomain>;

  [[nodiscard]] PipelineOptions options() {
    PipelineOptions options;
    options.actor = "tester";
    options.clock = &maker.clock;
    options.telemetry = &telemetry;
    options.thread_count = 1;
    return options;
  }
  [[nodiscard]] Pipeline pipeline() { return pipeline(options()); }
  [[nodiscard]] Pipeline pipeline(const PipelineOptions& with) {
    return Pipeline(store, domain, path, maker.keys, &maker.key, with);
  }
  [[nodiscard]] Pipeline pipeline_signing_with(const crypto::PrivateKey* signer) {
    return Pipeline(store, domain, path, maker.keys, signer, options());
  }

  static std::vector<Source> note(std::string_view text) {
    return {{"note.txt", std::string(text), SourceRole::data, "", ""}};
  }
  Admission admit(std::string_view text, const AdmitOptions& with = {}) {
    Admission admission = must(pipeline().admit(note(text), with));
    EXPECT_NE(admission.outcome, AdmissionOutcome::refused);
    return admission;
  }
  PromotionReport promote(std::string_view text) {
    return must(pipeline().promote_snapshot(id_of(text), {std::nullopt, "because"}));
  }
  PromotionReport admit_and_promote(std::string_view text) {
    admit(text);
    return promote(text);
  }
  store::VerifiedLog log() { return must(store::PromotionLog(store, maker.keys).read()); }

  /// Every file of the store with its bytes, but for the lock.
  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(store.path())) {
      if (!entry.is_regular_file() || entry.path().filename() == "lock") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      found[entry.path()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return found;
  }
  [[nodiscard]] std::filesystem::path blob_file(const Digest& digest) const {
    return store.path() / "blobs" / "sha256" / digest.hex();
  }

  /// Calls `change`, which must fail with `code` and leave store and hot path as they were.
  template <class Change>
  void expect_failure(Errc code, const Change& change) {
    const auto files_before = files();
    const hot_path::Published published_before = path.published();
    const auto result = change();
    ASSERT_FALSE(result);
    EXPECT_EQ(name(result.error().code), name(code)) << to_string(result.error());
    EXPECT_EQ(files(), files_before);
    EXPECT_EQ(path.published(), published_before);
    EXPECT_TRUE(path.prepare(id_of("x"), maker.note("x"), 1)) << "the writer token is not free";
  }

  TemporaryFolder folder;
  EvidenceMaker maker;
  store::Store store = must(store::Store::create(folder.path() / "store", "test"));
  NoteDomain domain;
  Path path;
  telemetry::PromotionTelemetry telemetry;
};

}  // namespace knhk::promotion::testing
