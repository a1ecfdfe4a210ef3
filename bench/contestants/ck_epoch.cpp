// Concurrency Kit's epochs; their loops are in ck_epoch.c.

#include <memory>
#include <utility>

#include "bench/contestants/foreign.hpp"
#include "bench/contestants/list.hpp"

extern "C" {
extern const knhk::bench::ForeignTable knhk_bench_ck_epoch;
}

namespace knhk::bench {

void add_ck_epoch(Contests& contests) {
  Profile profile;
  profile.name = "Concurrency Kit, epochs";
  profile.library = "Concurrency Kit " KNHK_BENCH_CK_VERSION;
  profile.way = "begins and ends an epoch around each read";
  profile.garbage = Garbage::unbounded;
  profile.nests = true;
  profile.seats_share_threads = true;
  contests.push_back(std::make_unique<ForeignContest>(knhk_bench_ck_epoch, std::move(profile)));
}

}  // namespace knhk::bench
