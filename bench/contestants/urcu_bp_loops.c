/* What is inlined from the library is under the LGPL's terms for small functions. */
#define _LGPL_SOURCE
#define URCU_INLINE_SMALL_FUNCTIONS
#include <urcu/urcu-bp.h>

#define READ_LOCK urcu_bp_read_lock
#define READ_UNLOCK urcu_bp_read_unlock
#define QUIESCENT_STATE() ((void)0)
#define READ_MANY knhk_bench_urcu_bp_read
#include "bench/contestants/urcu_loops.h"
