//! The marks at the start of a line that make it a list item or the fence of a code block.

use std::borrow::Cow;

/// A code fence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodeFence {
    mark: u8,
    length: usize,
}

impl CodeFence {
    /// The fence that a text starts with.
    pub(crate) fn opening(text: &str) -> Option<Self> {
        let mark = *text.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
        let length = text.bytes().take_while(|&byte| byte == mark).count();
        (length >= 3 && !(mark == b'`' && text[length..].contains('`'))).then_some(Self { mark, length })
    }

    /// Whether a text is the fence that ends the code of this one.
    pub(crate) fn is_closed_by(self, text: &str) -> bool {
        Self::opening(text).is_some_and(|fence| {
            fence.mark == self.mark && fence.length >= self.length && text[fence.length..].trim().is_empty()
        })
    }
}

/// A text of the same length in which no tab follows a fence that ends code: CommonMark allows it, and the parser does
/// not.
pub(crate) fn without_tabs_after_fences(text: Cow<'_, str>) -> Cow<'_, str> {
    let ends: Vec<usize> = memchr::memchr_iter(b'\t', text.as_bytes())
        .map(|at| at + 1)
        .filter(|&end| text[end..].is_empty() || text[end..].starts_with(['\n', '\r']))
        .collect();
    let tails = ends.into_iter().filter_map(|end| {
        let start = text[..end].rfind('\n').map_or(0, |line_end| line_end + 1);
        let line = text[start..end].trim_end_matches([' ', '\t']);
        let fence = line.trim_start_matches([' ', '\t', '>']);
        let is_fence = CodeFence::opening(fence).is_some_and(|open| open.length == fence.len());
        is_fence.then(|| start + line.len()..end)
    });
    let mut out = String::new();
    let mut kept = 0;
    for tail in tails {
        out.push_str(&text[kept..tail.start]);
        out.extend(std::iter::repeat_n(' ', tail.len()));
        kept = tail.end;
    }
    if kept == 0 {
        return text;
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// The length of the mark of a list item at the start of a text: `-`, or `12.`.
pub(crate) fn list_mark(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mark = text.as_bytes().get(digits)?;
    let is_mark = match digits {
        0 => matches!(mark, b'-' | b'+' | b'*'),
        _ => digits < 10 && matches!(mark, b'.' | b')'),
    };
    let is_apart = text.as_bytes().get(digits + 1).is_none_or(u8::is_ascii_whitespace);
    (is_mark && is_apart).then_some(digits + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_after_fences_are_spaces() {
        for (text, expected) in [
            ("```\na\n```\t\nb", "```\na\n``` \nb"),
            ("> ~~~ \t\r\nb\t\n", "> ~~~  \r\nb\t\n"),
            ("```\t", "``` "),
            ("``` a\t\n", "``` a\t\n"),
        ] {
            assert_eq!(without_tabs_after_fences(text.into()), expected, "{text:?}");
        }
    }
}
