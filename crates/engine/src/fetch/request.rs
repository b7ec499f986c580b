//! One request with its redirects, and the reasons for failures.

use super::policy::Policy;
use super::refusal::FetchFailure;
use postmend_core::date::WrittenDate;
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::StatusCode;
use url::Url;

/// The maximum number of redirects.
const MOST_REDIRECTS: usize = 10;

/// The content of a URL.
pub(super) fn get(
    agent: &Agent,
    policy: &Policy,
    url: &Url,
    referrer: Option<&str>,
) -> Result<Vec<u8>, FetchFailure> {
    let deadline = Instant::now() + policy.timeout;
    let mut seen = vec![url.clone()];
    loop {
        let here = &seen[seen.len() - 1];
        if !matches!(here.scheme(), "http" | "https") {
            return Err(FetchFailure::permanent(format!("redirects to {here}, which is not http or https")));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let mut address = here.clone();
        address.set_fragment(None);
        let mut request = agent.get(address.as_str()).config().timeout_global(Some(left)).build();
        if let Some(referrer) = referrer {
            request = request.header("Referer", referrer);
        }
        let mut response = request.call().map_err(|error| failed(&error, policy))?;
        if response.status().is_redirection() {
            let next = location(&response, here)?;
            if seen.contains(&next) || seen.len() > MOST_REDIRECTS {
                return Err(FetchFailure::permanent("redirects in a loop"));
            }
            seen.push(next);
            continue;
        }
        refused(&response)?;
        let announced = response.body().content_length();
        let body = response.body_mut().with_config().limit(policy.max_size).read_to_vec();
        let body = body.map_err(|error| match error {
            ureq::Error::Io(_) => FetchFailure::temporary("the response is truncated"),
            other => failed(&other, policy),
        })?;
        return match announced {
            Some(length) if length != body.len() as u64 => {
                Err(FetchFailure::temporary("the response is truncated"))
            }
            _ => Ok(body),
        };
    }
}

type Response = ureq::http::Response<ureq::Body>;

fn location(response: &Response, here: &Url) -> Result<Url, FetchFailure> {
    let header = response.headers().get("Location").and_then(|value| value.to_str().ok());
    let next = header.and_then(|value| here.join(value).ok());
    next.ok_or_else(|| FetchFailure::permanent("redirects without a location"))
}

/// The failure that a status code means; `Ok` for a successful one.
fn refused(response: &Response) -> Result<(), FetchFailure> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let name = status.canonical_reason().map(|name| format!(" ({name})")).unwrap_or_default();
    let message = format!("the server responded {}{name}", status.as_u16());
    let temporary = status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::REQUEST_TIMEOUT
        || (status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED);
    let denied = matches!(status, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED);
    let header = response.headers().get("Retry-After").and_then(|value| value.to_str().ok());
    Err(FetchFailure {
        message,
        is_temporary: temporary,
        retry_after: header.and_then(retry_after),
        depends_on_referrer: denied,
    })
}

/// Parses a `Retry-After` header: seconds, or a date.
fn retry_after(header: &str) -> Option<Duration> {
    if let Ok(seconds) = header.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = WrittenDate::read(header).instant()?;
    let wait = then.0.saturating_sub(crate::clock::now().0);
    Some(Duration::from_millis(u64::try_from(wait).unwrap_or(0)))
}

fn failed(error: &ureq::Error, policy: &Policy) -> FetchFailure {
    match error {
        ureq::Error::Timeout(_) => {
            FetchFailure::temporary(format!("took longer than {} s", policy.timeout.as_secs_f32()))
        }
        ureq::Error::HostNotFound => FetchFailure::permanent("host not found"),
        ureq::Error::BodyExceedsLimit(limit) => {
            FetchFailure::permanent(format!("is larger than {limit} bytes"))
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            FetchFailure::permanent(error.to_string())
        }
        ureq::Error::Io(error) if error.to_string().contains("lookup") => {
            FetchFailure::permanent("host not found")
        }
        ureq::Error::Io(_) | ureq::Error::Protocol(_) | ureq::Error::ConnectionFailed => {
            FetchFailure::temporary(format!("connection failed: {error}"))
        }
        other => FetchFailure::permanent(other.to_string()),
    }
}
