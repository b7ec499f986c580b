//! Finds out why YAML cannot be read: the faulty line, what is wrong with it, and the edit that fixes it,
//! verified by reading the front matter again.

use crate::finding::{Fix, Safety};
use crate::post_context::PostContext;
use postmend_core::front::{self, Fault, FrontMatter};
use postmend_core::lines::{LineIndex, line_start};
use postmend_core::{Edit, Patch, Span};
use std::borrow::Cow;

/// The likely cause of a syntax error.
pub(crate) struct Diagnosis {
    /// The faulty text.
    pub(crate) span: Span,
    /// What is wrong with it.
    pub(crate) what: Cow<'static, str>,
    /// How to fix it; only a fix with which the parser gets past the error.
    pub(crate) fix: Option<Fix>,
}

/// How many lines above the parser's position are examined: it may stop only after the actual error.
const LINES_ABOVE: usize = 4;

/// The most likely cause of the parser's error.
pub(crate) fn diagnose(
    text: &str,
    matter: &FrontMatter<'_>,
    fault: &Fault,
    context: &PostContext<'_>,
) -> Option<Diagnosis> {
    let content = matter.content.of(text);
    let base = matter.content.start as usize;
    let lines = LineIndex::of_line_feeds(content);
    let last = lines.number((fault.at.max(base) - base).min(content.len()));
    let near = (1..=last).rev().take(1 + LINES_ABOVE);
    let causes = near.filter_map(|number| {
        let line = lines.line(number);
        YamlLine::read(&content[line.clone()], base + line.start)?.diagnosis(content, base)
    });
    let mut likely = causes.filter(|found| gets_past(text, found.fix.as_ref(), fault, context));
    likely.next()
}

/// Whether the parser gets further with the fix.
fn gets_past(text: &str, fix: Option<&Fix>, fault: &Fault, context: &PostContext<'_>) -> bool {
    let Some(fix) = fix else { return true };
    let mut patch = Patch::default();
    if !patch.merge(&fix.edits) {
        return false;
    }
    let grown: i64 = fix
        .edits
        .iter()
        .map(|edit| edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start))
        .sum();
    let after = patch.apply(text);
    match front::read(&after, context.generator).matter.map(|matter| matter.fault) {
        Some(Some(left)) => left.at as i64 > fault.at as i64 + grown.max(0),
        Some(None) => true,
        None => false,
    }
}

/// One line of YAML, split into its parts.
struct YamlLine<'t> {
    whole: &'t str,
    /// The offset of the line in the post.
    at: usize,
    indent: &'t str,
    /// The value, without trailing spaces and comment.
    value: &'t str,
    value_at: usize,
    has_key: bool,
}

impl<'t> YamlLine<'t> {
    /// `None` for a line with neither key nor value.
    fn read(whole: &'t str, at: usize) -> Option<Self> {
        let whole = whole.trim_end();
        let text = whole.trim_start();
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        let indent = &whole[..whole.len() - text.len()];
        let mut rest = text;
        while let Some(item) = rest.strip_prefix("- ") {
            rest = item.trim_start();
        }
        let is_quoted = rest.starts_with(['"', '\'']);
        let key = rest.find(": ").filter(|_| !is_quoted).map(|at| at + 1);
        let value = rest[key.unwrap_or(0)..].trim_start();
        let value = match value.find(" #") {
            Some(comment) if !value.starts_with(['"', '\'']) => value[..comment].trim_end(),
            _ => value,
        };
        let value_at = at + (value.as_ptr() as usize - whole.as_ptr() as usize);
        Some(Self { whole, at, indent, value, value_at, has_key: key.is_some() })
    }

    fn value_span(&self) -> Span {
        Span::new(self.value_at, self.value_at + self.value.len())
    }

    fn diagnosis(&self, content: &str, base: usize) -> Option<Diagnosis> {
        if self.indent.contains('\t') {
            return Some(tab(content, base, Span::new(self.at, self.at + self.indent.len())));
        }
        let quoted = |what, safety| Some(self.quoted(what, self.value, safety));
        let first = self.value.chars().next()?;
        match first {
            '@' | '`' | '%' | '>' | '|' | ',' | ']' | '}' => quoted(
                format!("a value cannot start with `{first}` unless it is quoted").into(),
                Safety::Safe,
            ),
            '[' if !self.value.contains(']') => self.unclosed(']', "the list is not closed"),
            '{' if !self.value.contains('}') => self.unclosed('}', "the map is not closed"),
            '[' => quoted("a value that starts with `[` is a list".into(), Safety::Review),
            '{' => quoted("a value that starts with `{` is a map".into(), Safety::Review),
            '*' => quoted("a value that starts with `*` repeats another one".into(), Safety::Review),
            '!' => quoted("a value that starts with `!` names its type".into(), Safety::Review),
            '"' | '\'' => self.quotes(first),
            '-' | '?' if self.has_key && self.value[1..].starts_with(' ') => quoted(
                format!("a value cannot start with `{first}` unless it is quoted").into(),
                Safety::Safe,
            ),
            _ if self.value.contains(": ") || (self.has_key && self.value.ends_with(':')) => {
                quoted("a value with a colon must be quoted".into(), Safety::Safe)
            }
            _ if !self.has_key => self.colon(),
            _ => self.indentation(content, base),
        }
    }

    /// The diagnosis of a value that has to be written in quotes; `intended` is the intended value.
    fn quoted(&self, what: Cow<'static, str>, intended: &str, safety: Safety) -> Diagnosis {
        let (span, text) = (self.value_span(), quote(intended));
        let fix = Fix::new(format!("write {text}"), safety, Edit::replace(span, text));
        Diagnosis { span, what, fix: Some(fix) }
    }

    fn unclosed(&self, bracket: char, what: &'static str) -> Option<Diagnosis> {
        let span = self.value_span();
        let edit = Edit::insert(span.end as usize, bracket.to_string());
        let fix = Fix::new(format!("close it with `{bracket}`"), Safety::Review, edit);
        Some(Diagnosis { span, what: what.into(), fix: Some(fix) })
    }

    /// A value that starts with a quote but is closed too early or not at all.
    fn quotes(&self, mark: char) -> Option<Diagnosis> {
        let value = self.value;
        let inside = value.strip_prefix(mark)?.strip_suffix(mark).filter(|_| value.len() > 1);
        let (what, intended): (Cow<'static, str>, Cow<'_, str>) = match inside {
            Some(inside) if mark == '"' && inside.starts_with('"') && inside.ends_with('"') => {
                ("the value is quoted more than once".into(), inside.trim_matches(['"', '\'']).into())
            }
            Some(inside) if mark == '"' && inside.contains('\\') => {
                ("a backslash in double quotes starts an escape".into(), inside.into())
            }
            Some(inside) => ("a quote inside the value ends it".into(), inside.replace("''", "'").into()),
            None if value[1..].contains(mark) => {
                ("unexpected text after the closing quote".into(), value.into())
            }
            None => ("the quotes are not closed".into(), value[1..].into()),
        };
        Some(self.quoted(what, &intended, Safety::Review))
    }

    /// A field that is indented below a field that has a value.
    fn indentation(&self, content: &str, base: usize) -> Option<Diagnosis> {
        let above = content[..self.at - base].trim_end();
        let line_at = line_start(above, above.len());
        let above = YamlLine::read(&above[line_at..], base + line_at)?;
        if !above.has_key || above.indent.len() >= self.indent.len() {
            return None;
        }
        let span = Span::new(self.at, self.at + self.indent.len());
        let fix =
            Fix::new("indent it like the line above", Safety::Review, Edit::replace(span, above.indent));
        Some(Diagnosis { span, what: "a field is indented below a value".into(), fix: Some(fix) })
    }

    /// `title：foo` and `title:foo`
    fn colon(&self) -> Option<Diagnosis> {
        let (span, what) = wrong_colon(self.whole, self.at)?;
        let fix = Fix::new("write `: `", Safety::Review, Edit::replace(span, ": "));
        Some(Diagnosis { span, what: what.into(), fix: Some(fix) })
    }
}

/// The colon of a line such as `title：foo` or `title:foo`, which YAML does not treat as one.
pub(crate) fn wrong_colon(line: &str, at: usize) -> Option<(Span, &'static str)> {
    let name = line.trim_start();
    let name_at = line.len() - name.len();
    let end = name.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))?;
    let colon = name[end..].chars().next()?;
    let colon_at = at + name_at + end;
    let rest = &name[end + colon.len_utf8()..];
    match colon {
        _ if end == 0 => None,
        '：' => {
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            Some((Span::new(colon_at, colon_at + colon.len_utf8() + blanks), "`：` is not YAML's colon"))
        }
        // `https://…` is not a field.
        ':' if !rest.is_empty() && !rest.starts_with([' ', '/']) => {
            Some((Span::new(colon_at, colon_at + 1), "missing space after the colon"))
        }
        _ => None,
    }
}

/// Replaces every tab in indentation as Hexo does.
fn tab(content: &str, base: usize, span: Span) -> Diagnosis {
    let mut edits = Vec::new();
    let mut at = base;
    for line in content.split_inclusive('\n') {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if indent.contains('\t') {
            edits.push(Edit::replace(Span::new(at, at + indent.len()), indent.replace('\t', "  ")));
        }
        at += line.len();
    }
    let fix = Fix { title: "replace each tab by two spaces".into(), safety: Safety::Safe, edits };
    Diagnosis { span, what: "YAML cannot be indented with a tab".into(), fix: Some(fix) }
}

/// The text as a quoted YAML scalar: in single quotes unless double quotes save escaping.
pub(crate) fn quote(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', "''"))
}
