//! Nothing in a repository is trusted: each test has something that a contributor could commit or hand over, and
//! checks that it does no harm. SECURITY.md lists the guarantees and the tests for them.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

mod gate;
mod journal;
mod limits;
mod output;
mod paths;
mod plans;

const TYPO: &str = "They recieve it.\n";
const RIGHT: &str = "They receive it.\n";

/// A site rule whose pattern takes quadratic time.
const RULE: &str =
    "[[rule]]\nname = \"shouting\"\nmessage = \"shouting\"\npattern = '.*[^A-Z]|[A-Z]'\ninvalid = [\"A\"]\n";
