//! Image proxies known by name: which original URL a proxy URL stands for, and how proxy URLs are damaged.

mod catalogue;
mod damage;
mod decode;
mod encode;
mod examine;
mod parts;
mod percent;
mod proxied;
mod proxies;
mod proxy_fix;
mod url_template;
mod wrecks;

pub use catalogue::Family;
pub use damage::Damage;
pub(crate) use percent::decode_path;
pub use proxied::Proxied;
pub use proxies::Proxies;
pub use proxy_fix::repaired_url;
pub use url_template::{Filling, UrlTemplate};
