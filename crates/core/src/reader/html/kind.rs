//! What the name of an element says, looked up in a table that the compiler builds: a post has thousands of tags.

use crate::html::{Name, VOID};

/// What the name of an element says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(u8);

const INLINE: [Name; 38] = Name::all([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
]);
const CODE: [Name; 10] =
    Name::all(["pre", "code", "kbd", "samp", "tt", "var", "script", "style", "svg", "math"]);
const APART: [Name; 10] = Name::all([
    "audio", "button", "iframe", "meter", "object", "option", "progress", "select", "textarea", "video",
]);
const COLOURING: [Name; 2] = Name::all(["span", "font"]);
const EMPHASIS: [Name; 4] = Name::all(["b", "em", "i", "strong"]);
const STRUCK: [Name; 3] = Name::all(["del", "s", "strike"]);

impl Kind {
    /// It does not end the surrounding block of text.
    pub(super) const INLINE: Self = Self(1);
    /// Its content is not text of the post.
    pub(super) const CODE: Self = Self(2);
    /// Its text stands apart from that around it, even within a line.
    pub(super) const APART: Self = Self(4);
    /// It colors text.
    pub(super) const COLOURING: Self = Self(8);
    /// It stresses text.
    pub(super) const EMPHASIS: Self = Self(16);
    /// It strikes text out.
    pub(super) const STRUCK: Self = Self(32);
    /// It has no content.
    pub(super) const VOID: Self = Self(64);

    /// What a name says; nothing if it is not known.
    pub(super) fn of(name: Name) -> Self {
        let mut slot = slot_of(name);
        loop {
            match KINDS[slot] {
                Some((listed, kind)) if listed == name => return kind,
                Some(_) => slot = (slot + 1) % SLOTS,
                None => return Self(0),
            }
        }
    }

    /// Whether it is of this kind.
    pub(super) fn is(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }
}

/// More than twice the number of names, so that most are found at once.
const SLOTS: usize = 256;

/// A hash table of all names, in which names with the same slot follow each other.
static KINDS: [Option<(Name, Kind)>; SLOTS] = {
    let table = with([None; SLOTS], &INLINE, Kind::INLINE);
    let table = with(table, &CODE, Kind::CODE);
    let table = with(table, &APART, Kind::APART);
    let table = with(table, &COLOURING, Kind::COLOURING);
    let table = with(table, &EMPHASIS, Kind::EMPHASIS);
    let table = with(table, &STRUCK, Kind::STRUCK);
    with(table, &VOID, Kind::VOID)
};

const fn with(
    mut table: [Option<(Name, Kind)>; SLOTS],
    names: &[Name],
    kind: Kind,
) -> [Option<(Name, Kind)>; SLOTS] {
    let mut at = 0;
    while at < names.len() {
        let mut slot = slot_of(names[at]);
        let mut kinds = kind.0;
        while let Some((listed, known)) = table[slot] {
            if listed.is(names[at]) {
                kinds |= known.0;
                break;
            }
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = Some((names[at], Kind(kinds)));
        at += 1;
    }
    table
}

const fn slot_of(name: Name) -> usize {
    (name.hash() >> 56) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_all_its_kinds() {
        let lists: [(&[Name], Kind); 7] = [
            (&INLINE, Kind::INLINE),
            (&CODE, Kind::CODE),
            (&APART, Kind::APART),
            (&COLOURING, Kind::COLOURING),
            (&EMPHASIS, Kind::EMPHASIS),
            (&STRUCK, Kind::STRUCK),
            (&VOID, Kind::VOID),
        ];
        let all = lists.iter().flat_map(|(names, _)| *names);
        for name in all.chain(&Name::all(["p", "div", "table", "x-y"])) {
            for (names, kind) in lists {
                assert_eq!(Kind::of(*name).is(kind), names.contains(name), "{name:?} {kind:?}");
            }
        }
        assert_eq!(Kind::of(Name::of("figcaption")), Kind(0));
    }
}
