// liburcu's flavour of quiescent states: a loop of reads reports one at its end.

// What is inlined from the library is under the LGPL's terms for small functions.
#define _LGPL_SOURCE
#define URCU_INLINE_SMALL_FUNCTIONS
#include <urcu/urcu-qsbr.h>

#include "bench/contestants/urcu.hpp"

extern "C" std::uint64_t knhk_bench_urcu_qsbr_read(void* slot, bool id, bool chained,
                                                   std::size_t count);

namespace knhk::bench {
namespace {

struct Flavour {
  static void read_lock() noexcept { urcu_qsbr_read_lock(); }
  static void read_unlock() noexcept { urcu_qsbr_read_unlock(); }
  static constexpr auto read_many = &knhk_bench_urcu_qsbr_read;
  static void register_thread() { urcu_qsbr_register_thread(); }
  static void unregister_thread() { urcu_qsbr_unregister_thread(); }
  static void thread_online() { urcu_qsbr_thread_online(); }
  static void thread_offline() { urcu_qsbr_thread_offline(); }
  static void synchronize() { urcu_qsbr_synchronize_rcu(); }
  static void call(rcu_head* head, void (*function)(rcu_head*)) {
    urcu_qsbr_call_rcu(head, function);
  }
  static void barrier() { urcu_qsbr_barrier(); }
};

}  // namespace

void add_urcu_qsbr(Contests& contests) {
  Profile profile;
  profile.name = "liburcu, qsbr";
  profile.way = "quiescent states: nothing per read, each thread reports after each loop";
  contests.push_back(std::make_unique<RcuContest<Flavour>>(std::move(profile)));
}

}  // namespace knhk::bench
