//! The marks at the start of a line that make it a list item or the fence of a code block.

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
