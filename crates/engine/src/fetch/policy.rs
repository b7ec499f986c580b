//! Options for fetching images.

use std::time::Duration;

/// Options for fetching images.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The timeout for one image, from the connection to the last byte.
    pub timeout: Duration,
    /// The maximum size of an image in bytes.
    pub max_size: u64,
    /// How many times a request is repeated after a temporary failure.
    pub retries: u32,
    /// The longest wait before a retry; if the server asks for a longer one, the request fails.
    pub max_wait: Duration,
    /// The maximum number of concurrent requests to one host.
    pub per_host: usize,
    /// The minimum time between the starts of two requests to one host.
    pub delay: Duration,
    /// The `Referer` header.
    pub referrer: Referrer,
    /// Hosts, with or without ports, that may have private addresses.
    pub allow_private: Vec<String>,
}

/// The content of the `Referer` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referrer {
    /// No header first; if the request is refused, the origin of the image's own URL.
    Auto,
    /// No header.
    None,
    /// This text.
    Fixed(String),
}

/// An image to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The original URL that identifies the image.
    pub origin: String,
    /// The URLs to fetch it from, in the order in which they are tried.
    pub addresses: Vec<String>,
}
