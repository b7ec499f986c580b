//! The images that are still to be fetched, with a limit for each host.

use super::policy::Wanted;
use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The images that are still to be fetched, by host.
pub(super) struct Queue {
    hosts: Mutex<HashMap<String, Host>>,
    changed: Condvar,
    per_host: usize,
    delay: Duration,
}

struct Host {
    waiting: VecDeque<Wanted>,
    active: usize,
    /// When the next request may start.
    free_at: Instant,
}

impl Queue {
    pub(super) fn new(wanted: Vec<Wanted>, per_host: usize, delay: Duration) -> Self {
        let mut hosts: HashMap<String, Host> = HashMap::new();
        for image in wanted {
            let host = image.addresses.first().map_or("", |address| postmend_rules::migrate::host(address));
            let host = hosts.entry(host.to_owned()).or_insert_with(|| Host {
                waiting: VecDeque::new(),
                active: 0,
                free_at: Instant::now(),
            });
            host.waiting.push_back(image);
        }
        Self { hosts: Mutex::new(hosts), changed: Condvar::new(), per_host, delay }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next image whose host may be requested now. Waits until there is one; `None` if no images are left.
    pub(super) fn next(&self) -> Option<(String, Wanted)> {
        let mut hosts = self.lock();
        loop {
            let now = Instant::now();
            let mut open = hosts.iter_mut().filter(|(_, host)| !host.waiting.is_empty()).peekable();
            open.peek()?;
            let able: Vec<_> = open.filter(|(_, host)| host.active < self.per_host).collect();
            let soonest = able.iter().map(|(_, host)| host.free_at).min();
            if let Some((name, host)) = able.into_iter().min_by_key(|(_, host)| host.free_at)
                && host.free_at <= now
            {
                host.active += 1;
                host.free_at = now + self.delay;
                return Some((name.clone(), host.waiting.pop_front()?));
            }
            let wait = soonest.map_or(Duration::from_secs(1), |at| at.saturating_duration_since(now));
            let waited = self.changed.wait_timeout(hosts, wait.max(Duration::from_millis(1)));
            hosts = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(super) fn done(&self, host: &str) {
        if let Some(host) = self.lock().get_mut(host) {
            host.active -= 1;
        }
        self.changed.notify_all();
    }
}
