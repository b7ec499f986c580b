//! Fetches many images, with limits for each host.

use super::address::PublicAddresses;
use super::picture::Picture;
use super::policy::{Policy, Referrer, Wanted};
use super::queue::Queue;
use super::refusal::FetchFailure;
use super::request;
use std::time::Duration;
use url::Url;

/// The maximum number of concurrent requests to all hosts.
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
            // Redirects are followed by our own code, which checks each one first.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy would resolve names itself, private addresses included.
            .proxy(None)
            .user_agent(concat!("postmend/", env!("CARGO_PKG_VERSION")))
            .accept("image/*,*/*;q=0.5")
            .build();
        let resolver = PublicAddresses::allowing(policy.allow_private.clone());
        let connector = ureq::unversioned::transport::DefaultConnector::default();
        Self { agent: ureq::Agent::with_parts(config, connector, resolver), policy }
    }

    /// Fetches all images, several at a time, and calls `each` for each one that was fetched or failed. The images of
    /// one host are requested in their order.
    pub fn fetch_all(
        &self,
        wanted: Vec<Wanted>,
        on_result: impl Fn(&Wanted, Result<Picture, String>) + Sync,
    ) {
        let workers = WORKERS.min(wanted.len());
        let queue = Queue::new(wanted, self.policy.per_host.max(1), self.policy.delay);
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while let Some((host, wanted)) = queue.next() {
                        on_result(&wanted, self.fetch(&wanted));
                        queue.done(&host);
                    }
                });
            }
        });
    }

    /// Fetches an image from the first of its addresses that returns one.
    pub fn fetch(&self, wanted: &Wanted) -> Result<Picture, String> {
        let mut reason = "no URL to fetch it from".to_owned();
        for address in &wanted.addresses {
            let Ok(url) = Url::parse(address) else {
                reason = format!("{address} is not a URL");
                continue;
            };
            for referrer in self.referrers(&url) {
                match self.with_retries(&url, referrer.as_deref()).and_then(Picture::prove) {
                    Ok(picture) => return Ok(picture),
                    Err(refusal) => {
                        reason = refusal.message;
                        if !refusal.depends_on_referrer {
                            break;
                        }
                    }
                }
            }
        }
        Err(reason)
    }

    fn referrers(&self, url: &Url) -> Vec<Option<String>> {
        match &self.policy.referrer {
            Referrer::None => vec![None],
            Referrer::Fixed(text) => vec![Some(text.clone())],
            Referrer::Auto => vec![None, Some(format!("{}/", url.origin().ascii_serialization()))],
        }
    }

    fn with_retries(&self, url: &Url, referrer: Option<&str>) -> Result<Vec<u8>, FetchFailure> {
        let mut wait = Duration::from_millis(500);
        for _ in 0..self.policy.retries {
            match request::get(&self.agent, &self.policy, url, referrer) {
                Err(refusal) if refusal.is_temporary => {
                    let pause = refusal.retry_after.unwrap_or(wait);
                    if pause > self.policy.max_wait {
                        return Err(refusal);
                    }
                    std::thread::sleep(pause);
                    wait = (wait * 2).min(self.policy.max_wait);
                }
                ended => return ended,
            }
        }
        request::get(&self.agent, &self.policy, url, referrer)
    }
}
