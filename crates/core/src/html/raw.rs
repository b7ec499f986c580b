//! Finds the end of raw text elements such as `script` and `style`, and of comments.

use memchr::{memchr, memmem};

/// The offset of the closing tag of the element `name` (in lower case), searched from `from`; the end of the
/// source if there is none.
pub(super) fn raw_end(bytes: &[u8], from: usize, name: &str) -> usize {
    match name {
        "plaintext" => bytes.len(),
        "script" => script_end(bytes, from),
        _ => closing_tag(bytes, from, name).unwrap_or(bytes.len()),
    }
}

/// The next `</name` that is followed by white space, `/` or `>`.
fn closing_tag(bytes: &[u8], from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    loop {
        at += memmem::find(bytes.get(at..)?, b"</")?;
        if names(bytes, at + 2, name) {
            return Some(at);
        }
        at += 2;
    }
}

/// In a script, `<!-- <script>` hides the next `</script>`, as in browsers.
fn script_end(bytes: &[u8], from: usize) -> usize {
    let (mut escaped, mut twice) = (false, false);
    let mut at = from;
    loop {
        let Some(next) = next_mark(bytes, at, escaped) else { return bytes.len() };
        at = next;
        let rest = &bytes[at..];
        if rest.starts_with(b"<!--") {
            // The two dashes may also be part of the closing `-->`, as in `<!-->`.
            (escaped, at) = (true, at + 2);
        } else if escaped && rest.starts_with(b"-->") {
            (escaped, twice, at) = (false, false, at + 3);
        } else if rest.starts_with(b"</") && names(bytes, at + 2, "script") {
            if !twice {
                return at;
            }
            (twice, at) = (false, at + 8);
        } else if escaped && names(bytes, at + 1, "script") {
            (twice, at) = (true, at + 7);
        } else {
            at += 1;
        }
    }
}

/// The next `<`, or the next `-` if `-->` has a meaning here.
fn next_mark(bytes: &[u8], at: usize, escaped: bool) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let next = if escaped { memchr::memchr2(b'<', b'-', rest) } else { memchr(b'<', rest) };
    next.map(|next| at + next)
}

/// The end of the comment at `open`; the end of the source if it is not closed.
pub(super) fn comment_end(bytes: &[u8], open: usize) -> usize {
    let start = open + 4;
    // `<!-->` and `<!--->` are complete comments.
    if bytes[start..].starts_with(b">") {
        return start + 1;
    }
    if bytes[start..].starts_with(b"->") {
        return start + 2;
    }
    let mut from = start;
    while let Some(at) = memmem::find(&bytes[from..], b"--") {
        match &bytes[from + at + 2..] {
            [b'>', ..] => return from + at + 3,
            [b'!', b'>', ..] => return from + at + 4,
            _ => from += at + 1,
        }
    }
    bytes.len()
}

fn names(bytes: &[u8], at: usize, name: &str) -> bool {
    let end = at + name.len();
    let same = bytes.get(at..end).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
    same && matches!(bytes.get(end), Some(b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' | b'>'))
}
