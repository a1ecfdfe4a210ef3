// Peers written in Rust: their loops are in bench/rust.

#include <memory>
#include <utility>

#include "bench/contestants/foreign.hpp"
#include "bench/contestants/list.hpp"

extern "C" {
extern const knhk::bench::ForeignTable knhk_bench_arc_swap_load;
extern const knhk::bench::ForeignTable knhk_bench_arc_swap_cache;
extern const knhk::bench::ForeignTable knhk_bench_crossbeam;
}

namespace knhk::bench {

void add_rust(Contests& contests) {
  Profile load;
  load.name = "arc-swap, load";
  load.library = "arc-swap " KNHK_BENCH_ARC_SWAP_VERSION ", " KNHK_BENCH_RUST_VERSION;
  load.way = "a guard per read";
  load.garbage = Garbage::bounded;
  load.nests = true;
  Profile cache = load;
  cache.name = "arc-swap, Cache";
  cache.way = "keeps what was seen last";
  cache.nests = false;
  Profile crossbeam;
  crossbeam.name = "crossbeam-epoch";
  crossbeam.library = "crossbeam-epoch " KNHK_BENCH_CROSSBEAM_VERSION ", " KNHK_BENCH_RUST_VERSION;
  crossbeam.way = "pins through a handle that the thread keeps";
  crossbeam.garbage = Garbage::unbounded;
  crossbeam.nests = true;
  crossbeam.seats_share_threads = true;
  contests.push_back(std::make_unique<ForeignContest>(knhk_bench_arc_swap_load, std::move(load)));
  contests.push_back(std::make_unique<ForeignContest>(knhk_bench_arc_swap_cache, std::move(cache)));
  contests.push_back(std::make_unique<ForeignContest>(knhk_bench_crossbeam, std::move(crossbeam)));
}

}  // namespace knhk::bench
