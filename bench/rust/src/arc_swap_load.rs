//! `ArcSwap::load`: a guard per read.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};

use crate::loops::{Contest, Promoter, Seat};
use crate::snapshot::{take, Snapshot};

pub struct Load(pub ArcSwap<Snapshot>);

impl Contest for Load {
    type Seat = LoadSeat;
    type Promoter = SwapPromoter;
    fn new() -> Self {
        Load(ArcSwap::from_pointee(Snapshot::new(1)))
    }
}

pub struct LoadSeat {
    shared: &'static ArcSwap<Snapshot>,
    held: Option<Guard<Arc<Snapshot>>>,
}

impl Seat<Load> for LoadSeat {
    type Subject = ArcSwap<Snapshot>;
    fn new(contest: &'static Load) -> Self {
        LoadSeat { shared: &contest.0, held: None }
    }
    fn subject(&mut self) -> *mut ArcSwap<Snapshot> {
        self.shared as *const _ as *mut _
    }
    #[inline(always)]
    unsafe fn read<const ID: bool>(&self, subject: *mut ArcSwap<Snapshot>) -> u64 {
        let guard = (*subject).load();
        take::<ID>(&guard)
    }
    fn hold(&mut self) {
        self.held = Some(self.shared.load());
    }
    fn let_go(&mut self) {
        self.held = None;
    }
}

pub struct SwapPromoter {
    shared: &'static ArcSwap<Snapshot>,
    next: Option<Arc<Snapshot>>,
}

impl SwapPromoter {
    pub fn of(shared: &'static ArcSwap<Snapshot>) -> Self {
        SwapPromoter { shared, next: None }
    }
}

impl Promoter<Load> for SwapPromoter {
    fn new(contest: &'static Load) -> Self {
        SwapPromoter::of(&contest.0)
    }
    fn prepare(&mut self, number: u64) {
        self.next = Some(Arc::new(Snapshot::new(number)));
    }
    fn publish(&mut self) {
        if let Some(next) = self.next.take() {
            self.next = Some(self.shared.swap(next));
        }
    }
    fn settle(&mut self) {
        self.next = None;
    }
    fn drain(&mut self) {}
}
