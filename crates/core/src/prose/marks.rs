//! What the source says about ranges of the prose, besides their text.

use std::ops::Range;

/// What a range of the prose is, besides text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The text of a link.
    Link,
    /// The label of a reference, by which its definition is found: `[text]` or `[text][]`.
    Label,
    /// A heading whose text makes its anchor, as it has no id of its own.
    Heading,
    /// Emphasized.
    Emphasis,
    /// Struck out.
    Struck,
    /// Code that is marked up as text, with colors for single words.
    Listing,
}

/// Whether the tag of a language, such as `en-GB`, is that of one whose words are not checked: neither English nor
/// Chinese. `None` for an empty one.
pub fn is_foreign_language(tag: &str) -> Option<bool> {
    let primary = tag.trim().split(['-', '_']).next().filter(|primary| !primary.is_empty())?;
    let checked = ["en", "eng", "zh", "zho", "chi", "cmn", "yue"];
    Some(!checked.iter().any(|language| primary.eq_ignore_ascii_case(language)))
}

/// The marks of a text.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// For each mark its ranges: sorted, and none within another.
    ranges: [Vec<Range<u32>>; 6],
    /// Whether the text is in a language that is not checked, from each of these offsets on.
    foreign: Vec<(u32, bool)>,
}

impl Marks {
    pub(super) fn add(&mut self, mark: Mark, range: Range<u32>) {
        let ranges = &mut self.ranges[mark as usize];
        while ranges.pop_if(|inner| inner.start >= range.start).is_some() {}
        if !range.is_empty() {
            ranges.push(range);
        }
    }

    /// Whether any part of the range has the mark.
    pub(super) fn has(&self, mark: Mark, range: &Range<usize>) -> bool {
        self.touching(mark, range).is_some()
    }

    /// The first range with the mark that has a part of this range.
    pub(super) fn touching(&self, mark: Mark, range: &Range<usize>) -> Option<Range<usize>> {
        let ranges = &self.ranges[mark as usize];
        let next = ranges.partition_point(|marked| marked.end as usize <= range.start);
        let found = ranges.get(next).filter(|marked| (marked.start as usize) < range.end)?;
        Some(found.start as usize..found.end as usize)
    }

    pub(super) fn set_foreign(&mut self, from: u32, foreign: bool) {
        self.foreign.push((from, foreign));
    }

    pub(super) fn is_foreign(&self, at: usize) -> bool {
        let after = self.foreign.partition_point(|(from, _)| *from as usize <= at);
        self.foreign[..after].last().is_some_and(|(_, foreign)| *foreign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_ranges_take_in_the_inner_ones() {
        let mut marks = Marks::default();
        marks.add(Mark::Emphasis, 1..2);
        marks.add(Mark::Emphasis, 4..6);
        marks.add(Mark::Emphasis, 3..9);
        marks.add(Mark::Emphasis, 9..9);
        assert_eq!(marks.touching(Mark::Emphasis, &(8..10)), Some(3..9));
        assert!(marks.has(Mark::Emphasis, &(0..2)) && !marks.has(Mark::Emphasis, &(2..3)));
        assert!(!marks.has(Mark::Struck, &(0..9)));
    }

    #[test]
    fn a_tag_names_a_language() {
        let tags = [("en", Some(false)), ("EN-gb", Some(false)), ("zh_CN", Some(false)), ("fr", Some(true))];
        for (tag, foreign) in tags.into_iter().chain([("enm", Some(true)), (" ", None)]) {
            assert_eq!(is_foreign_language(tag), foreign, "{tag}");
        }
    }
}
