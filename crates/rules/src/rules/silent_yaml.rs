//! Finds values that YAML silently turns into something else.

use crate::dates::MOST_AGREE;
use crate::finding::{Findings, Fix, Safety, Severity};
use crate::names;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::yaml_diagnosis::quote;
use postmend_core::front::{Field, FrontMatter, Key, Style, Syntax, Value, plain_value};
use postmend_core::{Edit, FieldRole, Generator, Span};
use std::collections::HashSet;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "silent-yaml",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("silent_yaml.md"),
    constructor: Constructor::post::<SilentYaml>(),
};

#[derive(Debug, Default)]
struct SilentYaml;

impl Rule for SilentYaml {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let text = post.document.text;
        let fits = |matter: &&FrontMatter<'_>| matter.fault.is_none() && matter.syntax == Syntax::Yaml;
        let Some(matter) = post.untemplated_front_matter().filter(fits) else { return };
        let mut aliases = None;
        for (index, field) in matter.fields.iter().enumerate() {
            if !matches!(field.style, Style::Plain | Style::Empty) {
                continue;
            }
            let role = post.context.site.roles.of(matter, index);
            if let Some(comment) = cutting_comment(text, matter, field, role) {
                let kept = if field.style == Style::Empty { "nothing" } else { field.span.of(text) };
                findings
                    .add(comment, format!("the value ends before the `#`: {kept}"))
                    .help("a `#` after a space starts a comment")
                    .fix(quoted(text, Span { start: field.span.start, end: comment.end }));
            } else if let Some(mark) = mark_before(text, matter, field).filter(|mark| {
                !aliases.get_or_insert_with(|| alias_names(text, matter)).contains(&mark.of(text)[1..])
            }) {
                let whole = Span { start: mark.start, end: field.span.end.max(mark.end) };
                let name = if mark.of(text).starts_with('&') { "an anchor" } else { "a type" };
                findings
                    .add(mark, format!("`{}` is {name} to YAML, not part of the value", mark.of(text)))
                    .help("only the rest is read")
                    .fix(quoted(text, whole));
            } else if matches!(role, Some(FieldRole::Prose | FieldRole::Identifier | FieldRole::List)) {
                typed(post, field, findings);
            }
        }
    }
}

/// A comment directly after a value that looks like part of it: `C #1 best`, `#fff`.
fn cutting_comment(
    text: &str,
    matter: &FrontMatter<'_>,
    field: &Field<'_>,
    role: Option<FieldRole>,
) -> Option<Span> {
    let end = field.span.end;
    let next = matter.comments.partition_point(|comment| comment.start < end);
    let comment = *matter.comments.get(next)?;
    let between = &text[end as usize..comment.start as usize];
    let adjoins = between.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
    let first = comment.of(text)[1..].chars().next()?;
    let is_word = first.is_alphanumeric();
    let is_intended = field.style == Style::Empty || role == Some(FieldRole::Prose);
    (adjoins && is_word && is_intended).then_some(comment)
}

/// Maximum number of bytes after a key in which to look for an anchor or a tag without a value.
const LONGEST_MARK: usize = 200;

/// The names of anchors that are referenced by an alias.
fn alias_names<'t>(text: &'t str, matter: &FrontMatter<'_>) -> HashSet<&'t str> {
    let aliases = matter.fields.iter().filter(|field| field.value == Value::Alias);
    aliases.map(|field| field.span.of(text).trim_start_matches('*')).collect()
}

/// The span of `&foo` or `!foo` between a key and its value.
fn mark_before(text: &str, matter: &FrontMatter<'_>, field: &Field<'_>) -> Option<Span> {
    let Key::Name(_, key) = &field.key else { return None };
    let from = key.end.min(field.span.start) as usize;
    let gap = &text[from..field.span.start as usize];
    // The span of a missing value ends directly after the colon, before the anchor.
    let rest = &text[from..matter.content.end as usize];
    let near = &rest[..rest.floor_char_boundary(LONGEST_MARK)];
    let gap = if field.style == Style::Empty { near.lines().next().unwrap_or_default() } else { gap };
    let at = from + gap.len() - gap.trim_start_matches([':', ' ', '\t', '"', '\'']).len();
    let word = text[at..from + gap.len()].split_whitespace().next()?;
    let is_anchor = word.starts_with('&');
    let is_tag = word.starts_with('!') && !word.starts_with("!!");
    (word.len() > 1 && (is_anchor || is_tag)).then(|| Span::new(at, at + word.len()))
}

/// Reports a plain scalar that the generator displays differently from how it is written.
fn typed(post: &Post<'_>, field: &Field<'_>, findings: &mut Findings) {
    let written = field.span.of(post.document.text);
    if field.style != Style::Plain || written.contains('\n') {
        return;
    }
    let changed = |generator: Generator| {
        let value = plain_value(written, generator);
        displayed(&value, generator).filter(|shown| shown != written)
    };
    let (readers, shown) = match post.context.generator {
        Generator::None => {
            let turning =
                |generator: &&Generator| **generator != Generator::None && changed(**generator).is_some();
            let readers: Vec<Generator> = Generator::ALL.iter().filter(turning).copied().collect();
            let shown = readers.first().and_then(|first| changed(*first));
            (readers, shown)
        }
        generator => (vec![generator], changed(generator)),
    };
    let Some(shown) = shown else { return };
    if post.context.generator == Generator::None && readers.len() < MOST_AGREE {
        return;
    }
    findings
        .add(field.span, format!("`{written}` is not text: {} {shown}", reads(&readers)))
        .help("quote it to keep it as written")
        .fix(quoted(post.document.text, field.span));
}

fn reads(readers: &[Generator]) -> String {
    let verb = if readers.len() == 1 { "reads" } else { "read" };
    format!("{} {verb}", names::generators(readers))
}

/// How a value is displayed on the page; `None` for text, which is displayed as written, and for `null`, which
/// authors write for "none".
fn displayed(value: &Value<'_>, generator: Generator) -> Option<String> {
    let by_script = !matches!(generator, Generator::Hugo | Generator::Jekyll | Generator::Zola);
    match value {
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Timestamp(_) if by_script => Some("a date".to_owned()),
        _ => None,
    }
}

/// The fix is not applied automatically: with quotes the generator reads a different value than before, even if
/// that is the intended one.
fn quoted(text: &str, span: Span) -> Fix {
    let gap = if text[..span.start as usize].ends_with(':') { " " } else { "" };
    let value = quote(span.of(text).trim());
    Fix::new(format!("write {value}"), Safety::Manual, Edit::replace(span, format!("{gap}{value}")))
}
