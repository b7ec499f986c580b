//! Shares of the posts, so that several machines can divide the work.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// One share of `count`. Which posts are in it depends only on their own paths, so a new post does not move any other
/// to another share, and all machines agree.
///
/// Invariant: `1 <= number <= count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    count: u32,
    number: u32,
}

impl Shard {
    /// The number of shares.
    pub fn count(self) -> u32 {
        self.count
    }

    /// All shares of this count, this one included, in order.
    pub fn all(self) -> impl Iterator<Item = Self> {
        (1..=self.count).map(move |number| Self { number, ..self })
    }

    /// Whether a post is in this share, by its path relative to the project's root, with `/`. This formula is
    /// guaranteed: the number of a post's share is the first eight bytes of the SHA-256 of its path in UTF-8, as a
    /// big-endian number, modulo the number of shares, plus 1.
    pub fn holds(self, path: &str) -> bool {
        let hash = Sha256::digest(path.as_bytes());
        let start = hash.first_chunk().expect("a hash has 32 bytes");
        u64::from_be_bytes(*start) % u64::from(self.count) + 1 == u64::from(self.number)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |digits: &str| {
            let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u32>().ok().filter(|_| is_plain)
        };
        let text = text.split_once('/').and_then(|(share, count)| Some((number(share)?, number(count)?)));
        match text {
            None => Err("expected K/N, for example 2/8 for the second of 8 shares".to_owned()),
            Some((_, 0)) => {
                Err("there must be at least one share, for example 2/8 for the second of 8".to_owned())
            }
            Some((0, count)) => Err(format!("shares are numbered from 1: the first of {count} is 1/{count}")),
            Some((number, count)) if number > count => {
                Err(format!("there is no such share: the last of {count} is {count}/{count}"))
            }
            Some((number, count)) => Ok(Self { count, number }),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_post_is_in_one_share_of_about_the_same_size() {
        let shard: Shard = "1/8".parse().unwrap();
        let paths: Vec<String> = (0..8000).map(|number| format!("posts/{number}.md")).collect();
        let sizes: Vec<usize> =
            shard.all().map(|shard| paths.iter().filter(|path| shard.holds(path)).count()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), paths.len());
        assert!(sizes.iter().all(|size| (900..1100).contains(size)), "{sizes:?}");
    }

    /// The hash is as from `printf %s notes/港.md | sha256sum`. The share of a post must never change.
    #[test]
    fn a_post_stays_in_its_share() {
        let stays = [("a.md", "6/8"), ("notes/港.md", "4/8"), ("notes/港.md", "1670695222/4294967295")];
        for (path, share) in stays {
            assert!(share.parse::<Shard>().unwrap().holds(path), "{path} is in {share}");
        }
        assert!(!"5/8".parse::<Shard>().unwrap().holds("a.md"));
    }

    #[test]
    fn says_what_a_share_is() {
        let refused =
            ["", "2", "/", "a/b", "-1/2", "+1/2", "1/2/3", "1/4294967296", "1/0", "0/0", "0/2", "3/2"];
        for text in refused {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!("02/08".parse::<Shard>().unwrap().to_string(), "2/8");
    }
}
