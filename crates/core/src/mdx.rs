//! MDX as CommonMark: the two find blocks in different ways. In MDX, no text is code because it is indented; tags
//! alone on their lines are a block, and what follows them is Markdown; and a line that only starts with a tag is a
//! paragraph.

use crate::block_marks::{CodeFence, list_mark};
use crate::lines::next_line;
use crate::rewritten::Rewritten;
use std::ops::Range;

/// Inserted before a tag at the start of a paragraph, where CommonMark would start a block of HTML.
const JOINER: &str = "\u{2060}";

/// Maximum length of a tag in bytes, so that an unclosed one does not make reading slow.
const LONGEST: usize = 8192;

/// A text that CommonMark reads as MDX reads `body`, whose expressions are masked; `None` if `body` is that already.
pub(crate) fn as_commonmark(body: &str) -> Option<Rewritten> {
    if !body.contains(['<', '\t']) && !body.contains("    ") {
        return None;
    }
    let mut walk = BlockWalk {
        body,
        out: Rewritten::default(),
        lists: Vec::new(),
        is_empty_item: false,
        quotes: 0,
        fence: None,
        comments_end: true,
    };
    let mut at = 0;
    while at < body.len() {
        at = walk.line(at);
    }
    Some(walk.out)
}

/// The state between lines.
struct BlockWalk<'b> {
    body: &'b str,
    out: Rewritten,
    /// The open list items, the innermost last.
    lists: Vec<ListItem>,
    /// Whether the last line was the mark of an item and no more.
    is_empty_item: bool,
    /// The number of `>` before the line.
    quotes: usize,
    fence: Option<CodeFence>,
    /// Whether comments that were started were ended so far.
    comments_end: bool,
}

/// The columns at which the content of a list item starts: in MDX, and in what is written for it.
#[derive(Clone, Copy, Default)]
struct ListItem {
    column: usize,
    written: usize,
}

impl BlockWalk<'_> {
    /// Writes the line at `start`, and others if it starts a tag that ends later; returns the offset of the next.
    fn line(&mut self, start: usize) -> usize {
        let end = next_line(self.body, start);
        let content = self.after_quote_marks(start, end);
        let text = &self.body[content..end];
        if text.trim().is_empty() {
            // An item that starts with a blank line ends there.
            if std::mem::take(&mut self.is_empty_item) {
                self.lists.pop();
            }
            self.out.copy(self.body, start..end);
            return end;
        }
        self.is_empty_item = false;
        let first = content + (text.len() - text.trim_start_matches([' ', '\t']).len());
        let column = columns(0, &self.body[content..first]);
        if let Some(fence) = self.fence {
            if column < self.item().column {
                // The list item ends, and the code with it.
                self.fence = None;
                return self.line(start);
            }
            self.write_quote_marks(start..content);
            return self.line_in_fence(fence, content, first, end);
        }
        self.write_quote_marks(start..content);
        while column < self.item().column {
            self.lists.pop();
        }
        let item = self.item();
        let inner = column - item.column;
        let written = item.written + if inner < 4 { inner } else { 0 };
        self.write_indent(content..first, column, written);
        let at = self.list_marks(first, end, ListItem { column, written });
        self.block(at, end, at > first)
    }

    /// Writes the `>` at the start of a line, which may be indented more than CommonMark allows.
    fn write_quote_marks(&mut self, marks: Range<usize>) {
        let written = &self.body[marks.clone()];
        let indent = written.len() - written.trim_start_matches([' ', '\t']).len();
        if indent < 4 && !written.contains('\t') {
            self.out.copy(self.body, marks);
        } else {
            self.out.insert(&"> ".repeat(self.quotes), marks.end);
        }
    }

    /// The innermost open list item.
    fn item(&self) -> ListItem {
        self.lists.last().copied().unwrap_or_default()
    }

    fn write_indent(&mut self, indent: Range<usize>, column: usize, written: usize) {
        // A tab is as wide as its column makes it.
        if column == written && !self.body[indent.clone()].contains('\t') {
            self.out.copy(self.body, indent);
        } else {
            self.out.insert(&" ".repeat(written), indent.end);
        }
    }

    /// The offset after the `>` of block quotes at the start of a line.
    fn after_quote_marks(&mut self, start: usize, end: usize) -> usize {
        // In code, further marks are code.
        let most = if self.fence.is_some() { self.quotes } else { usize::MAX };
        let (mut at, mut quotes) = (start, 0);
        while quotes < most
            && let Some(rest) = self.body[at..end].trim_start_matches([' ', '\t']).strip_prefix('>')
        {
            at = end - rest.strip_prefix(' ').unwrap_or(rest).len();
            quotes += 1;
        }
        if quotes != self.quotes {
            (self.quotes, self.fence) = (quotes, None);
            self.lists.clear();
        }
        at
    }

    /// Writes a line of a code block; the text of the line starts at `first`.
    fn line_in_fence(&mut self, open: CodeFence, content: usize, first: usize, end: usize) -> usize {
        let ListItem { column, written } = self.item();
        let text = &self.body[first..end];
        if open.is_closed_by(text) {
            self.fence = None;
            self.write_indent(content..first, columns(0, &self.body[content..first]), written);
            self.out.copy(self.body, first..end);
        } else if column == written {
            self.out.copy(self.body, content..end);
        } else {
            let from = (content..first).find(|&at| columns(0, &self.body[content..at]) >= column);
            self.out.insert(&" ".repeat(written), from.unwrap_or(first));
            self.out.copy(self.body, from.unwrap_or(first)..end);
        }
        end
    }

    /// Writes the marks of list items at `at`; returns the offset after them.
    fn list_marks(&mut self, mut at: usize, end: usize, mut place: ListItem) -> usize {
        while let Some(mark) = list_mark(&self.body[at..end]).filter(|_| !is_break(&self.body[at..end])) {
            let rest = &self.body[at + mark..end];
            let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let is_empty = rest.trim().is_empty();
            let after_mark = place.column + mark;
            let columns = if is_empty { 1 } else { columns(after_mark, &rest[..spaces]) - after_mark };
            let written = if columns > 4 { 1 } else { columns };
            self.out.copy(self.body, at..at + mark);
            place =
                ListItem { column: place.column + mark + columns, written: place.written + mark + written };
            self.lists.push(place);
            at += mark;
            if is_empty {
                self.is_empty_item = true;
                break;
            }
            self.write_indent(at..at + spaces, columns, written);
            at += spaces;
        }
        at
    }

    /// Writes the block that starts at `at`, to the end of the line or of its tags. After the mark of a list item it
    /// needs no line break.
    fn block(&mut self, at: usize, end: usize, is_after_mark: bool) -> usize {
        let text = &self.body[at..end];
        self.fence = CodeFence::opening(text);
        if text.starts_with("<!--") {
            // Without the end of one comment, there is none of the following ones.
            let found = if self.comments_end { self.body[at..].find("-->") } else { None };
            self.comments_end = found.is_some();
            let close = found.map_or(end, |close| at + close);
            let end = next_line(self.body, close.max(end - 1));
            self.out.copy(self.body, at..end);
            return end;
        }
        match tags_end(self.body, at) {
            Some(TagsEnd::AtLineEnd(end)) => {
                self.tags_alone(at, end, is_after_mark);
                return end;
            }
            Some(TagsEnd::BeforeText) => self.out.insert(JOINER, at),
            None => {}
        }
        self.out.copy(self.body, at..end);
        end
    }

    /// Writes tags that are alone on their lines on one line, as a block of HTML between blank lines.
    fn tags_alone(&mut self, start: usize, end: usize, is_after_mark: bool) {
        let quotes = "> ".repeat(self.quotes);
        if !is_after_mark {
            self.out.insert(&format!("\n{quotes}{}", " ".repeat(self.item().written)), start);
        }
        let (mut from, mut in_name) = (start, true);
        for (offset, byte) in self.body[start..end].trim_end().bytes().enumerate() {
            let at = start + offset;
            // In HTML, the name of an element has no dot.
            let stand_in = match byte {
                b'\n' | b'\r' => " ",
                b'.' if in_name => "-",
                _ => "",
            };
            in_name = byte == b'<' || (in_name && !byte.is_ascii_whitespace());
            if !stand_in.is_empty() {
                self.out.copy(self.body, from..at);
                self.out.insert(stand_in, at);
                from = at + 1;
            }
        }
        self.out.copy(self.body, from..end);
        self.out.insert(&format!("{}\n", quotes.trim_end()), end);
    }
}

/// The column at which white space that starts at a column ends.
fn columns(start: usize, indent: &str) -> usize {
    indent.bytes().fold(start, |column, byte| if byte == b'\t' { column / 4 * 4 + 4 } else { column + 1 })
}

/// Whether a line is a thematic break: `* * *`.
fn is_break(text: &str) -> bool {
    let marks = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let first = text.as_bytes().first();
    marks.clone().count() >= 3
        && marks.clone().all(|mark| Some(&mark) == first)
        && matches!(first, Some(b'-' | b'*'))
}

/// What follows the tags at the start of a line.
#[derive(Debug, PartialEq, Eq)]
enum TagsEnd {
    /// Nothing else on their last line; the offset of the next line.
    AtLineEnd(usize),
    BeforeText,
}

/// Whether a line is tags and nothing else.
pub(crate) fn is_tags(line: &str) -> bool {
    matches!(tags_end(line, 0), Some(TagsEnd::AtLineEnd(_)))
}

/// What follows the tags that start at `at`; `None` if there are none.
fn tags_end(body: &str, at: usize) -> Option<TagsEnd> {
    let mut end = tag_end(body, at)?;
    loop {
        let line_end = next_line(body, end);
        let rest = body[end..line_end].trim_start();
        if rest.is_empty() {
            return Some(TagsEnd::AtLineEnd(line_end));
        }
        match tag_end(body, line_end - rest.len()) {
            Some(next) => end = next,
            None => return Some(TagsEnd::BeforeText),
        }
    }
}

/// The end of the JSX tag that starts at `at`: `<a b="c">`, `</A.B>`, `<>`.
fn tag_end(body: &str, at: usize) -> Option<usize> {
    let rest = body.get(at..)?.strip_prefix('<')?;
    let is_name = |c: char| c.is_alphanumeric() || "_$.:-".contains(c);
    let inside = rest.strip_prefix('/').unwrap_or(rest);
    if !inside.starts_with(|c: char| c.is_alphabetic() || "_$>".contains(c)) {
        return None;
    }
    let mut quote = None;
    for (offset, c) in rest.char_indices().take_while(|(offset, _)| *offset < LONGEST) {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return Some(at + 1 + offset + 1),
            (None, '=') => {}
            (None, '/') if offset == 0 || rest[offset + 1..].trim_start().starts_with('>') => {}
            (None, _) if is_name(c) || c.is_whitespace() => {}
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_blocks_of_mdx() {
        for (mdx, expected) in [
            ("    text", "text"),
            ("- a\n\n      b\n", "- a\n\n  b\n"),
            ("- a\n  - b\n    c\n", "- a\n  - b\n    c\n"),
            ("    - a\n      - b\n\n        c\n", "- a\n  - b\n\n    c\n"),
            ("\t1. a\n\t   b\n", "1. a\n   b\n"),
            ("-      a\n       b\n", "- a\n  b\n"),
            ("```\n    a\n    ```\nb", "```\n    a\n```\nb"),
            ("     ~~~js\n       a\n     ~~~\n", "~~~js\n       a\n~~~\n"),
            ("<A>\nb\n</A>\n", "\n<A>\n\nb\n\n</A>\n\n"),
            ("<A b='c'\n  d>\ne\n", "\n<A b='c'   d>\n\ne\n"),
            ("<A.B c='d.e'/> <F/>\n", "\n<A-B c='d.e'/> <F/>\n\n"),
            ("<div>a *b*</div>\n", "\u{2060}<div>a *b*</div>\n"),
            ("- <A/>\n  b\n", "- <A/>\n\n  b\n"),
            ("> <A>\n> b\n", "> \n> <A>\n>\n> b\n"),
            ("> - <A>\n>   b\n", "> - <A>\n>\n>   b\n"),
            ("-\n\n    a\n", "-\n\na\n"),
            ("<!-- a\n    b -->\n    c\n", "<!-- a\n    b -->\nc\n"),
            ("a <b\n    > c\n", "a <b\n> c\n"),
            ("<https://a.example>\n", "<https://a.example>\n"),
            ("1. a\n\n    ```\n    > b\n    c\n    ```\n", "1. a\n\n    ```\n    > b\n    c\n   ```\n"),
            ("> ```\n> > b\n> ```\n<A>\n", "> ```\n> > b\n> ```\n\n<A>\n\n"),
            ("-\t```\n\tb\n\t```\n\nc", "-   ```\n\tb\n    ```\n\nc"),
            ("    > a\n", "> a\n"),
            ("* * *\n\n    a\n", "* * *\n\na\n"),
        ] {
            let found = as_commonmark(mdx).map_or(mdx.to_owned(), |rewritten| rewritten.text);
            assert_eq!(found, expected, "{mdx:?}");
        }
    }
}
