#pragma once

#include "bench/harness/crew.hpp"
#include "bench/harness/figures.hpp"

namespace knhk::bench {

/// Throughput and latency of a read by one thread.
void measure_reads(const Contests& contests, Crew& crew, const Effort& effort, Figures& figures);

/// Throughput with 1, 2, ... readers at once.
void measure_readers(const Contests& contests, Crew& crew, const Effort& effort, Figures& figures);

/// Batches of reads while nobody promotes, while somebody does so 1,000 times a second, and back to
/// back.
void measure_beside_promoter(const Contests& contests, Crew& crew, const Effort& effort,
                             Figures& figures);

}  // namespace knhk::bench
