//! Fetches images from the network with limits for each host, and checks that the responses are images.

#[cfg(feature = "fetch")]
mod address;
#[cfg(feature = "fetch")]
mod fetcher;
mod picture;
mod policy;
#[cfg(feature = "fetch")]
mod queue;
#[cfg_attr(not(feature = "fetch"), expect(dead_code, reason = "nothing asks why an image is none"))]
mod refusal;
#[cfg(feature = "fetch")]
mod request;

#[cfg(feature = "fetch")]
pub use fetcher::Fetcher;
pub use picture::Picture;
pub use policy::{Policy, Referrer, Wanted};
