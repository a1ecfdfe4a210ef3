// liburcu's bulletproof flavour.

// What is inlined from the library is under the LGPL's terms for small functions.
#define _LGPL_SOURCE
#define URCU_INLINE_SMALL_FUNCTIONS
#include <urcu/urcu-bp.h>

#include "bench/contestants/urcu.hpp"

extern "C" std::uint64_t knhk_bench_urcu_bp_read(void* slot, bool id, bool chained,
                                                 std::size_t count);

namespace knhk::bench {
namespace {

struct Flavour {
  static void read_lock() noexcept { urcu_bp_read_lock(); }
  static void read_unlock() noexcept { urcu_bp_read_unlock(); }
  static constexpr auto read_many = &knhk_bench_urcu_bp_read;
  static void register_thread() { urcu_bp_register_thread(); }
  static void unregister_thread() { urcu_bp_unregister_thread(); }
  static void thread_online() { urcu_bp_thread_online(); }
  static void thread_offline() { urcu_bp_thread_offline(); }
  static void synchronize() { urcu_bp_synchronize_rcu(); }
  static void call(rcu_head* head, void (*function)(rcu_head*)) {
    urcu_bp_call_rcu(head, function);
  }
  static void barrier() { urcu_bp_barrier(); }
};

}  // namespace

void add_urcu_bp(Contests& contests) {
  Profile profile;
  profile.name = "liburcu, bp";
  profile.way = "the bulletproof flavour: threads register by themselves";
  contests.push_back(std::make_unique<RcuContest<Flavour>>(std::move(profile)));
}

}  // namespace knhk::bench
