#pragma once

#include "bench/harness/crew.hpp"
#include "bench/harness/figures.hpp"

namespace knhk::bench {

/// The step that makes a snapshot current, alone in a bracket; and the empty bracket.
void measure_publish_steps(const Contests& contests, Crew& crew, const Effort& effort,
                           Figures& figures);

/// A whole promotion: the snapshot is made and published, and what it replaced is freed.
void measure_promotions(const Contests& contests, Crew& crew, const Effort& effort,
                        Figures& figures);

/// The same, as the number of registered readers grows; where one thread may register many.
void measure_registered_readers(const Contests& contests, Crew& crew, const Effort& effort,
                                Figures& figures);

/// From publishing to the answer of a reader on another core that has seen it, beside a bare
/// cache line that goes to and fro.
void measure_visibility(const Contests& contests, Crew& crew, const Effort& effort,
                        Figures& figures);

/// Replaced snapshots that are alive after many promotions beside a reader that stalls.
void measure_garbage(const Contests& contests, Crew& crew, const Effort& effort, Figures& figures);

}  // namespace knhk::bench
