//! How miette renders findings and errors.

use miette::{GraphicalReportHandler, GraphicalTheme};
use textwrap::core::Word;
use textwrap::{WordSeparator, WordSplitter};

/// Renders findings and errors, and wraps lines without breaking URLs and paths: one that is longer than a line is
/// left to the terminal, so that it can be clicked and copied.
#[must_use]
pub fn graphical_handler(is_colored: bool) -> GraphicalReportHandler {
    let theme = if is_colored { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_break_words(false)
        .with_word_separator(WordSeparator::Custom(words))
        .with_word_splitter(WordSplitter::NoHyphenation)
}

/// Breaks a line at spaces, and between Chinese characters, which have none.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    Box::new(line.split_inclusive(' ').flat_map(parts).map(Word::from))
}

/// The parts of a word, its space included, that may be on different lines: Unicode allows a break, one of the
/// characters beside it is not ASCII, and neither is a quotation mark.
fn parts(word: &str) -> Vec<&str> {
    if word.contains('/') {
        return vec![word];
    }
    let mut candidates = WordSeparator::UnicodeBreakProperties.find_words(word).peekable();
    let (mut start, mut end, mut parts) = (0, 0, Vec::new());
    while let Some(part) = candidates.next() {
        end += part.word.len() + part.whitespace.len();
        let is_whole = candidates.peek().is_none_or(|next| {
            let is_quote = part.word.ends_with('`') || next.word.starts_with('`');
            let is_ascii = part.word.is_ascii() && next.word.is_ascii();
            !(is_quote || is_ascii)
        });
        if is_whole {
            parts.push(&word[start..end]);
            start = end;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::words;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let found: Vec<&str> = words(line).map(|word| word.word).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn addresses_and_paths_stay_whole() {
        check(
            "see https://a-b.example/c-d/e?f=g-h&i, please",
            &["see", "https://a-b.example/c-d/e?f=g-h&i,", "please"],
        );
        check("in content/my-posts/a.md: write", &["in", "content/my-posts/a.md:", "write"]);
        check(
            "see https://a.example/封面-a/图.png 中文",
            &["see", "https://a.example/封面-a/图.png", "中", "文"],
        );
        check("", &[]);
        check("two  spaces ", &["two", "", "spaces"]);
    }

    #[test]
    fn chinese_breaks_between_its_characters() {
        check("写作 `开工建设`,好", &["写", "作", "`开", "工", "建", "设`,", "好"]);
        check("x中b-c", &["x", "中", "b-c"]);
    }
}
