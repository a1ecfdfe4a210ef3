#include "bench/contestants/list.hpp"

namespace knhk::bench {

Contests all_contests() {
  Contests contests;
  add_limits(contests);
  add_knhk(contests);
#ifdef KNHK_BENCH_URCU_VERSION
  add_urcu_qsbr(contests);
  add_urcu_memb(contests);
  add_urcu_bp(contests);
#endif
#ifdef KNHK_BENCH_CK_VERSION
  add_ck_epoch(contests);
#endif
#ifdef KNHK_BENCH_CDS_VERSION
  add_cds_hazards(contests);
#endif
#ifdef KNHK_BENCH_RUST_VERSION
  add_rust(contests);
#endif
  add_atomic_shared_ptr(contests);
  add_standard_locks(contests);
  return contests;
}

std::vector<Absence> absences() {
  std::vector<Absence> absent;
#ifndef KNHK_BENCH_URCU_VERSION
  absent.push_back({"liburcu", "liburcu-dev is not installed"});
#endif
#ifndef KNHK_BENCH_CK_VERSION
  absent.push_back({"Concurrency Kit", "libck-dev is not installed"});
#endif
#ifndef KNHK_BENCH_CDS_VERSION
  absent.push_back({"libcds", "libcds-dev is not installed"});
#endif
#ifndef KNHK_BENCH_RUST_VERSION
  absent.push_back({"arc-swap and crossbeam-epoch",
                    "cargo, librust-arc-swap-dev or librust-crossbeam-epoch-dev is not installed"});
#endif
  return absent;
}

}  // namespace knhk::bench
