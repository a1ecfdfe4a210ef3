//! The loops of a seat, as `LoopedSeat` in C++ has them, and the table by which C++ calls them.

use std::ffi::c_void;

use crate::snapshot::{keep, living};

/// A way to keep one snapshot current.
pub trait Contest: Sized {
    type Seat: Seat<Self>;
    type Promoter: Promoter<Self>;
    fn new() -> Self;
}

/// One thread's access.
pub trait Seat<C> {
    /// The object through which the caller reads.
    type Subject;
    fn new(contest: &'static C) -> Self;
    fn subject(&mut self) -> *mut Self::Subject;
    /// Gives a register of what it read: the address, or the id where `ID`.
    ///
    /// # Safety
    /// `subject` is what `subject()` gave.
    unsafe fn read<const ID: bool>(&self, subject: *mut Self::Subject) -> u64;
    fn hold(&mut self);
    fn let_go(&mut self);
}

pub trait Promoter<C> {
    fn new(contest: &'static C) -> Self;
    fn prepare(&mut self, number: u64);
    fn publish(&mut self);
    fn settle(&mut self);
    fn drain(&mut self);
}

#[repr(C)]
pub struct Table {
    contest_new: extern "C" fn() -> *mut c_void,
    contest_free: unsafe extern "C" fn(*mut c_void),
    seat_new: unsafe extern "C" fn(*mut c_void) -> *mut c_void,
    seat_free: unsafe extern "C" fn(*mut c_void),
    read: unsafe extern "C" fn(*mut c_void, bool, bool, usize),
    wait_for: unsafe extern "C" fn(*mut c_void, u64),
    hold: unsafe extern "C" fn(*mut c_void),
    let_go: unsafe extern "C" fn(*mut c_void),
    promoter_new: unsafe extern "C" fn(*mut c_void) -> *mut c_void,
    promoter_free: unsafe extern "C" fn(*mut c_void),
    prepare: unsafe extern "C" fn(*mut c_void, u64),
    publish: unsafe extern "C" fn(*mut c_void),
    settle: unsafe extern "C" fn(*mut c_void),
    settle_without_waiting: unsafe extern "C" fn(*mut c_void),
    drain: unsafe extern "C" fn(*mut c_void),
    living_snapshots: extern "C" fn() -> usize,
}

pub const fn table_of<C: Contest + 'static>() -> Table {
    Table {
        contest_new: contest_new::<C>,
        contest_free: free::<C>,
        seat_new: seat_new::<C>,
        seat_free: free::<C::Seat>,
        read: read::<C>,
        wait_for: wait_for::<C>,
        hold: hold::<C>,
        let_go: let_go::<C>,
        promoter_new: promoter_new::<C>,
        promoter_free: free::<C::Promoter>,
        prepare: prepare::<C>,
        publish: publish::<C>,
        settle: settle::<C>,
        settle_without_waiting: settle::<C>,  // none of them waits
        drain: drain::<C>,
        living_snapshots,
    }
}

fn give<T>(value: T) -> *mut c_void {
    Box::into_raw(Box::new(value)) as *mut c_void
}
unsafe extern "C" fn free<T>(object: *mut c_void) {
    drop(Box::from_raw(object as *mut T));
}

extern "C" fn contest_new<C: Contest>() -> *mut c_void {
    give(C::new())
}
unsafe extern "C" fn seat_new<C: Contest + 'static>(contest: *mut c_void) -> *mut c_void {
    give(C::Seat::new(&*(contest as *const C)))
}
unsafe extern "C" fn promoter_new<C: Contest + 'static>(contest: *mut c_void) -> *mut c_void {
    give(C::Promoter::new(&*(contest as *const C)))
}

unsafe extern "C" fn read<C: Contest>(seat: *mut c_void, id: bool, chained: bool, count: usize) {
    let seat = &mut *(seat as *mut C::Seat);
    match (id, chained) {
        (false, false) => turns::<C, false, false>(seat, count),
        (false, true) => turns::<C, false, true>(seat, count),
        (true, false) => turns::<C, true, false>(seat, count),
        (true, true) => turns::<C, true, true>(seat, count),
    }
}

#[inline(never)]
unsafe fn turns<C: Contest, const ID: bool, const CHAINED: bool>(seat: &mut C::Seat, count: usize) {
    let subject = seat.subject();
    let zero = keep(0);
    let mut last = 0;
    macro_rules! step {
        () => {
            let at = if CHAINED { (subject as u64).wrapping_add(last & zero) } else { subject as u64 };
            last = seat.read::<ID>(at as *mut _);
        };
    }
    for _ in 0..count / 8 {
        step!();
        step!();
        step!();
        step!();
        step!();
        step!();
        step!();
        step!();
    }
    keep(last);
}

unsafe extern "C" fn wait_for<C: Contest>(seat: *mut c_void, number: u64) {
    let seat = &mut *(seat as *mut C::Seat);
    let subject = seat.subject();
    while seat.read::<true>(subject) != number {}
}
unsafe extern "C" fn hold<C: Contest>(seat: *mut c_void) {
    (*(seat as *mut C::Seat)).hold()
}
unsafe extern "C" fn let_go<C: Contest>(seat: *mut c_void) {
    (*(seat as *mut C::Seat)).let_go()
}
unsafe extern "C" fn prepare<C: Contest>(promoter: *mut c_void, number: u64) {
    (*(promoter as *mut C::Promoter)).prepare(number)
}
unsafe extern "C" fn publish<C: Contest>(promoter: *mut c_void) {
    (*(promoter as *mut C::Promoter)).publish()
}
unsafe extern "C" fn settle<C: Contest>(promoter: *mut c_void) {
    (*(promoter as *mut C::Promoter)).settle()
}
unsafe extern "C" fn drain<C: Contest>(promoter: *mut c_void) {
    (*(promoter as *mut C::Promoter)).drain()
}
extern "C" fn living_snapshots() -> usize {
    living()
}
