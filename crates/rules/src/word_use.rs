//! How else a post uses a word: as a name, in code, in addresses.

use postmend_core::{Document, Mark, PassageKind, Prose, ProseBySource, Span};
use postmend_typo::{Commonness, Vocabulary};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// The uses of the words of a post that say whether they are names.
pub(crate) struct WordUse<'d> {
    document: &'d Document<'d>,
    /// The source in lower case, and which of it is prose, once they are asked.
    source: Option<(String, ProseBySource<'d>)>,
    /// The hosts of its links, once they are asked.
    hosts: Option<BTreeSet<String>>,
    /// By word in lower case.
    known: HashMap<String, Uses>,
}

/// What stands before names.
const TITLES: [&str; 6] = ["Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "St."];

/// How often a post has a word.
#[derive(Debug, Clone, Copy)]
struct Uses {
    /// In addresses and code of its body; up to 2.
    outside: usize,
    /// Whether front matter has it besides in text.
    is_in_front: bool,
    /// Whether it is all of a span of code.
    is_code: bool,
    /// Whether readers see it more than once.
    is_again: bool,
}

/// Whether a word may be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameLikeness {
    /// It is one.
    Name,
    /// It may be one.
    MaybeName,
    /// Nothing says so.
    Word,
}

impl<'d> WordUse<'d> {
    pub(crate) fn of(document: &'d Document<'d>) -> Self {
        Self { document, source: None, hosts: None, known: HashMap::new() }
    }

    /// Whether the word at this range of the prose, in Latin letters, may be a name. A word in lower case that is
    /// `surely` misspelt is one only if it is a host: addresses and code have the same mistakes as texts.
    pub(crate) fn likeness(&mut self, word: &Range<usize>, surely: bool) -> NameLikeness {
        let prose = &self.document.prose;
        let lower = prose.text[word.clone()].to_ascii_lowercase();
        if self.is_host(&lower) {
            return NameLikeness::Name;
        }
        let is_capital = is_capital_within_sentence(prose, word);
        if surely && !is_capital {
            return NameLikeness::Word;
        }
        let uses = self.uses(lower);
        // A link to what it names: [Meny](https://forge.example/meny).
        let is_linked = uses.outside > 0 && prose.has(Mark::Link, word);
        if uses.is_code || uses.outside >= 2 || is_linked {
            return NameLikeness::Name;
        }
        if is_capital {
            let is_heading =
                prose.has(Mark::Heading, word) || prose.kind_at(word.start) == PassageKind::Front;
            let is_name = !is_heading && (is_beside_capital(prose, word) || self.has_capital_again(word));
            return if is_name { NameLikeness::Name } else { NameLikeness::MaybeName };
        }
        if uses.outside > 0 || uses.is_in_front { NameLikeness::MaybeName } else { NameLikeness::Word }
    }

    /// Whether the name of a site to which the post links has the word.
    fn is_host(&mut self, lower: &str) -> bool {
        let document = self.document;
        let hosts = self.hosts.get_or_insert_with(|| {
            let urls = document.urls.iter().map(|url| &url.value);
            let hosts = urls.filter_map(|url| url.split_once("://")?.1.split(['/', '?', '#']).next());
            hosts.map(str::to_ascii_lowercase).collect()
        });
        hosts.iter().any(|host| host.contains(lower))
    }

    fn uses(&mut self, lower: String) -> Uses {
        /// Maximum number of words that are looked for, as that takes the whole post for each; others may be names.
        const MOST: usize = 64;
        if let Some(uses) = self.known.get(&lower) {
            return *uses;
        }
        if self.known.len() >= MOST {
            return Uses { outside: 1, is_in_front: false, is_code: false, is_again: true };
        }
        let document = self.document;
        let (source, prose) = self
            .source
            .get_or_insert_with(|| (document.text.to_ascii_lowercase(), document.prose.by_source()));
        let is_code = source.contains(&format!("`{lower}`"));
        let is_label = |at: usize| document.labels.iter().any(|label| label.span.contains(Span::point(at)));
        let body = document.front.body;
        let mut unread = places(source, &lower).filter(|at| !prose.has(*at) && !is_label(*at)).peekable();
        let is_in_front = unread.peek().is_some_and(|at| *at < body);
        let outside = unread.filter(|at| *at >= body).take(2).count();
        let is_again = places(source, &lower).filter(|at| prose.has(*at)).nth(1).is_some();
        let uses = Uses { outside, is_in_front, is_code, is_again };
        self.known.insert(lower, uses);
        uses
    }

    /// Whether the prose has a word more than once.
    pub(crate) fn is_there_again(&mut self, word: &Range<usize>) -> bool {
        let prose = &self.document.prose.text;
        let lower = prose[word.clone()].to_ascii_lowercase();
        self.uses(lower).is_again
    }

    /// Whether the word is written with a capital letter elsewhere within a sentence.
    fn has_capital_again(&self, word: &Range<usize>) -> bool {
        /// Maximum number of places that are looked at.
        const MOST: usize = 8;
        let prose = &self.document.prose;
        let written = &prose.text[word.clone()];
        let mut others = prose.text.match_indices(written).take(MOST).filter(|(at, _)| *at != word.start);
        others.any(|(at, _)| is_capital_within_sentence(prose, &(at..at + written.len())))
    }
}

/// The places where a text has a word by itself, in lower case.
fn places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let is_letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let places = memchr::memmem::find_iter(bytes, word);
    places.filter(move |at| !is_letter(at.checked_sub(1)) && !is_letter(Some(at + word.len())))
}

/// Whether a word has a capital letter that is not the first one of a sentence.
fn is_capital_within_sentence(prose: &Prose, word: &Range<usize>) -> bool {
    let written = prose.text[word.clone()].as_bytes();
    let is_capital = written[0].is_ascii_uppercase() && written[1..].iter().any(u8::is_ascii_lowercase);
    is_capital && !is_first_of_sentence(prose, word.start)
}

fn is_first_of_sentence(prose: &Prose, at: usize) -> bool {
    // What stands before a word on its line is short; the limit keeps long passages linear.
    const REACH: usize = 64;
    let passage = prose.passage_at(at).start;
    let start = prose.text.floor_char_boundary(at.saturating_sub(REACH)).max(passage);
    let is_around = |c: char| c.is_whitespace() || "\"'“”‘’«»「」『』()（）[]【】*_#>\u{FFFC}".contains(c);
    let before = prose.text[start..at].trim_end_matches(is_around);
    let ends = before.chars().next_back();
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_initial =
        last.len() == 2 && last.starts_with(|c: char| c.is_ascii_uppercase()) && last.ends_with('.');
    if is_initial || TITLES.contains(&last) {
        return false;
    }
    (before.is_empty() && start == passage)
        || ends.is_some_and(|c| ".!?:;|-/~".contains(c) || is_other_end(c))
}

/// Whether a character that is not ASCII ends a sentence or begins an item: a full stop, a bullet, a picture.
fn is_other_end(c: char) -> bool {
    !c.is_ascii() && !c.is_alphabetic() && !"、，".contains(c)
}

/// Whether a name or a title stands directly before the word, or a word with a capital letter after it.
fn is_beside_capital(prose: &Prose, word: &Range<usize>) -> bool {
    let is_capital = |word: &str| word.starts_with(char::is_uppercase) && word.len() > 1;
    // "The" begins many sentences and no names.
    let is_common = |word: &str| {
        let commonness = Vocabulary::embedded().commonness(word.to_ascii_lowercase().as_bytes());
        commonness >= Some(Commonness(4))
    };
    let before = prose.text[..word.start].strip_suffix(' ').unwrap_or_default();
    let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '.').map_or(0, |at| at + 1);
    let last = before.get(start..).unwrap_or_default();
    let is_name = is_capital(last) && (!is_first_of_sentence(prose, start) || !is_common(last));
    let after = prose.text[word.end..].strip_prefix(' ').unwrap_or_default();
    let next = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    is_name || TITLES.contains(&last) || is_capital(next)
}
