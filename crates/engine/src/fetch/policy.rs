//! How images are fetched.

use std::time::Duration;

/// How images are fetched.
#[derive(Debug, Clone)]
pub struct Policy {
    /// How long one image may take, from the first connection to the last byte.
    pub timeout: Duration,
    /// The most bytes that an image may have.
    pub max_size: u64,
    /// How often a request that failed for a while is made again.
    pub retries: u32,
    /// The longest wait before it is; a server that asks for more is given up.
    pub max_wait: Duration,
    /// How many requests are made to one host at once.
    pub per_host: usize,
    /// How much time passes between the starts of two requests to one host.
    pub delay: Duration,
    /// What the server is told about where the image is shown.
    pub referrer: Referrer,
    /// Hosts, with their ports if they are named, whose addresses may be private.
    pub allow_private: Vec<String>,
}

/// What the `Referer` header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referrer {
    /// Nothing; where that is refused, the image's own site.
    Auto,
    /// Nothing.
    None,
    /// This.
    Fixed(String),
}

/// An image that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it is known by.
    pub origin: String,
    /// Where it may be had, in the order in which these are tried.
    pub addresses: Vec<String>,
}
