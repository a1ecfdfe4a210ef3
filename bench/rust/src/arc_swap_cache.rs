//! `arc_swap::Cache`: what was seen last is kept, and compared with what is current.

use std::cell::UnsafeCell;
use std::sync::Arc;

use arc_swap::{ArcSwap, Cache};

use crate::arc_swap_load::SwapPromoter;
use crate::loops::{Contest, Promoter, Seat};
use crate::snapshot::{take, Snapshot};

pub struct Cached(ArcSwap<Snapshot>);

impl Contest for Cached {
    type Seat = CacheSeat;
    type Promoter = CachePromoter;
    fn new() -> Self {
        Cached(ArcSwap::from_pointee(Snapshot::new(1)))
    }
}

type SharedCache = Cache<&'static ArcSwap<Snapshot>, Arc<Snapshot>>;

pub struct CacheSeat {
    cache: UnsafeCell<SharedCache>,
}

impl Seat<Cached> for CacheSeat {
    type Subject = SharedCache;
    fn new(contest: &'static Cached) -> Self {
        CacheSeat { cache: UnsafeCell::new(Cache::new(&contest.0)) }
    }
    fn subject(&mut self) -> *mut SharedCache {
        self.cache.get()
    }
    #[inline(always)]
    unsafe fn read<const ID: bool>(&self, subject: *mut SharedCache) -> u64 {
        take::<ID>((*subject).load())
    }
    fn hold(&mut self) {
        self.cache.get_mut().load();
    }
    fn let_go(&mut self) {
        self.cache.get_mut().load();
    }
}

pub struct CachePromoter(SwapPromoter);

impl Promoter<Cached> for CachePromoter {
    fn new(contest: &'static Cached) -> Self {
        CachePromoter(SwapPromoter::of(&contest.0))
    }
    fn prepare(&mut self, number: u64) {
        self.0.prepare(number)
    }
    fn publish(&mut self) {
        self.0.publish()
    }
    fn settle(&mut self) {
        self.0.settle()
    }
    fn drain(&mut self) {}
}
