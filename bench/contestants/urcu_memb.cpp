// liburcu's default flavour.

// What is inlined from the library is under the LGPL's terms for small functions.
#define _LGPL_SOURCE
#define URCU_INLINE_SMALL_FUNCTIONS
#include <urcu/urcu-memb.h>

#include "bench/contestants/urcu.hpp"

extern "C" std::uint64_t knhk_bench_urcu_memb_read(void* slot, bool id, bool chained,
                                                   std::size_t count);

namespace knhk::bench {
namespace {

struct Flavour {
  static void read_lock() noexcept { urcu_memb_read_lock(); }
  static void read_unlock() noexcept { urcu_memb_read_unlock(); }
  static constexpr auto read_many = &knhk_bench_urcu_memb_read;
  static void register_thread() { urcu_memb_register_thread(); }
  static void unregister_thread() { urcu_memb_unregister_thread(); }
  static void thread_online() { urcu_memb_thread_online(); }
  static void thread_offline() { urcu_memb_thread_offline(); }
  static void synchronize() { urcu_memb_synchronize_rcu(); }
  static void call(rcu_head* head, void (*function)(rcu_head*)) {
    urcu_memb_call_rcu(head, function);
  }
  static void barrier() { urcu_memb_barrier(); }
};

}  // namespace

void add_urcu_memb(Contests& contests) {
  Profile profile;
  profile.name = "liburcu, memb";
  profile.way = "the default flavour: membarrier for the promoter, two stores per read";
  contests.push_back(std::make_unique<RcuContest<Flavour>>(std::move(profile)));
}

}  // namespace knhk::bench
