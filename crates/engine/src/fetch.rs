//! Fetches images from the network, politely, and proves that they are some.

mod address;
mod picture;
mod policy;
mod request;

pub use picture::Picture;
pub use policy::{Policy, Referrer};

use address::PublicAddresses;
use request::Refusal;
use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// An image that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it is known by.
    pub origin: String,
    /// Where it may be had, in the order in which these are tried.
    pub addresses: Vec<String>,
}

/// Requests that are under way at once, to all hosts together.
const WORKERS: usize = 16;

/// Fetches images.
pub struct Fetcher {
    agent: ureq::Agent,
    policy: Policy,
}

impl Fetcher {
    /// A fetcher with this policy.
    pub fn new(policy: Policy) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // Each hop is looked at before it is taken.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy of the network would look names up itself, and private addresses with them.
            .proxy(None)
            .user_agent(concat!("postmend/", env!("CARGO_PKG_VERSION")))
            .accept("image/*,*/*;q=0.5")
            .build();
        let resolver = PublicAddresses::allowing(policy.allow_private.clone());
        let connector = ureq::unversioned::transport::DefaultConnector::default();
        Self { agent: ureq::Agent::with_parts(config, connector, resolver), policy }
    }

    /// Fetches every image, several at a time, and hands each over as it comes or fails. Images of one
    /// host are asked for in their order.
    pub fn fetch_all(&self, wanted: Vec<Wanted>, each: impl Fn(&Wanted, Result<Picture, String>) + Sync) {
        let workers = WORKERS.min(wanted.len());
        let queue = Queue::new(wanted, self.policy.per_host.max(1), self.policy.delay);
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while let Some((host, wanted)) = queue.next() {
                        each(&wanted, self.fetch(&wanted));
                        queue.done(&host);
                    }
                });
            }
        });
    }

    /// Fetches one image from the first address that gives it.
    pub fn fetch(&self, wanted: &Wanted) -> Result<Picture, String> {
        let mut told = "there is no address to fetch it from".to_owned();
        for address in &wanted.addresses {
            let Ok(url) = Url::parse(address) else {
                told = format!("{address} is no URL");
                continue;
            };
            for referrer in self.referrers(&url) {
                match self.with_retries(&url, referrer.as_deref()).and_then(Picture::prove) {
                    Ok(picture) => return Ok(picture),
                    Err(refusal) => {
                        told = refusal.message;
                        if !refusal.depends_on_referrer {
                            break;
                        }
                    }
                }
            }
        }
        Err(told)
    }

    fn referrers(&self, url: &Url) -> Vec<Option<String>> {
        match &self.policy.referrer {
            Referrer::None => vec![None],
            Referrer::Fixed(text) => vec![Some(text.clone())],
            Referrer::Auto => vec![None, Some(format!("{}/", url.origin().ascii_serialization()))],
        }
    }

    fn with_retries(&self, url: &Url, referrer: Option<&str>) -> Result<Vec<u8>, Refusal> {
        let mut wait = Duration::from_millis(500);
        for _ in 0..self.policy.retries {
            match request::get(&self.agent, &self.policy, url, referrer) {
                Err(refusal) if refusal.is_passing => {
                    let asked = refusal.retry_after.unwrap_or(wait);
                    if asked > self.policy.max_wait {
                        return Err(refusal);
                    }
                    std::thread::sleep(asked);
                    wait = (wait * 2).min(self.policy.max_wait);
                }
                ended => return ended,
            }
        }
        request::get(&self.agent, &self.policy, url, referrer)
    }
}

/// What is still to be fetched, host by host.
struct Queue {
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
    fn new(wanted: Vec<Wanted>, per_host: usize, delay: Duration) -> Self {
        let mut hosts: HashMap<String, Host> = HashMap::new();
        for one in wanted {
            let host = one.addresses.first().map_or("", |address| postmend_rules::migrate::host(address));
            let host = hosts.entry(host.to_owned()).or_insert_with(|| Host {
                waiting: VecDeque::new(),
                active: 0,
                free_at: Instant::now(),
            });
            host.waiting.push_back(one);
        }
        Self { hosts: Mutex::new(hosts), changed: Condvar::new(), per_host, delay }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next image whose host may be asked now; waits for one, and is `None` when all are taken.
    fn next(&self) -> Option<(String, Wanted)> {
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

    fn done(&self, host: &str) {
        if let Some(host) = self.lock().get_mut(host) {
            host.active -= 1;
        }
        self.changed.notify_all();
    }
}
