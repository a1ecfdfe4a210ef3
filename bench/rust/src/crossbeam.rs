//! crossbeam-epoch, through a handle that the thread keeps: `epoch::pin()` looks it up each time.

use std::sync::atomic::Ordering;

use crossbeam_epoch::{Atomic, Collector, Guard, LocalHandle, Owned, Shared};

use crate::loops::{Contest, Promoter, Seat};
use crate::snapshot::{take, Snapshot};

pub struct Epochs {
    collector: Collector,
    current: Atomic<Snapshot>,
}

impl Contest for Epochs {
    type Seat = EpochSeat;
    type Promoter = EpochPromoter;
    fn new() -> Self {
        Epochs { collector: Collector::new(), current: Atomic::new(Snapshot::new(1)) }
    }
}

impl Drop for Epochs {
    fn drop(&mut self) {
        let current = std::mem::replace(&mut self.current, Atomic::null());
        drop(unsafe { current.into_owned() });
    }
}

pub struct EpochSeat {
    held: Option<Guard>, // goes before the handle
    handle: LocalHandle,
    current: &'static Atomic<Snapshot>,
}

impl Seat<Epochs> for EpochSeat {
    type Subject = Atomic<Snapshot>;
    fn new(contest: &'static Epochs) -> Self {
        EpochSeat { held: None, handle: contest.collector.register(), current: &contest.current }
    }
    fn subject(&mut self) -> *mut Atomic<Snapshot> {
        self.current as *const _ as *mut _
    }
    #[inline(always)]
    unsafe fn read<const ID: bool>(&self, subject: *mut Atomic<Snapshot>) -> u64 {
        let guard = self.handle.pin();
        take::<ID>((*subject).load(Ordering::Acquire, &guard).deref())
    }
    fn hold(&mut self) {
        self.held = Some(self.handle.pin());
    }
    fn let_go(&mut self) {
        self.held = None;
    }
}

pub struct EpochPromoter {
    handle: LocalHandle,
    current: &'static Atomic<Snapshot>,
    next: Option<Owned<Snapshot>>,
    old: Shared<'static, Snapshot>,
}

impl Promoter<Epochs> for EpochPromoter {
    fn new(contest: &'static Epochs) -> Self {
        EpochPromoter {
            handle: contest.collector.register(),
            current: &contest.current,
            next: None,
            old: Shared::null(),
        }
    }
    fn prepare(&mut self, number: u64) {
        self.next = Some(Owned::new(Snapshot::new(number)));
    }
    fn publish(&mut self) {
        if let Some(next) = self.next.take() {
            // One promoter: nobody else destroys what comes back, so it needs no guard.
            let guard = unsafe { crossbeam_epoch::unprotected() };
            self.old = self.current.swap(next, Ordering::AcqRel, guard);
        }
    }
    fn settle(&mut self) {
        if !self.old.is_null() {
            let guard = self.handle.pin();
            unsafe { guard.defer_destroy(self.old) };
            self.old = Shared::null();
        }
    }
    fn drain(&mut self) {
        // A bag is destroyed two epochs after it was sealed; each flush moves on by one at most.
        for _ in 0..64 {
            self.handle.pin().flush();
        }
    }
}
