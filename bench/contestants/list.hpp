#pragma once

#include <vector>

#include "bench/contestants/contestant.hpp"

namespace knhk::bench {

void add_limits(Contests& contests);
void add_knhk(Contests& contests);
void add_standard_locks(Contests& contests);
void add_atomic_shared_ptr(Contests& contests);
void add_urcu_memb(Contests& contests);
void add_urcu_qsbr(Contests& contests);
void add_urcu_bp(Contests& contests);
void add_ck_epoch(Contests& contests);
void add_cds_hazards(Contests& contests);
void add_rust(Contests& contests);

/// Everybody who takes part in this build.
[[nodiscard]] Contests all_contests();
/// The peers that don't, since what they need was not there when this was built.
[[nodiscard]] std::vector<Absence> absences();

}  // namespace knhk::bench
