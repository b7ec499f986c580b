//! How many known findings of a post go with the images that got other names. Of equal images some may have moved and
//! others not, and a run that is resumed finds a baseline that may have the new names already, so what is found in the
//! post decides.

use super::known::KnownFinding;
use std::collections::{BTreeMap, BTreeSet};

/// What the images of a post are called before and after a migration.
#[derive(Debug, Default)]
pub(super) struct RenamedImages {
    /// For each old name, the new one, and how many URLs moved.
    names: BTreeMap<String, (String, usize)>,
    /// For each rule and old name, the number of findings that go with it.
    pub(super) leaving: BTreeMap<(String, String), usize>,
}

impl RenamedImages {
    pub(super) fn of(moves: impl Iterator<Item = [String; 2]>) -> Self {
        let mut names: BTreeMap<String, (String, usize)> = BTreeMap::new();
        for [old, new] in moves.filter(|[old, new]| old != new) {
            names.entry(old).or_insert((new, 0)).1 += 1;
        }
        Self { names, leaving: BTreeMap::new() }
    }

    pub(super) fn name_now(&self, old: &str) -> Option<&str> {
        self.names.get(old).map(|(new, _)| new.as_str())
    }

    /// Whether something is known of one of the images.
    pub(super) fn are_in(&self, known: &[KnownFinding]) -> bool {
        known.iter().any(|known| self.names.contains_key(known.subject()))
    }

    /// Counts what goes with the images, from what is known and what is found now.
    pub(super) fn count(&mut self, known: &[KnownFinding], found: impl Iterator<Item = KnownFinding>) {
        let (known, found) = (counts(known.iter()), counts(found.collect::<Vec<_>>().iter()));
        let rules: BTreeSet<&String> = known.keys().map(|(rule, _)| rule).collect();
        for rule in rules {
            let of = |counts: &BTreeMap<(String, String), usize>, name: &str| {
                counts.get(&(rule.clone(), name.to_owned())).copied().unwrap_or_default()
            };
            let news = self.names.values().map(|(new, _)| new);
            if self.names.keys().chain(news).all(|name| of(&known, name) == of(&found, name)) {
                continue;
            }
            for (old, leaving) in self.leaving_of(|name| of(&known, name), |name| of(&found, name)) {
                self.leaving.insert((rule.clone(), old), leaving);
            }
        }
    }

    /// For each old name the number that leaves it: what is known of it, without what is still found and has not come
    /// from another name.
    fn leaving_of(
        &self,
        known: impl Fn(&str) -> usize,
        found: impl Fn(&str) -> usize,
    ) -> BTreeMap<String, usize> {
        let mut leaving: BTreeMap<String, usize> = BTreeMap::new();
        for old in self.in_order() {
            let coming = self.names.iter().filter(|(_, (new, _))| new == old);
            let coming = coming.map(|(from, (_, most))| {
                leaving.get(from).copied().unwrap_or_else(|| known(from).min(*most))
            });
            let kept = found(old).saturating_sub(coming.sum()).min(known(old));
            leaving.insert(old.to_owned(), (known(old) - kept).min(self.names[old].1));
        }
        leaving
    }

    /// The old names, each after the names that become it; those in a circle come last.
    fn in_order(&self) -> Vec<&str> {
        let mut order: Vec<&str> = Vec::new();
        let mut waiting: BTreeSet<&str> = self.names.keys().map(String::as_str).collect();
        while !waiting.is_empty() {
            let coming: BTreeSet<&str> = self
                .names
                .iter()
                .filter(|(old, _)| waiting.contains(old.as_str()))
                .map(|(_, (new, _))| new.as_str())
                .collect();
            let mut free: Vec<&str> = waiting.iter().copied().filter(|old| !coming.contains(old)).collect();
            if free.is_empty() {
                free = waiting.iter().copied().collect();
            }
            waiting.retain(|old| !free.contains(old));
            order.extend(free);
        }
        order
    }
}

/// The number of findings by rule and subject.
fn counts<'k>(known: impl Iterator<Item = &'k KnownFinding>) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for known in known {
        *counts.entry((known.rule.clone(), known.subject().to_owned())).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::KnownMark;

    #[test]
    fn findings_go_with_their_images() {
        let all = |names: &str| -> Vec<KnownFinding> {
            let mark = |name: &str| KnownMark::Identity([name.to_owned(), String::new(), String::new()]);
            names.split_whitespace().map(|name| KnownFinding { rule: "r".into(), mark: mark(name) }).collect()
        };
        // Moves, what is known, what is found, and what is known afterwards.
        for (moves, known, found, wanted) in [
            ("a>z", "a", "z", "z"),
            // One of two equal images moved, or another one of which nothing is known.
            ("a>z", "a a", "a z", "a z"),
            ("a>z", "a", "a", "a"),
            // Images change places, and names go on in a chain; once more, they are right already.
            ("a>b a>b b>a", "a a b", "a b b", "a b b"),
            ("a>b a>b b>a", "a b b", "a b b", "a b b"),
            ("a>b b>c", "a b", "b c", "b c"),
            ("a>b b>c", "b c", "b c", "b c"),
            // The rule did not run.
            ("a>z", "a", "", "z"),
        ] {
            let pairs = moves.split_whitespace().map(|pair| pair.split_once('>').unwrap());
            let mut images = RenamedImages::of(pairs.map(|(old, new)| [old.to_owned(), new.to_owned()]));
            images.count(&all(known), all(found).into_iter());
            let mut left = images.leaving.clone();
            let mut now: Vec<&str> = known
                .split_whitespace()
                .map(|name| match left.get_mut(&("r".to_owned(), name.to_owned())) {
                    Some(leaving) if *leaving > 0 => {
                        *leaving -= 1;
                        images.name_now(name).unwrap()
                    }
                    _ => name,
                })
                .collect();
            now.sort_unstable();
            assert_eq!(now.join(" "), wanted, "{moves}: {known}, {found}");
        }
    }
}
