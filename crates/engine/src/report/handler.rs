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

/// Breaks a line at spaces, and where Unicode allows it next to a character that is not ASCII: Chinese has no spaces.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut parts = WordSeparator::UnicodeBreakProperties.find_words(line).peekable();
    let mut start = 0;
    Box::new(std::iter::from_fn(move || {
        let mut end = start;
        loop {
            let part = parts.next()?;
            end += part.word.len() + part.whitespace.len();
            if parts.peek().is_none_or(|next| breaks_between(&part, next)) {
                break;
            }
        }
        let word = &line[start..end];
        start = end;
        Some(Word::from(word))
    }))
}

fn breaks_between(part: &Word<'_>, next: &Word<'_>) -> bool {
    let is_quote = part.word.ends_with('`') || next.word.starts_with('`');
    let is_ascii = part.word.is_ascii() && next.word.is_ascii();
    !part.whitespace.is_empty() || !(is_quote || is_ascii)
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
        check("", &[]);
        check("  two  spaces ", &["", "two", "spaces"]);
    }

    #[test]
    fn chinese_breaks_between_its_characters() {
        check("写作 `开工建设`,好", &["写", "作", "`开", "工", "建", "设`,", "好"]);
        check("x中/b", &["x", "中/", "b"]);
    }
}
