#include "knhk/hot_path/checked/scenarios.hpp"

#include <array>
#include <string>

#include "knhk/hot_path/checked/world.hpp"

namespace knhk::hot_path::checked {
namespace {

using Bodies = std::vector<std::function<void()>>;

/// The bodies of threads, over a world that they share.
template <class Traits>
class Cast {
 public:
  using W = World<Traits>;
  explicit Cast(Machine& machine) : machine_(machine), world_(new W(machine)) {}

  void adds_pins(int times) {
    bodies_.emplace_back([this, times] {
      Reader<Snapshot, Traits> reader(world_->path());
      typename W::Witness witness;
      for (int i = 0; i < times; ++i) world_->pin(reader, witness);
    });
    ++readers_;
  }
  void adds_sticky(int times) {
    bodies_.emplace_back([this, times] {
      StickyReader<Snapshot, Traits> reader(world_->path());
      typename W::Witness witness;
      for (int i = 0; i < times; ++i) {
        world_->follow(reader, witness);
        if (machine_.choices().below(4) == 0) reader.release();
      }
    });
    ++readers_;
  }
  void adds_ids(int times) {
    bodies_.emplace_back([this, times] {
      typename W::Witness witness;
      for (int i = 0; i < times; ++i) world_->read_ids(witness);
    });
  }
  /// A thread that registers anew for each read.
  void adds_newcomer(int times) {
    bodies_.emplace_back([this, times] {
      typename W::Witness witness;
      for (int i = 0; i < times; ++i) {
        if (machine_.choices().flips()) {
          Reader<Snapshot, Traits> reader(world_->path());
          world_->pin(reader, witness);
        } else {
          StickyReader<Snapshot, Traits> reader(world_->path());
          world_->follow(reader, witness);
        }
      }
    });
    ++readers_;
  }
  void adds_promoter(int times) {
    bodies_.emplace_back([this, times] {
      for (int i = 0; i < times; ++i) {
        using Way = typename W::Way;
        constexpr std::array kWays{Way::publish, Way::publish, Way::publish, Way::undo, Way::drop};
        static_cast<void>(world_->promote(kWays[machine_.choices().below(kWays.size())]));
        if (machine_.choices().flips()) world_->reclaim(readers_);
      }
    });
  }
  /// A reader that promotes while it holds a pin.
  void adds_promoting_reader(int times) {
    bodies_.emplace_back([this, times] {
      Reader<Snapshot, Traits> reader(world_->path());
      typename W::Witness witness;
      for (int i = 0; i < times; ++i) {
        const auto pin = reader.pin();
        world_->look(pin, 0, witness);
        static_cast<void>(world_->promote());
        world_->look(pin, 0, witness);
      }
    });
    ++readers_;
  }

  void run() {
    if (machine_.run(bodies_)) {
      world_->end();
      return;
    }
    // The stacks of the threads are left as they were, and they point here.
    static_cast<void>(world_.release());
  }

 private:
  Machine& machine_;
  std::unique_ptr<W> world_;
  std::size_t readers_ = 0;
  Bodies bodies_;
};

template <class Traits>
void add_scenarios(std::vector<Scenario>& all, const std::array<std::string_view, 6>& names) {
  all.push_back({names[0], [](Machine& machine) {
                   Cast<Traits> cast(machine);
                   cast.adds_pins(3);
                   cast.adds_promoter(4);
                   cast.run();
                 }});
  all.push_back({names[1], [](Machine& machine) {
                   Cast<Traits> cast(machine);
                   cast.adds_sticky(5);
                   cast.adds_promoter(4);
                   cast.run();
                 }});
  all.push_back({names[2], [](Machine& machine) {
                   Cast<Traits> cast(machine);
                   cast.adds_ids(3);
                   cast.adds_promoter(6);
                   cast.run();
                 }});
  all.push_back({names[3], [](Machine& machine) {
                   Cast<Traits> cast(machine);
                   cast.adds_newcomer(3);
                   cast.adds_newcomer(2);
                   cast.adds_promoter(4);
                   cast.run();
                 }});
  all.push_back({names[4], [](Machine& machine) {
                   Cast<Traits> cast(machine);
                   cast.adds_pins(2);
                   cast.adds_sticky(3);
                   cast.adds_promoter(3);
                   cast.adds_promoter(3);
                   cast.run();
                 }});
  all.push_back({names[5], [](Machine& machine) {
                   Cast<Traits> cast(machine);
                   cast.adds_promoting_reader(3);
                   cast.adds_promoting_reader(2);
                   cast.run();
                 }});
}

std::vector<Scenario> make_scenarios() {
  std::vector<Scenario> all;
  add_scenarios<CheckedTraits<true>>(
      all, {"pins", "sticky", "ids", "newcomers", "two_promoters", "promoting_readers"});
  add_scenarios<CheckedTraits<false>>(
      all, {"portable_pins", "portable_sticky", "portable_ids", "portable_newcomers",
            "portable_two_promoters", "portable_promoting_readers"});
  all.push_back({"failing_fences",
                 [](Machine& machine) {
                   Cast<CheckedTraits<true>> cast(machine);
                   cast.adds_pins(2);
                   cast.adds_promoter(2);
                   cast.run();
                 },
                 true});
  return all;
}

}  // namespace

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> all = make_scenarios();
  return all;
}

std::optional<Failure> explore(const Scenario& scenario, std::uint64_t first_seed,
                               std::uint64_t executions, const Mutation* mutation, Sites* sites) {
  for (std::uint64_t seed = first_seed; seed < first_seed + executions; ++seed) {
    Machine machine({seed, mutation, sites, scenario.heavy_fence_may_fail});
    scenario.run(machine);
    if (machine.violation()) return Failure{seed, *machine.violation()};
  }
  return std::nullopt;
}

}  // namespace knhk::hot_path::checked
