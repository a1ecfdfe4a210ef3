#include <algorithm>
#include <chrono>
#include <memory>

#include "cli/bench_table.hpp"
#include "cli/progress.hpp"
#include "knhk/hot_path/measure_crowd.hpp"
#include "knhk/hot_path/measure_promotion.hpp"
#include "knhk/hot_path/measure_visibility.hpp"
#include "knhk/hot_path/steady_promoter.hpp"

namespace knhk::cli {
namespace {

using hot_path::Samples;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// What is promoted and read here.
struct Table {
  std::uint64_t first = 0;
};

/// Why readers pay for fences, in words.
std::string reason_for_portable_fences() {
  if (hot_path::detail::kThreadSanitizer) return "ThreadSanitizer is built in, which needs them";
  if (hot_path::detail::Membarrier::is_forbidden()) return "KNHK_PORTABLE_FENCES=1 asks for them";
  return "membarrier(2) is missing here, or refused";
}

/// Measures one thing after the other, each for its share of the time. The repetitions of a phase
/// take all that it compares in turn.
class Bench {
 public:
  explicit Bench(const BenchOptions& options)
      : time_(options.seconds), path_(std::make_unique<hot_path::HotPath<Table>>()) {
    record_.machine = hot_path::this_machine();
    record_.fences = path_->init();
    if (record_.fences == hot_path::FenceMode::portable) {
      record_.portable_reason = reason_for_portable_fences();
    }
    most_readers_ = options.readers != 0 ? options.readers : record_.machine.usable_cores;
  }

  Result<Answer> run() {
    SnapshotId id;
    id.bytes.fill(1);
    auto publication = path_->prepare(id, std::make_shared<const Table>(), 1);
    if (!publication) return tl::unexpected(publication.error());
    publication->publish();
    publication->settle();
    record_.ticks.calibration = calibrate();
    record_.counter_step_ticks = record_.ticks.calibration.to_ticks(hot_path::counter_step());
    measure_reads();
    measure_crowds();
    measure_tails();
    measure_promotions();
    measure_visibility();
    Answer answer = describe(record_);
#if !defined(__OPTIMIZE__)
    answer.warnings.emplace_back("built without optimisation: these are not the library's figures");
#endif
    return answer;
  }

 private:
  static constexpr int kLeastRepetitions = 3;
  static constexpr std::chrono::milliseconds kPromotionInterval{1};

  /// Repeats `measure()` for a share of the time, three times at least: fewer have no spread.
  template <class Measure>
  void repeat(std::string_view phase, double share, const Measure& measure) {
    const auto start = Clock::now();
    const Seconds time = time_ * share;
    Seconds spent{0};
    progress_.show(phase, 0);
    for (int repetition = 1; repetition <= kLeastRepetitions || spent < time; ++repetition) {
      measure();
      spent = Clock::now() - start;
      progress_.show(phase, std::min(spent / time, repetition / double{kLeastRepetitions}));
    }
    progress_.wipe();
  }

  /// How long each of `parts` of a repetition lasts, so that there are some repetitions and each
  /// has some batches.
  [[nodiscard]] std::chrono::nanoseconds slice(double share, std::size_t parts) const {
    constexpr double kRepetitions = 7;
    const Seconds each = time_ * share / (kRepetitions * static_cast<double>(parts));
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::clamp<Seconds>(each, std::chrono::milliseconds(1), std::chrono::milliseconds(100)));
  }

  void measure_reads() {
    repeat("one reader", 0.3, [&] { record_.ticks.add(hot_path::measure_reads(*path_)); });
  }

  void measure_crowds() {
    constexpr double kShare = 0.2;
    for (unsigned readers = 1; readers < most_readers_; readers *= 2) {
      record_.crowds.push_back({readers, {}, {}, {}});
    }
    record_.crowds.push_back({most_readers_, {}, {}, {}});
    const auto time = slice(kShare, 3 * record_.crowds.size());
    repeat("readers at once", kShare, [&] {
      for (BenchRecord::Crowd& crowd : record_.crowds) {
        const auto cost = hot_path::measure_crowd(*path_, crowd.readers, time);
        crowd.current_id.add(cost.current_id.median());
        crowd.pin.add(cost.pin.median());
        crowd.sticky.add(cost.sticky.median());
      }
    });
  }

  void measure_tails() {
    constexpr double kShare = 0.2;
    // A core is left to the promoter where there are two.
    const unsigned cores = record_.machine.usable_cores;
    record_.tail_readers = std::min(most_readers_, std::max(1U, cores - 1));
    for (const std::string_view what : {"HotPath::current_id", "Reader::pin", "StickyReader"}) {
      for (const bool beside : {false, true}) record_.tails.push_back({what, beside, {}, {}, {}});
    }
    const auto time = slice(kShare, record_.tails.size());
    std::uint64_t promotions = 0;
    Seconds promoting{0};
    repeat("readers beside a promoter", kShare, [&] {
      add_tails(time, false);
      const auto start = Clock::now();
      const hot_path::SteadyPromoter promoter(*path_, kPromotionInterval);
      add_tails(time, true);
      promotions += promoter.promotions();
      promoting += Clock::now() - start;
    });
    record_.promotions_per_second = static_cast<double>(promotions) / promoting.count();
  }

  void add_tails(std::chrono::nanoseconds time, bool beside_promoter) {
    const auto cost = hot_path::measure_crowd(*path_, record_.tail_readers, time);
    const Samples* const ways[] = {&cost.current_id, &cost.pin, &cost.sticky};
    for (std::size_t way = 0; way < 3; ++way) {
      BenchRecord::Tail& tail = record_.tails[2 * way + (beside_promoter ? 1 : 0)];
      tail.p50.add(ways[way]->percentile(50));
      tail.p99.add(ways[way]->percentile(99));
      tail.p999.add(ways[way]->percentile(99.9));
    }
  }

  void measure_promotions() {
    repeat("promotions", 0.2, [&] {
      record_.ticks.add(hot_path::measure_publish(calibrate()));
      record_.promotion_alone.add(hot_path::measure_promotion(0));
      record_.promotion_beside_reader.add(hot_path::measure_promotion(1));
    });
  }

  void measure_visibility() {
    if (record_.machine.usable_cores < 2) return;
    BenchRecord::Visibility& visibility = record_.visibility.emplace();
    repeat("visibility on another core", 0.1, [&] {
      const hot_path::VisibilityCost cost = hot_path::measure_visibility();
      visibility.line.add(cost.line_ticks);
      visibility.word.add(cost.word_ticks);
      visibility.pin.add(cost.pin_ticks);
    });
  }

  Seconds time_;
  std::unique_ptr<hot_path::HotPath<Table>> path_;
  unsigned most_readers_ = 1;
  BenchRecord record_;
  Progress progress_;
};

}  // namespace

Result<Answer> run(const BenchOptions& options, const Settings&) { return Bench(options).run(); }

}  // namespace knhk::cli
