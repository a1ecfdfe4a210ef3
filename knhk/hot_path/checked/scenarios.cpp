#include "knhk/hot_path/checked/scenarios.hpp"

#include <array>
#include <memory>
#include <utility>

#include "knhk/hot_path/checked/traits.hpp"
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
  /// As `adds_pins`, with a reader that was made before.
  void adds_pins_of_old(int times) {
    auto made = std::make_shared<Reader<Snapshot, Traits>>(world_->path());
    bodies_.emplace_back([this, times, made] {
      Reader<Snapshot, Traits> reader(std::move(*made));
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
  /// A sticky reader that promotes when it has let go of what it held.
  void adds_releasing_promoter(int times) {
    bodies_.emplace_back([this, times] {
      StickyReader<Snapshot, Traits> reader(world_->path());
      typename W::Witness witness;
      for (int i = 0; i < times; ++i) {
        world_->follow(reader, witness);
        reader.release();
        world_->promote();
        world_->reclaim(readers_ - 1);  // of the others
      }
    });
    ++readers_;
    ++writers_;
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
        world_->promote(kWays[machine_.choices().below(kWays.size())]);
        if (machine_.choices().flips()) world_->reclaim(readers_);
      }
    });
    ++writers_;
  }
  /// Promotes, and ends the path while others read.
  void adds_destroyer(int times) {
    bodies_.emplace_back([this, times] {
      for (int i = 0; i < times; ++i) world_->promote();
      world_->destroy_path();
    });
    ++writers_;
  }
  /// A reader that promotes while it holds a pin.
  void adds_promoting_reader(int times) {
    bodies_.emplace_back([this, times] {
      Reader<Snapshot, Traits> reader(world_->path());
      typename W::Witness witness;
      for (int i = 0; i < times; ++i) {
        const auto pin = reader.pin();
        world_->look(pin, 0, witness);
        world_->promote();
        world_->look(pin, 0, witness);
      }
    });
    ++readers_;
    ++writers_;
  }

  void run() {
    if (writers_ == 1) world_->has_one_writer();
    // The end is a thread of its own, so that a mutant can be stopped in it, too.
    if (machine_.run(bodies_) && machine_.run({[this] { world_->end(); }})) return;
    // The stacks of the threads are left as they were, and they point here.
    static_cast<void>(world_.release());
  }

 private:
  Machine& machine_;
  std::unique_ptr<W> world_;
  std::size_t readers_ = 0;
  std::size_t writers_ = 0;
  Bodies bodies_;
};

/// A scenario whose cast, with at most `kReaders` readers, is put together by `assemble`.
template <bool kAsymmetric, std::size_t kReaders, bool kGlobal = false, class Assemble>
Scenario scenario(std::string_view name, const Assemble& assemble) {
  return {name, [assemble](Machine& machine) {
            Cast<CheckedTraits<kAsymmetric, kReaders, kGlobal>> cast(machine);
            assemble(cast);
            cast.run();
          }};
}

template <bool kAsymmetric>
void add_scenarios(std::vector<Scenario>& all, const std::array<std::string_view, 9>& names) {
  all.push_back(scenario<kAsymmetric, 1>(names[0], [](auto& cast) {
    cast.adds_pins(3);
    cast.adds_promoter(4);
  }));
  all.push_back(scenario<kAsymmetric, 1>(names[1], [](auto& cast) {
    cast.adds_sticky(5);
    cast.adds_promoter(4);
  }));
  all.push_back(scenario<kAsymmetric, 0>(names[2], [](auto& cast) {
    cast.adds_ids(3);
    cast.adds_promoter(6);
  }));
  all.push_back(scenario<kAsymmetric, 2>(names[3], [](auto& cast) {
    cast.adds_newcomer(3);
    cast.adds_newcomer(2);
    cast.adds_promoter(4);
  }));
  all.push_back(scenario<kAsymmetric, 2>(names[4], [](auto& cast) {
    cast.adds_pins(2);
    cast.adds_sticky(3);
    cast.adds_promoter(3);
    cast.adds_promoter(3);
  }));
  all.push_back(scenario<kAsymmetric, 2>(names[5], [](auto& cast) {
    cast.adds_promoting_reader(3);
    cast.adds_promoting_reader(2);
  }));
  all.push_back(scenario<kAsymmetric, 2>(names[6], [](auto& cast) {
    cast.adds_releasing_promoter(3);
    cast.adds_pins(2);
  }));
  all.push_back(scenario<kAsymmetric, 2>(names[7], [](auto& cast) {
    cast.adds_pins_of_old(3);
    cast.adds_pins_of_old(2);
    cast.adds_destroyer(2);
  }));
  all.push_back(scenario<kAsymmetric, 2, true>(names[8], [](auto& cast) {
    cast.adds_newcomer(3);
    cast.adds_newcomer(2);
    cast.adds_destroyer(2);
  }));
}

std::vector<Scenario> make_scenarios() {
  std::vector<Scenario> all;
  add_scenarios<true>(all, {"pins", "sticky", "ids", "newcomers", "two_promoters",
                            "promoting_readers", "releases", "dying_path", "dying_global"});
  add_scenarios<false>(all,
                       {"portable_pins", "portable_sticky", "portable_ids", "portable_newcomers",
                        "portable_two_promoters", "portable_promoting_readers", "portable_releases",
                        "portable_dying_path", "portable_dying_global"});
  // Garbage that is kept fills slots: as many as the promotions need.
  all.push_back(scenario<true, 8>("failing_fences", [](auto& cast) {
    cast.adds_pins(2);
    cast.adds_promoter(2);
  }));
  all.back().heavy_fence_may_fail = true;
  all.push_back(scenario<true, 8>("failing_fences_of_a_dying_path", [](auto& cast) {
    cast.adds_pins_of_old(1);
    cast.adds_pins_of_old(1);
    cast.adds_destroyer(2);
  }));
  all.back().heavy_fence_may_fail = true;
  all.push_back(scenario<true, 8, true>("failing_fences_of_a_dying_global", [](auto& cast) {
    cast.adds_newcomer(2);
    cast.adds_destroyer(2);
  }));
  all.back().heavy_fence_may_fail = true;
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
