//! Phrases of four characters that occur in many texts of a collection.
//!
//! The texts are read twice. First each phrase is counted approximately, since there may be too many for
//! memory; then those that occur in many texts are kept. Other authors write about other topics, so the
//! requirements are stricter than for phrases within one text: the two characters must sound the same, the
//! usual one must make a word out of what was left over, and hardly any text may write that word with the odd
//! character.

use super::elsewhere::is_used_again;
use super::grams::{GRAM, Phrase, character, each_phrase, hash, with_gap};
use super::pairs::MOST_FILLINGS;
use super::verdict::judge;
use crate::confusion::Confusion;
use crate::model::Model;
use crate::runs::{Runs, WIDTH, code};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU16, Ordering};

/// A phrase is frequent if it occurs in at least this many texts, and in at least this many of a thousand.
const LEAST_TEXTS: usize = 5;
const LEAST_OF_THOUSAND: usize = 2;
/// Counts saturate here.
const MOST_COUNTED: u16 = 60_000;
/// Minimum and maximum number of counters, as powers of two.
const SIZES: (u32, u32) = (16, 25);
/// The word with the odd character must occur in this many times fewer other texts than the usual word: 显式 and
/// 显示 are both words, and authors use them correctly.
const TIMES_FEWER: u32 = 10;

/// The number of texts that contain each phrase and each two characters, counted by many threads at once. It
/// may be too high, but never too low below 60,000, where counts saturate.
#[derive(Debug)]
pub struct PhraseCounts {
    slots: Vec<AtomicU16>,
}

impl PhraseCounts {
    /// Empty counters, sized for texts with this total number of bytes.
    pub fn new(bytes: u64) -> Self {
        let size = (bytes / 4).clamp(1 << SIZES.0, 1 << SIZES.1).next_power_of_two();
        Self { slots: (0..size).map(|_| AtomicU16::new(0)).collect() }
    }

    /// Counts the phrases of a text.
    pub fn add(&self, runs: &Runs<'_>) {
        let mut pairs: Vec<Phrase> = runs.codes.windows(2).map(|two| pair(two[0], two[1])).collect();
        pairs.sort_unstable();
        pairs.dedup();
        for phrase in distinct_phrases(runs, |_| true).into_iter().chain(pairs) {
            for slot in self.slots_of(phrase) {
                let slot = &self.slots[slot];
                if slot.load(Ordering::Relaxed) < MOST_COUNTED {
                    slot.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    fn of(&self, phrase: Phrase) -> u16 {
        let [a, b] = self.slots_of(phrase).map(|slot| self.slots[slot].load(Ordering::Relaxed));
        a.min(b)
    }

    fn slots_of(&self, phrase: Phrase) -> [usize; 2] {
        let mask = self.slots.len() as u64 - 1;
        let hash = hash(phrase);
        [hash >> 32, (hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32]
            .map(|hash| (hash & mask) as usize)
    }
}

/// A builder for the phrases that occur in many texts.
#[derive(Debug)]
pub struct UsageBuilder {
    counts: PhraseCounts,
    least: usize,
    frequent: HashMap<Phrase, Texts>,
}

/// The texts that contain a phrase.
#[derive(Debug, Clone, Copy)]
struct Texts {
    count: u32,
    /// The number of the first of these texts.
    first: u32,
}

impl UsageBuilder {
    /// A builder for `texts` texts that have these counts.
    pub fn new(counts: PhraseCounts, texts: usize) -> Self {
        let least = LEAST_TEXTS.max(texts * LEAST_OF_THOUSAND / 1000);
        Self { counts, least, frequent: HashMap::new() }
    }

    /// The phrases of a text that may be frequent.
    pub fn phrases(&self, runs: &Runs<'_>) -> Vec<u64> {
        let least = self.least.min(MOST_COUNTED as usize) as u16;
        distinct_phrases(runs, |phrase| self.counts.of(phrase) >= least)
    }

    /// Adds such phrases of one text; texts must be added in order.
    pub fn add(&mut self, number: u32, phrases: &[u64]) {
        for phrase in phrases {
            self.frequent.entry(*phrase).or_insert(Texts { count: 0, first: number }).count += 1;
        }
    }

    /// Removes the phrases that are not frequent.
    pub fn finish(mut self) -> Usage {
        self.frequent.retain(|_, texts| texts.count as usize >= self.least);
        let mut usual: Vec<Usual> = Vec::with_capacity(self.frequent.len() * GRAM);
        for (phrase, texts) in &self.frequent {
            usual.extend((0..GRAM).map(|at| Usual {
                gap: with_gap(*phrase, at),
                character: character(*phrase, at),
                texts: *texts,
            }));
        }
        usual.sort_unstable_by_key(|usual| (usual.gap, usual.character));
        let mut gaps = vec![0; (usual.len() / 4).next_power_of_two()];
        for usual in &usual {
            let (word, bit) = word_and_bit(usual.gap, gaps.len());
            gaps[word] |= bit;
        }
        Usage { counts: self.counts, usual, gaps }
    }
}

/// The phrases that occur in many texts of a collection.
#[derive(Debug)]
pub struct Usage {
    counts: PhraseCounts,
    /// Sorted by gap.
    usual: Vec<Usual>,
    /// A bit for each gap; several gaps may share one.
    gaps: Vec<u64>,
}

/// A frequent phrase, split into a gap and the character that fills it.
#[derive(Debug, Clone, Copy)]
struct Usual {
    gap: Phrase,
    character: u16,
    texts: Texts,
}

/// A phrase that occurs once in all texts, and is likely a mistake for one that occurs in many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// The byte range of the phrase.
    pub range: Range<usize>,
    /// The byte range of its odd character.
    pub odd: Range<usize>,
    /// The usual phrase.
    pub usual: String,
    /// The number of texts that contain the usual phrase.
    pub texts: u32,
    /// The number of the first of these texts.
    pub first: u32,
}

impl Usage {
    /// The phrases of a text that are inconsistent with the other texts, in text order, at most one for each
    /// character. The text may be one of the collection. Characters for which `is_spoken_for` is true are never
    /// odd.
    pub fn deviations(
        &self,
        runs: &Runs<'_>,
        model: &Model<'_>,
        is_spoken_for: impl Fn(&Range<usize>) -> bool,
    ) -> Vec<Deviation> {
        let mut found: Vec<Deviation> = Vec::new();
        for run in runs.different.iter().filter(|run| run.length() >= GRAM && !run.again) {
            each_phrase(run, &runs.codes, |start, phrase| {
                for at in 0..GRAM {
                    let near = self.filling(with_gap(phrase, at));
                    if near.is_empty() || near.len() > MOST_FILLINGS || self.counts.of(phrase) > 1 {
                        continue;
                    }
                    let odd = Odd { start, phrase, at };
                    found.extend(near.iter().filter_map(|usual| self.deviation(&odd, usual, runs, model)));
                }
            });
        }
        found.retain(|deviation| !is_spoken_for(&deviation.odd) && stands_once(runs.text, &deviation.range));
        // The phrase in the most texts is the strongest evidence.
        found.sort_by_key(|deviation| {
            (deviation.odd.start, u32::MAX - deviation.texts, deviation.range.start)
        });
        found.dedup_by_key(|deviation| deviation.odd.start);
        found
    }

    /// The deviation of an odd phrase from a usual one, if it is likely a mistake.
    fn deviation(&self, odd: &Odd, usual: &Usual, runs: &Runs<'_>, model: &Model<'_>) -> Option<Deviation> {
        let (text, wrong, right) = (runs.text, odd.character(), usual.character);
        let confusion =
            model.confusion_of_codes(wrong, right).filter(|confusion| *confusion == Confusion::SameSound)?;
        let start = runs.byte_of(odd.start as usize);
        let range = start..start + GRAM * WIDTH;
        let odd_range = start + odd.at * WIDTH..start + (odd.at + 1) * WIDTH;
        let verdict = judge(text, odd_range.start, right, confusion, model)?;
        let word = verdict.makes_word_with(&range)?;
        if is_used_again(text, odd_range.start, word) {
            return None;
        }
        let beside = |at: usize| code(&text.as_bytes()[at..]);
        let before = (word.start < odd_range.start).then(|| beside(odd_range.start - WIDTH));
        let after = (odd_range.end < word.end).then(|| beside(odd_range.end));
        let is_rare = |wrong: Phrase, right: Phrase| {
            u32::from(self.counts.of(wrong).saturating_sub(1)) * TIMES_FEWER
                <= u32::from(self.counts.of(right))
        };
        let are_rare = before.is_none_or(|before| is_rare(pair(before, wrong), pair(before, right)))
            && after.is_none_or(|after| is_rare(pair(wrong, after), pair(right, after)));
        if !are_rare {
            return None;
        }
        let mut phrase = text[range.clone()].to_owned();
        let character = char::from_u32(u32::from(right))?;
        phrase.replace_range(odd.at * WIDTH..(odd.at + 1) * WIDTH, character.encode_utf8(&mut [0; 4]));
        let Texts { count: texts, first } = usual.texts;
        Some(Deviation { range, odd: odd_range, usual: phrase, texts, first })
    }

    /// The frequent phrases with this gap.
    fn filling(&self, gap: Phrase) -> &[Usual] {
        let (word, bit) = word_and_bit(gap, self.gaps.len());
        if self.gaps[word] & bit == 0 {
            return &[];
        }
        let first = self.usual.partition_point(|usual| usual.gap < gap);
        let count =
            self.usual[first..].iter().take_while(|usual| usual.gap == gap).take(MOST_FILLINGS + 1).count();
        &self.usual[first..first + count]
    }
}

/// A character of a phrase that may be odd.
struct Odd {
    /// The index of the phrase's first code point.
    start: u32,
    phrase: Phrase,
    at: usize,
}

impl Odd {
    fn character(&self) -> u16 {
        character(self.phrase, self.at)
    }
}

/// Two characters as a number that differs from that of any phrase.
fn pair(first: u16, second: u16) -> Phrase {
    Phrase::from(first) | Phrase::from(second) << 16
}

fn stands_once(text: &str, range: &Range<usize>) -> bool {
    text.matches(&text[range.clone()]).nth(1).is_none()
}

/// The distinct phrases of a text for which `is_wanted` is true.
fn distinct_phrases(runs: &Runs<'_>, is_wanted: impl Fn(Phrase) -> bool) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    for run in runs.different.iter().filter(|run| run.length() >= GRAM) {
        each_phrase(run, &runs.codes, |_, phrase| {
            if is_wanted(phrase) {
                phrases.push(phrase);
            }
        });
    }
    phrases.sort_unstable();
    phrases.dedup();
    phrases
}

fn word_and_bit(gap: Phrase, words: usize) -> (usize, u64) {
    let hash = hash(gap);
    ((hash >> 32) as usize & (words - 1), 1 << (hash >> 26 & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage_of(texts: &[String]) -> Usage {
        let counts = PhraseCounts::new(texts.iter().map(|text| text.len() as u64).sum());
        texts.iter().for_each(|text| counts.add(&Runs::of(text)));
        let mut builder = UsageBuilder::new(counts, texts.len());
        for (number, text) in (0..).zip(texts) {
            let phrases = builder.phrases(&Runs::of(text));
            builder.add(number, &phrases);
        }
        builder.finish()
    }

    #[test]
    fn finds_what_other_texts_write_otherwise() {
        let mut texts = vec!["这里有几中方法可用。".to_owned()];
        texts.extend((0..12).map(|number| format!("第{number}回用几种方法做。再试几种方法？")));
        let usage = usage_of(&texts);
        let found = usage.deviations(&Runs::of(&texts[0]), Model::embedded(), |_| false);
        let [deviation] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (&texts[0][deviation.range.clone()], &texts[0][deviation.odd.clone()]),
            ("几中方法", "中")
        );
        assert_eq!((deviation.usual.as_str(), deviation.texts, deviation.first), ("几种方法", 12, 1));
        assert!(usage.deviations(&Runs::of(&texts[0]), Model::embedded(), |_| true).is_empty());
        assert!(usage.deviations(&Runs::of(&texts[1]), Model::embedded(), |_| false).is_empty());
        // Too few texts contain the usual phrase.
        let few = usage_of(&texts[..5]);
        assert!(few.deviations(&Runs::of(&texts[0]), Model::embedded(), |_| false).is_empty());
        // The odd phrase occurs more than once.
        texts.push(texts[0].clone());
        let twice = usage_of(&texts);
        assert!(twice.deviations(&Runs::of(&texts[0]), Model::embedded(), |_| false).is_empty());
        texts.pop();
        // Both spellings are words.
        texts.extend((0..2).map(|_| "我在几中上学。".to_owned()));
        let both = usage_of(&texts);
        assert!(both.deviations(&Runs::of(&texts[0]), Model::embedded(), |_| false).is_empty());
        assert!(usage_of(&[]).deviations(&Runs::of("几中方法"), Model::embedded(), |_| false).is_empty());
    }
}
