//! The nearest words before and after a place, and how far two such places agree.

/// The weight of a word in letters. A Chinese character weighs half as much.
pub(crate) const WORD: u32 = 2;
/// Places are the same when the words next to them that are the same weigh at least this much.
const ENOUGH: u32 = 2 * WORD;
/// The maximum length in bytes of the text that is searched for words.
const REACH: usize = 256;

/// The last words of a text that weigh this much, apart by single spaces.
pub(crate) fn words_before(text: &str, full: u32) -> String {
    let text = &text[text.ceil_char_boundary(text.len().saturating_sub(REACH))..];
    let mut words: Vec<&str> = nearest(words(text).collect::<Vec<_>>().into_iter().rev(), full);
    words.reverse();
    words.join(" ")
}

/// The first words of a text that weigh this much, apart by single spaces.
pub(crate) fn words_after(text: &str, full: u32) -> String {
    nearest(words(&text[..text.floor_char_boundary(REACH)]), full).join(" ")
}

fn nearest<'t>(words: impl Iterator<Item = &'t str>, full: u32) -> Vec<&'t str> {
    let weighed = words.scan(0, |weight, word| {
        let before = *weight;
        *weight += weight_of(word);
        (before < full).then_some(word)
    });
    weighed.collect()
}

/// Whether a place is one that is known, although some of the words around may have changed. Each has the words before it
/// and those after it. If few words were around the known one, those few are enough.
pub fn are_near(here: [&str; 2], known: [&str; 2]) -> bool {
    let backwards = |text| words(text).collect::<Vec<_>>().into_iter().rev();
    let before = agreement(backwards(here[0]), backwards(known[0]));
    let after = agreement(words(here[1]), words(known[1]));
    let all: u32 = known.iter().flat_map(|side| words(side)).map(weight_of).sum();
    before + after >= ENOUGH.min(all)
}

/// The weight of the words that are the same, from the first one on.
fn agreement<'t>(one: impl Iterator<Item = &'t str>, other: impl Iterator<Item = &'t str>) -> u32 {
    one.zip(other).take_while(|(one, other)| are_alike(one, other)).map(|(one, _)| weight_of(one)).sum()
}

/// Whether two words are the same, or one is the other one spelt right.
fn are_alike(one: &str, other: &str) -> bool {
    if one.to_lowercase() == other.to_lowercase() {
        return true;
    }
    let [mut one, mut other] = [one, other].map(|word| word.chars().collect::<Vec<_>>());
    let longest = one.len().max(other.len());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let end = one[start..].iter().rev().zip(other[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let changed = longest - start - end;
    one.sort_unstable();
    other.sort_unstable();
    let is_swap = longest >= 3 && one == other;
    is_swap || (longest >= 4 && changed <= 1) || (longest >= 7 && changed <= 2)
}

fn weight_of(word: &str) -> u32 {
    if word.chars().next().is_some_and(is_ideograph) { WORD / 2 } else { WORD }
}

/// The words in letters or digits, and each Chinese character.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let first = rest.chars().next()?;
        let is_end = |c: char| !c.is_alphanumeric() || is_ideograph(c);
        let length = match is_ideograph(first) {
            true => first.len_utf8(),
            false => rest.find(is_end).unwrap_or(rest.len()),
        };
        let (word, others) = rest.split_at(length);
        rest = others;
        Some(word)
    })
}

/// Whether a character of Chinese, Japanese or Korean, which have no spaces between words.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_words_are_kept() {
        assert_eq!(words_before("One, two; three four five six ", 4 * WORD), "three four five six");
        assert_eq!(words_after(" the *letter* — of a\nfriend, and", 4 * WORD), "the letter of a");
        assert_eq!(words_before("今年在学校附近，公园里", 4 * WORD), "在 学 校 附 近 公 园 里");
        assert_eq!(words_after("", WORD), "");
    }

    #[test]
    fn places_agree_by_the_words_next_to_them() {
        let known = ["that they", "the first letter"];
        for near in [
            ["that they", "a parcel"],
            ["when they", "the parcel"],
            ["taht thye", "it"],
            ["x", "the frist one"],
        ] {
            assert!(are_near(near, known), "{near:?}");
        }
        for far in [["They", "a parcel"], ["", ""], ["this", "the parcel"], ["they that", "letter the"]] {
            assert!(!are_near(far, known), "{far:?}");
        }
        assert!(are_near(["在 学 校", "建 设 新 的"], ["在 医 院", "建 设 新 的"]));
        assert!(are_near(["a word before", ""], ["", ""]) && are_near(["The", "now"], ["The", ""]));
    }
}
