// Two versions of a routing table are admitted and promoted while a thread forwards packets.

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "knhk/hot_path/sticky_reader.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"
#include "routing_table.hpp"

namespace {

using knhk::promotion::AdmissionOutcome;
using Pipeline = knhk::promotion::PromotionPipeline<routing_table::RoutingTableDomain>;

constexpr std::string_view kFirst =
    "0.0.0.0/0        192.0.2.1    # everything else\n"
    "198.51.0.0/16    192.0.2.10\n"
    "198.51.100.0/24  192.0.2.11\n";
constexpr std::string_view kSecond =
    "198.51.100.0/24  192.0.2.12    # moved\n"
    "198.51.0.0/16    192.0.2.10\n"
    "0.0.0.0/0        192.0.2.1\n";
constexpr std::string_view kContradiction =
    "0.0.0.0/0        192.0.2.1\n"
    "198.51.0.0/16    192.0.2.10\n"
    "198.51.0.0/16    192.0.2.66\n";

/// What the forwarding thread found.
struct Forwarded {
  std::atomic<bool> done{false};
  std::atomic<long> packets{0};
  std::atomic<long> wrong{0};
};

using Path = knhk::hot_path::HotPath<routing_table::RoutingTable>;

void forward(Path& path, Forwarded& forwarded) {
  knhk::hot_path::StickyReader reader(path);
  const auto destination = routing_table::parse_address("198.51.100.7").value_or(0);
  while (!forwarded.done.load(std::memory_order_acquire)) {
    const auto& table = reader.current();  // one view per packet
    const std::string hop = routing_table::to_text(table->next_hop(destination));
    if (hop != "192.0.2.11" && hop != "192.0.2.12") forwarded.wrong.fetch_add(1);
    forwarded.packets.fetch_add(1, std::memory_order_relaxed);
  }
}

/// True when the text was admitted and promoted, false when an invariant refused it.
knhk::Result<bool> admit_and_promote(Pipeline& pipeline, const char* name, std::string_view text) {
  const knhk::promotion::Source source{name, std::string(text)};
  auto admission = pipeline.admit({&source, 1});
  if (!admission) return knhk::forward_error(std::move(admission));
  std::printf("%s is %s\n", name, admission->snapshot.to_string().c_str());
  for (const auto& invariant : admission->invariants) {
    if (invariant.outcome == knhk::receipts::Outcome::failed) {
      std::printf("  refused: %s %s: %s\n", invariant.name.c_str(), invariant.title.c_str(),
                  invariant.detail.c_str());
    }
  }
  if (admission->outcome == AdmissionOutcome::refused) return false;
  auto report = pipeline.promote_snapshot(admission->snapshot);
  if (!report) return knhk::forward_error(std::move(report));
  std::printf("  promoted as epoch %llu in %.3f ms\n",
              static_cast<unsigned long long>(report->epoch),
              static_cast<double>(report->total.count()) / 1e6);
  return true;
}

/// Promotes, is refused, and rolls back, while packets are forwarded.
knhk::Status run(Pipeline& pipeline, Path& path, Forwarded& forwarded) {
  if (auto first = admit_and_promote(pipeline, "first.txt", kFirst); !first) {
    return knhk::forward_error(std::move(first));
  }
  std::jthread forwarder([&] { forward(path, forwarded); });
  const auto story = [&]() -> knhk::Status {
    auto second = admit_and_promote(pipeline, "second.txt", kSecond);
    if (!second) return knhk::forward_error(std::move(second));
    auto third = admit_and_promote(pipeline, "contradiction.txt", kContradiction);
    if (!third) return knhk::forward_error(std::move(third));
    auto back = pipeline.roll_back({std::nullopt, "the example goes back"});
    if (!back) return knhk::forward_error(std::move(back));
    std::printf("rolled back to %s as epoch %llu\n", back->snapshot.to_string().c_str(),
                static_cast<unsigned long long>(back->epoch));
    return {};
  };
  knhk::Status told = story();
  while (forwarded.packets.load(std::memory_order_relaxed) < 10'000) std::this_thread::yield();
  forwarded.done.store(true, std::memory_order_release);
  return told;
}

knhk::Status run_in(const std::filesystem::path& folder) {
  auto key = knhk::crypto::PrivateKey::generate_ed25519();
  if (!key) return knhk::forward_error(std::move(key));
  auto store = knhk::store::Store::create(folder / "store", "example");
  if (!store) return knhk::forward_error(std::move(store));
  knhk::receipts::TrustedKeys keys;
  keys.add(key->public_key());
  static Path path;
  Pipeline pipeline(*store, {}, path, keys, &*key);
  Forwarded forwarded;
  knhk::Status status = run(pipeline, path, forwarded);
  std::printf("packets forwarded: %ld, wrong answers: %ld\n", forwarded.packets.load(),
              forwarded.wrong.load());
  return status;
}

}  // namespace

int main() {
  std::string folder = (std::filesystem::temp_directory_path() / "knhk-routing-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 3;
  const knhk::Status status = run_in(folder);
  if (!status) std::fprintf(stderr, "%s\n", to_string(status.error()).c_str());
  std::filesystem::remove_all(folder);
  return status ? 0 : 1;
}
