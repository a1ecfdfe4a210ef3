//! Peers written in Rust, with the loops around their reads, so that the reads are inlined into
//! them. What the C++ side calls is one table of functions per peer.

mod loops;
mod snapshot;

mod arc_swap_cache;
mod arc_swap_load;
mod crossbeam;

use loops::{table_of, Table};

#[no_mangle]
pub static knhk_bench_arc_swap_load: Table = table_of::<arc_swap_load::Load>();
#[no_mangle]
pub static knhk_bench_arc_swap_cache: Table = table_of::<arc_swap_cache::Cached>();
#[no_mangle]
pub static knhk_bench_crossbeam: Table = table_of::<crossbeam::Epochs>();
