//! Whether a text sets two phrases against each other, so that both are right.

use std::ops::Range;

/// What joins two phrases that mean different things.
const CONNECTIVES: [&str; 20] = [
    "和",
    "与",
    "跟",
    "同",
    "或",
    "及",
    "以及",
    "还是",
    "而",
    "不是",
    "而不是",
    "而非",
    "不等于",
    "不同于",
    "区别于",
    "vs",
    "应为",
    "应是",
    "改为",
    "改成",
];

/// What says in a sentence that two phrases in it mean different things.
const OPPOSITIONS: [&str; 11] =
    ["而不是", "而非", "不同于", "不等于", "区别", "区分", "相反", "对比", "相比", "混淆", "反之"];

/// Maximum number of lines that are compared.
const MOST_LINES: usize = 16;

/// Maximum length of a sentence or line in bytes, on each side of a phrase.
const REACH: usize = 240;

/// Whether the odd phrase is set against one of the usual ones, which begin at `usual` in order and have its length. If
/// the evidence for a mistake is weak, it is enough that one of them is in the same sentence or in a parallel line.
pub(super) fn are_contrasted(text: &str, odd: &Range<usize>, usual: &[usize], is_weak: bool) -> bool {
    let next = usual.partition_point(|start| *start < odd.start);
    let nearest = [next.checked_sub(1).map(|last| usual[last]), usual.get(next).copied()];
    let nearest = nearest.into_iter().flatten().map(|start| start..start + odd.len());
    let sentence = around(text, odd, |c| "。！？!?；;\n".contains(c));
    let are_opposed = OPPOSITIONS.iter().any(|word| text[sentence.clone()].contains(word));
    let line = rest_of_line(text, odd).filter(|_| is_weak);
    // A whole line that is repeated, as in a table of contents, is no contrast.
    let is_parallel = |start: &&usize| rest_of_line(text, &(**start..**start + odd.len())) == line;
    nearest.clone().any(|usual| {
        let is_in_sentence = sentence.start <= usual.start && usual.end <= sentence.end;
        is_joined(text, odd, &usual) || ((are_opposed || is_weak) && is_in_sentence)
    }) || (line.is_some() && usual.iter().take(MOST_LINES).filter(is_parallel).count() == 1)
}

/// Whether nothing but marks and a connective is between two phrases: `基数排序、计数排序`.
fn is_joined(text: &str, odd: &Range<usize>, usual: &Range<usize>) -> bool {
    let (first, second) = if odd.start < usual.start { (odd, usual) } else { (usual, odd) };
    let Some(between) = text.get(first.end..second.start).filter(|between| between.len() <= 32) else {
        return false;
    };
    if between.is_empty() || between.contains(['\n', '。', '！', '？']) {
        return false;
    }
    let word = between.trim_matches(|c: char| !c.is_alphanumeric());
    word.is_empty() || CONNECTIVES.contains(&word)
}

/// The text of the line around a phrase, before and after it; `None` if there is nothing else or too much.
fn rest_of_line<'t>(text: &'t str, phrase: &Range<usize>) -> Option<(&'t str, &'t str)> {
    let line = around(text, phrase, |c| c == '\n');
    let (before, after) = (&text[line.start..phrase.start], &text[phrase.end..line.end]);
    const MOST: usize = 60;
    let length = before.len() + after.len();
    (0 < length && length <= MOST).then_some((before, after))
}

/// The text around a phrase up to the characters at which it ends.
fn around(text: &str, phrase: &Range<usize>, is_end: impl Fn(char) -> bool) -> Range<usize> {
    let first = text.floor_char_boundary(phrase.start.saturating_sub(REACH));
    let last = text.ceil_char_boundary((phrase.end + REACH).min(text.len()));
    let start =
        text[first..phrase.start].rfind(&is_end).map_or(first, |at| text.ceil_char_boundary(first + at + 1));
    let end = text[phrase.end..last].find(&is_end).map_or(last, |at| phrase.end + at);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrasted(text: &str, odd: &str, usual: &str, is_weak: bool) -> bool {
        let at = text.find(odd).unwrap();
        let usual: Vec<usize> = text.match_indices(usual).map(|(start, _)| start).collect();
        are_contrasted(text, &(at..at + odd.len()), &usual, is_weak)
    }

    #[test]
    fn tells_contrasts_from_repetitions() {
        for (text, is_weak) in [
            ("先学冒泡排序、插入排序。", false),
            ("“插入排序”应为“冒泡排序”", false),
            ("要区分冒泡排序的步骤和后面的插入排序。", false),
            ("插入排序很慢，冒泡排序也很慢。", true),
            ("插入排序的步骤\n说明\n冒泡排序的步骤\n", true),
        ] {
            assert!(contrasted(text, "插入排序", "冒泡排序", is_weak), "{text}");
        }
        for (text, is_weak) in [
            ("插入排序很慢，冒泡排序也很慢。", false),
            ("插入排序很慢。冒泡排序也很慢。", true),
            ("插入排序的步骤\n冒泡排序的步骤\n冒泡排序的步骤\n", true),
        ] {
            assert!(!contrasted(text, "插入排序", "冒泡排序", is_weak), "{text}");
        }
    }
}
