//! The output formats, and how each escapes text that it would otherwise interpret.

use super::json::JsonForm;
use super::line::{begins_command, command_offsets, escape_line, visible, visible_text};
use super::part::{Form, Part};
use std::io::{self, Write};

/// A line in a terminal, or in the log of a CI job.
#[derive(Debug, Clone, Copy)]
pub enum LineForm {}

/// The value of a GitHub Actions workflow command, in which line endings are escaped.
#[derive(Debug, Clone, Copy)]
pub enum CommandForm {}

/// XML, in an attribute value or between tags.
#[derive(Debug, Clone, Copy)]
pub enum XmlForm {}

/// HTML, in an attribute value or between tags.
#[derive(Debug, Clone, Copy)]
pub enum HtmlForm {}

/// A line of Markdown.
#[derive(Debug, Clone, Copy)]
pub enum MarkdownForm {}

/// A property value of a workflow command.
#[derive(Debug, Clone, Copy)]
pub struct Property<'t>(pub &'t str);

/// A name in Markdown, shown as code.
#[derive(Debug, Clone, Copy)]
pub struct Code<'t>(pub &'t str);

/// JSON inside an HTML `<script>` element.
#[derive(Debug, Clone, Copy)]
pub struct Script<'v>(pub &'v serde_json::Value);

impl Form for LineForm {
    fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(escape_line(text).as_bytes())
    }
}

impl Form for CommandForm {
    /// Escapes as the runner's `escapeData` does.
    fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(data(text).as_bytes())
    }
}

fn data(text: &str) -> String {
    let kept = |c| if matches!(c, '\n' | '\r') { c } else { visible(c) };
    let mut escaped = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        escaped.push(kept(character));
        // Commands of other CI systems may appear in the middle of a line.
        if begins_command(&text[at..]) {
            escaped.push('\\');
        }
    }
    escaped.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

impl Part<CommandForm> for Property<'_> {
    /// Escapes as the runner's `escapeProperty` does.
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(data(self.0).replace(':', "%3A").replace(',', "%2C").as_bytes())
    }
}

/// Escapes text for HTML and XML, so that it contains no markup.
fn markup(text: &str) -> String {
    let text = visible_text(text);
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // A command in the log of a CI job.
            '#' if begins_command(&text[at..]) => escaped.push_str("&#35;"),
            // XML does not allow these characters.
            '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            plain => escaped.push(plain),
        }
    }
    escaped
}

impl Form for XmlForm {
    fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(markup(text).as_bytes())
    }
}

impl Form for HtmlForm {
    fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(markup(text).as_bytes())
    }
}

impl Part<HtmlForm> for Script<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut json = Vec::new();
        Part::<JsonForm>::print(self.0, &mut json)?;
        // A `<` could begin `</script>`, which would end the element.
        let json = String::from_utf8_lossy(&json).replace('<', "\\u003c");
        out.write_all(json.as_bytes())
    }
}

/// The characters that Markdown, or HTML in it, would interpret.
const MARKS: &str = "\\`*_[]<>|#&~$";

impl Form for MarkdownForm {
    fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut escaped = String::with_capacity(text.len() + 16);
        let text = visible_text(text);
        for (at, character) in text.char_indices() {
            match character {
                // `@` and a name would notify a user, and a URL would become a link.
                '@' => escaped.push_str("&#64;"),
                ':' if text[at..].starts_with("://") => escaped.push_str("&#58;"),
                '.' if text[..at].ends_with("www") => escaped.push_str("&#46;"),
                _ if MARKS.contains(character) => escaped.extend(['\\', character]),
                _ => escaped.push(character),
            }
        }
        out.write_all(escaped.as_bytes())
    }
}

impl Part<MarkdownForm> for Code<'_> {
    /// A code span in backticks if nothing in the text could end it, in a table too; otherwise a `<code>` element
    /// with punctuation as numeric character references.
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let text = visible_text(self.0);
        let is_plain = !text.contains(['`', '<', '|', '&', '\\']) && command_offsets(&text).is_empty();
        if is_plain && text.trim() == text && !text.is_empty() {
            return write!(out, "`{text}`");
        }
        let mut escaped = String::new();
        for character in text.chars() {
            match character.is_ascii_punctuation() && !matches!(character, '-' | '/') {
                true => escaped.push_str(&format!("&#{};", u32::from(character))),
                false => escaped.push(character),
            }
        }
        write!(out, "<code>{escaped}</code>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::line::drawn;
    use crate::escape::part::{Fragment, Text};

    fn printed<F: Form>(part: &dyn Part<F>) -> String {
        let mut out = Vec::new();
        Fragment::<F>::of(&[part]).print_to(&mut out);
        String::from_utf8(out).unwrap()
    }

    impl<F> Fragment<F> {
        fn print_to(&self, out: &mut Vec<u8>) {
            Part::<F>::print(self, out).unwrap();
        }
    }

    #[test]
    fn no_text_is_obeyed() {
        let line = |text| printed::<LineForm>(&Text(text));
        assert_eq!(line("a\u{1B}[31m\r\n\u{202E}\u{9B}b"), "a\u{241B}[31m\u{240D}\u{240A}\u{FFFD}\u{FFFD}b");
        assert_eq!(line("::error::x"), "\\::error::x");
        assert_eq!(line("std::vec a ::b \t::c"), "std::vec a \\::b  \\::c");
        assert_eq!(
            line("x ##[error]y ##vso[task]z # ## heading"),
            "x #\\#[error]y #\\#vso[task]z # ## heading"
        );
        assert_eq!(printed::<CommandForm>(&Text("50%\r\n::x")), "50%25%0D%0A::x");
        assert_eq!(printed::<CommandForm>(&Text("x ##vso[task]y # ##")), "x #\\#vso[task]y # ##");
        assert_eq!(printed::<CommandForm>(&Property("a:b,c\nd")), "a%3Ab%2Cc%0Ad");
        assert_eq!(
            printed::<XmlForm>(&Text("<a b='\"'>&\u{1}\u{FFFF}")),
            "&lt;a b=&#39;&quot;&#39;&gt;&amp;\u{2401}\u{FFFD}"
        );
        assert_eq!(printed::<HtmlForm>(&Text("##[x]")), "&#35;#[x]");
        assert_eq!(
            printed::<HtmlForm>(&Script(&serde_json::json!("</script>\u{9B}"))),
            "\"\\u003c/script>\\u009b\""
        );
    }

    #[test]
    fn no_name_leaves_its_place_in_markdown() {
        let code = |text| printed::<MarkdownForm>(&Code(text));
        assert_eq!(code("posts/a_b.md:1:2"), "`posts/a_b.md:1:2`");
        assert_eq!(code("[click](evil).md"), "`[click](evil).md`");
        assert_eq!(code("a`` <img src=x> ``"), "<code>a&#96;&#96; &#60;img src&#61;x&#62; &#96;&#96;</code>");
        assert_eq!(code("a|b"), "<code>a&#124;b</code>");
        assert_eq!(code("##vso[x]"), "<code>&#35;&#35;vso&#91;x&#93;</code>");
        assert_eq!(
            printed::<MarkdownForm>(&Text("<b> [x](y) @me `c` http://a.b")),
            "\\<b\\> \\[x\\](y) &#64;me \\`c\\` http&#58;//a.b"
        );
    }

    #[test]
    fn what_was_drawn_keeps_its_lines_and_colours_alone() {
        let page = "\u{1B}[31;1m  × a\u{1B}[0m\n   ╭─[a.md]\n";
        assert_eq!(drawn(page), page);
        assert_eq!(drawn("  help: a\n        ::error::b\n"), "  help: a\n\\        ::error::b\n");
        assert_eq!(drawn(" 3 │ ##[x] ##y\n"), " 3 │ #\\#[x] ##y\n");
        assert_eq!(drawn("a\u{1B}]0;x\u{7}\r\n\u{1B}[2J"), "a\u{241B}]0;x\u{2407}\u{240D}\n\u{241B}[2J");
    }
}
