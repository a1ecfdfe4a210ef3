/* What is inlined from the library is under the LGPL's terms for small functions. */
#define _LGPL_SOURCE
#define URCU_INLINE_SMALL_FUNCTIONS
#include <urcu/urcu-qsbr.h>

#define READ_LOCK urcu_qsbr_read_lock
#define READ_UNLOCK urcu_qsbr_read_unlock
#define QUIESCENT_STATE() urcu_qsbr_quiescent_state()
#define READ_MANY knhk_bench_urcu_qsbr_read
#include "bench/contestants/urcu_loops.h"
