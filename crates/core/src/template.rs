//! Template constructs and MDX expressions: finding, reading, and masking them before Markdown is parsed.

mod arguments;

pub use arguments::{Argument, arguments};

use crate::block_marks::{CodeFence, list_mark};
use crate::lines::next_line;
use crate::{Format, Generator, Span};
use std::borrow::Cow;
use std::collections::HashMap;

/// A construct that the generator replaces before or after parsing Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// All of it, including delimiters. If a construct has a body that is not content, such as
    /// `{% codeblock %}`, from the opening tag to the closing tag.
    pub span: Span,
    /// The text between the delimiters.
    pub inside: Span,
    /// Its delimiters.
    pub kind: TemplateKind,
}

/// The delimiters of a template construct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// `{% … %}`: Hexo, Jekyll, Eleventy, Zola.
    Tag,
    /// `{{ … }}`: an expression, or a Zola shortcode.
    Expression,
    /// `{{< … >}}` and `{{% … %}}`: Hugo.
    Shortcode,
    /// `{# … #}`: Nunjucks, Zola.
    Comment,
    /// `{…}` in MDX.
    Braces,
    /// An `import` or `export` block in MDX.
    Module,
}

/// Opening and closing delimiters, longer ones first.
const DELIMITERS: [(&str, &str, TemplateKind); 5] = [
    ("{{<", ">}}", TemplateKind::Shortcode),
    ("{{%", "%}}", TemplateKind::Shortcode),
    ("{{", "}}", TemplateKind::Expression),
    ("{%", "%}", TemplateKind::Tag),
    ("{#", "#}", TemplateKind::Comment),
];

/// Tags whose body is code or a comment, and not content.
const OPAQUE_TAGS: [&str; 8] =
    ["codeblock", "code", "highlight", "comment", "math", "mermaid", "raw_code", "prismCodeBlock"];

/// Maximum number of bytes to scan for braces that turn out not to be closed.
const MOST_WASTE: usize = 1 << 20;

/// Maximum length of a construct in bytes: an unclosed `{{` must not swallow the rest of the post.
const LONGEST: usize = 8192;

/// Every template construct of a body, sorted and disjoint, except those in fenced or inline code of Markdown.
pub fn templates(body: &str, base: usize, format: Format, generator: Generator) -> Vec<Template> {
    let braces = format == Format::Mdx;
    // Its older versions compile `.md` files as MDX of an older kind.
    let modules = braces || (generator == Generator::Docusaurus && format == Format::Markdown);
    let has_any = memchr::memchr_iter(b'{', body.as_bytes())
        .any(|at| braces || body.as_bytes().get(at + 1).is_some_and(|next| b"{%#".contains(next)));
    if !has_any && !modules {
        return Vec::new();
    }
    let mut scan = TemplateScan {
        body,
        base,
        format,
        modules,
        found: Vec::new(),
        fence: None,
        unclosed: Vec::new(),
        next: HashMap::new(),
        wasted: 0,
    };
    scan.run();
    scan.found
}

/// The body with each template construct overwritten by letters of the same length in bytes, so that Markdown
/// and HTML parsers see a harmless word there. Line endings are kept.
pub fn mask<'b>(body: &'b str, base: usize, templates: &[Template]) -> Cow<'b, str> {
    if templates.is_empty() {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    let mut kept_from = 0;
    for template in templates {
        let (start, end) = (template.span.start as usize - base, template.span.end as usize - base);
        out.push_str(&body[kept_from..start]);
        let is_line_end = |byte: u8| byte == b'\n' || byte == b'\r';
        out.extend(body[start..end].bytes().map(|byte| if is_line_end(byte) { byte as char } else { 'x' }));
        kept_from = end;
    }
    out.push_str(&body[kept_from..]);
    Cow::Owned(out)
}

struct TemplateScan<'b> {
    body: &'b str,
    base: usize,
    format: Format,
    /// Whether `import` and `export` are code.
    modules: bool,
    found: Vec<Template>,
    /// The open code fence.
    fence: Option<CodeFence>,
    /// Opaque tags without a closing tag in the rest of the body, so that they are not searched for again.
    unclosed: Vec<&'static str>,
    /// The next offset of each closing delimiter and of blank lines.
    next: HashMap<&'static str, usize>,
    /// The number of bytes scanned in vain.
    wasted: usize,
}

impl TemplateScan<'_> {
    fn run(&mut self) {
        let mut at = 0;
        let mut is_block_start = true;
        while at < self.body.len() {
            let line_end = next_line(self.body, at);
            let line = &self.body[at..line_end];
            let is_fence = self.toggles_fence(line);
            let ends_block = is_fence || (self.modules && ends_block(line));
            at = if is_fence || self.fence.is_some() {
                line_end
            } else if self.modules && is_block_start && starts_module(line) {
                self.module(at)
            } else {
                self.line(at, line_end)
            };
            is_block_start = ends_block;
        }
    }

    /// Keeps track of Markdown code fences; returns whether the line is one.
    fn toggles_fence(&mut self, line: &str) -> bool {
        if self.format == Format::Html {
            return false;
        }
        let mut line = line.trim_start_matches([' ', '\t', '>']);
        // A fence may be opened after the mark of a list item.
        while self.fence.is_none()
            && let Some(mark) = list_mark(line)
        {
            line = line[mark..].trim_start_matches([' ', '\t', '>']);
        }
        match self.fence {
            None => {
                self.fence = CodeFence::opening(line);
                self.fence.is_some()
            }
            Some(open) => {
                let closes = open.is_closed_by(line);
                self.fence = self.fence.filter(|_| !closes);
                closes
            }
        }
    }

    /// Scans one line; returns the offset at which to continue, which is after the line if a construct spans
    /// lines.
    fn line(&mut self, mut at: usize, line_end: usize) -> usize {
        let bytes = self.body.as_bytes();
        while at < line_end {
            let Some(next) = memchr::memchr2(b'{', b'`', &bytes[at..line_end]) else { return line_end };
            at += next;
            if bytes[at] == b'`' && self.format != Format::Html {
                at = self.code_span(at);
            } else if let Some(template) = self.template_at(at) {
                at = template.span.end as usize - self.base;
                self.found.push(template);
            } else {
                at += 1;
            }
        }
        at.max(line_end)
    }

    /// The end of the code span that starts at `at`, or of its backticks if it is not closed.
    fn code_span(&self, at: usize) -> usize {
        let rest = &self.body.as_bytes()[at..];
        let run = rest.iter().take_while(|&&byte| byte == b'`').count();
        let limit = rest.len().min(LONGEST);
        let mut from = run;
        while let Some(next) = memchr::memchr2(b'`', b'\n', &rest[from..limit]) {
            from += next;
            if rest[from] == b'\n' {
                if rest[from + 1..].iter().take_while(|byte| **byte != b'\n').all(u8::is_ascii_whitespace) {
                    break;
                }
                from += 1;
                continue;
            }
            let length = rest[from..].iter().take_while(|&&byte| byte == b'`').count();
            from += length;
            if length == run {
                return at + from;
            }
        }
        at + run
    }

    fn template_at(&mut self, at: usize) -> Option<Template> {
        let body = self.body;
        let rest = &body[at..];
        let rest = &rest[..rest.floor_char_boundary(LONGEST)];
        let delimiters = DELIMITERS.iter().find(|(open, ..)| rest.starts_with(open));
        let Some(&(open, close, kind)) = delimiters else {
            return (self.format == Format::Mdx).then(|| self.braces_at(at, rest))?;
        };
        if self.format == Format::Mdx && kind == TemplateKind::Expression {
            // `style={{…}}` is an object in braces.
            return self.braces_at(at, rest);
        }
        let close_at = self.next_of(close, at + open.len())?;
        let blank_at = self.next_blank_line(at);
        if close_at - at > LONGEST || blank_at < close_at {
            return None;
        }
        let end = close_at - at;
        let inside = Span::new(at + open.len(), at + end).shifted(self.base);
        let whole = end + close.len();
        let closed = if matches!(kind, TemplateKind::Tag | TemplateKind::Shortcode) {
            self.opaque_end(&body[at..], whole, inside)
        } else {
            None
        };
        Some(Template { span: Span::new(at, at + closed.unwrap_or(whole)).shifted(self.base), inside, kind })
    }

    /// The next offset of `needle` at or after `from`. Calls must be in text order; together they scan each
    /// byte once.
    fn next_of(&mut self, needle: &'static str, from: usize) -> Option<usize> {
        let cached = self.next.get(needle).copied().filter(|at| *at >= from);
        let at = cached.unwrap_or_else(|| {
            let found = memchr::memmem::find(&self.body.as_bytes()[from..], needle.as_bytes());
            found.map_or(usize::MAX, |at| from + at)
        });
        self.next.insert(needle, at);
        (at < usize::MAX).then_some(at)
    }

    fn next_blank_line(&mut self, from: usize) -> usize {
        let ends = ["\n\n", "\n\r\n"].map(|blank| self.next_of(blank, from).unwrap_or(self.body.len()));
        ends[0].min(ends[1])
    }

    /// The end of the closing tag of a tag with an opaque body.
    fn opaque_end(&mut self, rest: &str, opening: usize, inside: Span) -> Option<usize> {
        let inside = &self.body[inside.start as usize - self.base..inside.end as usize - self.base];
        let name = inside.trim_start_matches('-').split_whitespace().next()?;
        let name = *OPAQUE_TAGS.iter().find(|tag| **tag == name)?;
        if self.unclosed.contains(&name) {
            return None;
        }
        let mut from = opening;
        while let Some(next) = rest[from..].find("{") {
            from += next;
            let tag = &rest[from..];
            let after = tag.trim_start_matches(['{', '%', '<', '-', ' ']);
            // Any delimiters before the name count as the same tag.
            let marks = tag.len() - after.len();
            let names = after.strip_prefix("end").or_else(|| after.strip_prefix('/'));
            if names.is_some_and(|names| names.trim_start().starts_with(name)) {
                return Some(
                    from + tag
                        .find('}')
                        .map_or(tag.len(), |end| end + 1 + usize::from(tag[end + 1..].starts_with('}'))),
                );
            }
            from += marks;
        }
        self.unclosed.push(name);
        None
    }

    /// Finds `{…}` with balanced braces; strings may contain braces.
    fn braces_at(&mut self, at: usize, rest: &str) -> Option<Template> {
        if self.wasted > MOST_WASTE {
            return None;
        }
        let mut depth = 0;
        let mut quote = None;
        let mut escaped = false;
        let mut comment_end = 0;
        for (offset, byte) in rest.bytes().enumerate() {
            match (quote, byte) {
                _ if escaped => escaped = false,
                _ if offset < comment_end => {}
                (Some(_), b'\\') => escaped = true,
                (Some(open), _) if open == byte => quote = None,
                (Some(open), b'\n') if open != b'`' => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'`') => quote = Some(byte),
                (None, b'\'') if starts_string(rest, offset) => quote = Some(byte),
                (None, b'/') if rest[..offset].ends_with('{') && rest[offset..].starts_with("/*") => {
                    let length = rest[offset + 2..].find("*/");
                    comment_end = length.map_or(rest.len(), |length| offset + 2 + length + 2);
                }
                (None, b'{') => depth += 1,
                (None, b'}') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = Span::new(at + 1, at + offset).shifted(self.base);
                let span = Span::new(at, at + offset + 1).shifted(self.base);
                return Some(Template { span, inside, kind: TemplateKind::Braces });
            }
        }
        self.wasted += rest.len();
        None
    }

    /// Reads an `import` or `export` block, which ends at the next blank line that is not within brackets.
    fn module(&mut self, at: usize) -> usize {
        let first = self.next_blank_line(at);
        let mut end = first;
        while !is_complete(&self.body[at..end]) && end < self.body.len() {
            end = self.next_blank_line(end + 1);
            if end - at > LONGEST {
                end = first;
                break;
            }
        }
        let program = self.body[at..end].trim_end();
        let span = Span::new(at, at + program.len()).shifted(self.base);
        self.found.push(Template { span, inside: span, kind: TemplateKind::Module });
        end
    }
}

/// Whether the `'` at an offset of an expression starts a string, which ends on its line: it may be an apostrophe in
/// the text of an element.
fn starts_string(expression: &str, at: usize) -> bool {
    let before = expression[..at].chars().next_back();
    let is_text = |c: char| c.is_alphanumeric() || c == '>';
    !before.is_some_and(is_text)
        && expression[at + 1..]
            .find(['\'', '\n'])
            .is_some_and(|end| expression.as_bytes()[at + 1 + end] == b'\'')
}

/// Whether all brackets of a program are closed.
fn is_complete(program: &str) -> bool {
    let (mut depth, mut quote, mut escaped) = (0_i32, None, false);
    for c in program.chars() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == c => quote = None,
            (Some(open), '\n') if open != '`' => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '{' | '(' | '[') => depth += 1,
            (None, '}' | ')' | ']') => depth -= 1,
            _ => {}
        }
    }
    depth <= 0 && quote != Some('`')
}

/// Whether what follows a line of MDX is a block of its own: after a blank line, a heading, or tags or an expression
/// alone on the line.
fn ends_block(line: &str) -> bool {
    let line = line.trim();
    let after_marks = line.trim_start_matches('#');
    let is_heading = after_marks.len() < line.len() && !after_marks.starts_with(|c: char| !c.is_whitespace());
    let is_expression = line.starts_with('{') && line.ends_with('}');
    line.is_empty() || is_heading || is_expression || line == "/>" || crate::mdx::is_tags(line)
}

fn starts_module(line: &str) -> bool {
    ["import ", "import{", "export "].iter().any(|word| line.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str, format: Format) -> Vec<&str> {
        templates(body, 0, format, Generator::None).iter().map(|template| template.span.of(body)).collect()
    }

    #[test]
    fn finds_constructs_outside_code() {
        let cases: [(&str, &[&str]); 10] = [
            ("a {{ b }} c", &["{{ b }}"]),
            ("<img src=\"{% asset_path \"1.png\" %}\">", &["{% asset_path \"1.png\" %}"]),
            ("`{{ a }}` {{ b }}", &["{{ b }}"]),
            ("```\n{{ a }}\n```\n{{ b }}", &["{{ b }}"]),
            ("{{< figure src=\"a.png\" >}}", &["{{< figure src=\"a.png\" >}}"]),
            ("{{ unclosed\n\n}}", &[]),
            (
                "{% codeblock %}\n![](a.png)\n{% endcodeblock %} b",
                &["{% codeblock %}\n![](a.png)\n{% endcodeblock %}"],
            ),
            (
                "{{< highlight go >}}\n![](a)\n{{< /highlight >}}",
                &["{{< highlight go >}}\n![](a)\n{{< /highlight >}}"],
            ),
            ("{ not mdx }", &[]),
            ("- ```\n  a\n\n  {{ b }}\n  ```\n\n{{ c }}", &["{{ c }}"]),
        ];
        for (body, expected) in cases {
            assert_eq!(found(body, Format::Markdown), expected, "{body}");
        }
    }

    #[test]
    fn finds_mdx_expressions_and_modules() {
        let body = "import A from 'a'\nimport B from 'b'\n\n<A x={{a: '}'}} y={`}`} /> {/* b */}\n";
        let expected = ["import A from 'a'\nimport B from 'b'", "{{a: '}'}}", "{`}`}", "{/* b */}"];
        let found = found(body, Format::Mdx);
        assert_eq!(found[0], expected[0]);
        assert_eq!(found[found.len() - 2..], expected[2..]);
        for (body, expected) in [
            ("<A/>\nimport B from 'b'\n", "import B from 'b'"),
            ("# a\nexport const b = 1\n", "export const b = 1"),
            ("<A x={'}'} />", "{'}'}"),
            ("{/* a } b */}", "{/* a } b */}"),
            ("{a && <b>it's}</b>}", "{a && <b>it's}"),
        ] {
            assert_eq!(self::found(body, Format::Mdx), [expected], "{body}");
        }
        assert!(self::found("text\nimport B from 'b'\n", Format::Mdx).is_empty());
        let program = "export function a(b) {\n  const c = \"}\";\n\n  return b;\n}";
        assert_eq!(self::found(&format!("{program}\n\nText"), Format::Mdx), [program]);
    }

    #[test]
    fn masks_byte_for_byte() {
        let body = "a {{ 中\n文 }} b";
        let masked = mask(body, 0, &templates(body, 0, Format::Markdown, Generator::None));
        assert_eq!(masked.len(), body.len());
        assert_eq!(masked, "a xxxxxx\nxxxxxx b");
    }
}
