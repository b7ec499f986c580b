//! Rules that a site defines in its config: what to find, what to report, how to fix it, and examples that test
//! it.

mod example;
mod fix_template;
mod message_template;

pub use example::Example;

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::front_text;
use crate::limits::Stopwatch;
use crate::options::{CommonOptions, Level};
use crate::post::Post;
use crate::rules::rule_info;
use crate::selector::{CheckedSelector, TooCostly};
use fix_template::WrittenElement;
use message_template::MessageTemplate;
use postmend_core::front::{Field, FrontMatter, Value};
use postmend_core::{Edit, Element, PassageKind, Span};
use regex::{Captures, Match, Regex, RegexBuilder};
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// `[[rule]]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SiteRuleOptions {
    /// Its name: in kebab case, and not that of a built-in rule.
    pub name: String,
    /// What is wrong: `{0}` is the match of the pattern, `{1}` or `{name}` one of its groups, `{text}` an
    /// element's text, `{value}` a field's value, and any other name an attribute of the element.
    pub message: String,
    /// What to do about it, with the same placeholders.
    #[serde(default)]
    pub help: String,
    /// The severity of its findings.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Finds elements by a CSS selector: those written as HTML, and those that Markdown produces.
    pub selector: Option<String>,
    /// Finds fields of the front matter by their path: `cover.image`, `tags[*]`.
    pub field: Option<String>,
    /// Finds posts without the field.
    #[serde(default)]
    pub missing: bool,
    /// Finds matches of a regular expression: in the text of the elements or the value of the fields if there
    /// is a selector or field, otherwise in all text that a reader sees.
    pub pattern: Option<String>,
    /// The replacement for the element, the value or the match, or a new line of front matter if the field is
    /// missing. It has the placeholders of the message; `{content}` is an element's source between its tags.
    pub fix: Option<String>,
    /// The safety of the fix.
    #[serde(default)]
    pub safety: Option<Safety>,
    /// Posts in which it must find nothing.
    #[serde(default)]
    pub valid: Vec<Example>,
    /// Posts in which it must find something: at least one.
    #[serde(default)]
    pub invalid: Vec<Example>,
}

/// A site's own rule, ready to run.
#[derive(Debug, Clone)]
pub struct SiteRule {
    /// Its name.
    pub name: &'static str,
    /// The severity of its findings.
    pub severity: Severity,
    what: What,
    pattern: Option<Regex>,
    message: MessageTemplate,
    help: MessageTemplate,
    fix: Option<(MessageTemplate, Safety)>,
    pub(crate) valid: Arc<[Example]>,
    pub(crate) invalid: Arc<[Example]>,
}

/// Maximum size of a compiled pattern in bytes: a search takes up to that many steps for each byte of a text.
const LARGEST_PATTERN: usize = 1 << 20;

/// Maximum length in bytes of a passage to search: a search cannot be interrupted, and no real paragraph is
/// that long.
const LONGEST_PASSAGE: usize = 1 << 18;

/// Maximum length of a rule's name in bytes.
const LONGEST_NAME: usize = 100;

/// What a rule searches.
#[derive(Debug, Clone)]
enum What {
    /// The elements that match a CSS selector.
    Elements(CheckedSelector),
    /// The fields with a path.
    Fields(String),
    /// Posts without a field with a path.
    Missing(String),
    /// All text that a reader sees.
    Prose,
}

/// An invalid option of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionError {
    /// The name of the option.
    pub option: &'static str,
    /// What is wrong with it.
    pub message: String,
}

/// The values of a template's placeholders at a finding.
struct Facts<'f> {
    captures: Option<&'f Captures<'f>>,
    element: Option<(&'f Element, &'f WrittenElement<'f>)>,
    value: &'f str,
}

impl SiteRule {
    /// Validates and compiles a rule.
    ///
    /// # Errors
    /// An option is invalid, no option says what to find, or options contradict each other.
    pub fn new(options: &SiteRuleOptions) -> Result<Self, OptionError> {
        let wrong = |option: &'static str, message: &str| OptionError { option, message: message.to_owned() };
        let name = &options.name;
        let kept = kept_name(name)
            .filter(|name| !["all", "default"].contains(name))
            .ok_or_else(|| wrong("name", "the name of a rule must be lowercase words joined by hyphens"))?;
        if rule_info(name).is_some() {
            return Err(wrong("name", "postmend has a rule with that name"));
        }
        let compile = |source: &str| RegexBuilder::new(source).size_limit(LARGEST_PATTERN).build();
        let pattern = options.pattern.as_deref().map(compile).transpose();
        let pattern =
            pattern.map_err(|error| OptionError { option: "pattern", message: pattern_error(&error) })?;
        let what = match (&options.selector, &options.field, &pattern) {
            (Some(_), Some(_), _) => return Err(wrong("selector", "either a selector or a field, not both")),
            (Some(source), None, _) => {
                let selector = CheckedSelector::parse(source);
                What::Elements(selector.map_err(|message| OptionError { option: "selector", message })?)
            }
            (None, Some(path), None) if options.missing => What::Missing(path.clone()),
            (None, Some(path), _) if !options.missing => What::Fields(path.clone()),
            (None, None, Some(_)) if !options.missing => What::Prose,
            (None, None, None) => {
                return Err(wrong("name", "has none of `selector`, `field` and `pattern`"));
            }
            _ => return Err(wrong("missing", "requires a `field`, and excludes a `pattern`")),
        };
        if options.invalid.is_empty() {
            return Err(wrong("name", "has no `invalid` example to prove that it finds anything"));
        }
        let names = Names { what: &what, pattern: pattern.as_ref() };
        let template = |option: &'static str, source: &str| {
            MessageTemplate::parse(source, |name| names.has(option, name))
                .map_err(|message| OptionError { option, message })
        };
        let message = template("message", &options.message)?;
        let help = template("help", &options.help)?;
        let safety = options.safety.unwrap_or(Safety::Safe);
        let fix = options.fix.as_deref().map(|fix| Ok((template("fix", fix)?, safety))).transpose()?;
        Ok(Self {
            name: kept,
            severity: options.severity.unwrap_or(Severity::Warning),
            message,
            help,
            fix,
            what,
            pattern,
            valid: options.valid.clone().into(),
            invalid: options.invalid.clone().into(),
        })
    }

    /// Applies options that all rules have. Whether the rule is off is up to the caller.
    pub fn with(&self, common: CommonOptions) -> Self {
        let mut rule = self.clone();
        rule.severity = common.severity.and_then(Level::severity).unwrap_or(rule.severity);
        if let (Some((_, safety)), Some(configured)) = (&mut rule.fix, common.safety) {
            *safety = configured;
        }
        rule
    }

    /// Its message with the placeholders not filled in.
    pub fn summary(&self) -> &str {
        self.message.source()
    }

    /// Checks a post until the watch runs out or there are too many findings.
    pub(crate) fn check(&self, post: &Post<'_>, findings: &mut Findings, watch: &Stopwatch) {
        match (&self.what, &self.pattern) {
            (What::Elements(selector), _) => self.elements(selector, post, findings, watch),
            (What::Fields(path), _) => self.fields(path, post, findings, watch),
            (What::Missing(path), _) => self.missing(path, post, findings),
            (What::Prose, Some(pattern)) => self.prose(pattern, post, findings, watch),
            (What::Prose, None) => {}
        }
    }

    fn elements(
        &self,
        selector: &CheckedSelector,
        post: &Post<'_>,
        findings: &mut Findings,
        watch: &Stopwatch,
    ) {
        let text = post.document.text;
        let found = match selector.elements(post.elements(), &|| watch.has_run_out()) {
            Ok(found) => found,
            Err(TooCostly { message, help }) => {
                findings.add(Span::point(post.document.front.body), message).help(help);
                return;
            }
        };
        for element in found {
            if findings.is_cut() || watch.has_run_out() {
                return;
            }
            let captures = self.pattern.as_ref().map(|pattern| pattern.captures(&element.text));
            let captures = match &captures {
                Some(None) => continue,
                Some(captures) => captures.as_ref(),
                None => None,
            };
            let written = WrittenElement::new(post.document, &element);
            let facts = Facts { captures, element: Some((&element, &written)), value: "" };
            let fill = |template: &MessageTemplate| {
                let captured = |name: &str| facts.captured(name).map(str::to_owned);
                let new = written.fill(template, &captured)?;
                Some((new.clone(), vec![Edit::replace(written.whole()?, new)]))
            };
            self.add(first_line(element.tag, text), &facts, fill, findings);
        }
    }

    fn prose(&self, pattern: &Regex, post: &Post<'_>, findings: &mut Findings, watch: &Stopwatch) {
        let prose = &post.document.prose;
        for passage in prose.passages() {
            if watch.has_run_out() {
                return;
            }
            if passage.text.len() > LONGEST_PASSAGE {
                watch.leave_out();
                continue;
            }
            for captures in pattern.captures_iter(passage.text) {
                // Each match may have scanned all of the text after it.
                if findings.is_cut() || watch.has_run_out() {
                    return;
                }
                let whole = captures.get_match().range();
                if whole.is_empty() {
                    continue;
                }
                let facts = Facts { captures: Some(&captures), element: None, value: "" };
                // A group is written back as the source has it.
                let is_exact = |name: &str| {
                    facts.group(name).is_none_or(|group| {
                        passage.span(group.range()).of(post.document.text) == group.as_str()
                    })
                };
                let fill = |template: &MessageTemplate| {
                    let value = |name: &str| is_exact(name).then(|| facts.get(name).to_owned());
                    let new = template.try_fill(|_, name| value(name))?;
                    let edits = match passage.kind {
                        PassageKind::Front => {
                            front_text::replace(post.document, passage.exact_span(whole.clone())?, &new)
                        }
                        _ => passage.replace(whole.clone(), &new),
                    }?;
                    Some((new, edits))
                };
                self.add(passage.span(whole.clone()), &facts, fill, findings);
            }
        }
    }

    fn fields(&self, path: &str, post: &Post<'_>, findings: &mut Findings, watch: &Stopwatch) {
        let text = post.document.text;
        let Some(matter) = post.untemplated_front_matter() else { return };
        for (_, field) in fields_at(matter, path) {
            if findings.is_cut() || watch.has_run_out() {
                return;
            }
            let value = match &field.value {
                Value::Text(value) | Value::Timestamp(value) => value,
                _ => field.span.of(text),
            };
            let captures = self.pattern.as_ref().map(|pattern| pattern.captures(value));
            let captures = match &captures {
                Some(None) => continue,
                Some(captures) => captures.as_ref(),
                None => None,
            };
            let facts = Facts { captures, element: None, value };
            let fill = |template: &MessageTemplate| {
                let new = template.fill(|name| facts.get(name));
                let (span, escaping) = field.scalar(text)?;
                let old = span.of(text);
                let written = escaping.encode(&new, old).or_else(|| escaping.encode_quoted(&new, old))?;
                Some((new, vec![Edit::replace(span, written)]))
            };
            self.add(field.span, &facts, fill, findings);
        }
    }

    fn missing(&self, path: &str, post: &Post<'_>, findings: &mut Findings) {
        let document = post.document;
        let Some(matter) = post.untemplated_front_matter().filter(|matter| matter.fault.is_none()) else {
            return;
        };
        if fields_at(matter, path).next().is_some() {
            return;
        }
        let facts = Facts { captures: None, element: None, value: "" };
        let fill = |template: &MessageTemplate| {
            let new = template.fill(|name| facts.get(name));
            let (start, end) = (matter.content.start as usize, matter.content.end as usize);
            let line_end = if document.text[..end].contains("\r\n") { "\r\n" } else { "\n" };
            let is_line_start = document.text[..end].ends_with('\n');
            let last = if is_line_start { format!("{new}{line_end}") } else { format!("{line_end}{new}") };
            // At the end it would be in the last table, if there are any.
            let places = [(end, last), (start, format!("{new}{line_end}"))];
            let adds_field = |(at, line): &(usize, String)| {
                let text = format!("{}{line}{}", &document.text[..*at], &document.text[*at..]);
                let front = postmend_core::front::read(&text, document.generator);
                front.read_matter().is_some_and(|read| {
                    fields_at(read, path).next().is_some() && read.fields.len() > matter.fields.len()
                })
            };
            let (at, line) = places.into_iter().find(adds_field)?;
            Some((new, vec![Edit::insert(at, line)]))
        };
        self.add(matter.opening_line(document.text), &facts, fill, findings);
    }

    fn add(
        &self,
        span: Span,
        facts: &Facts<'_>,
        fill_fix: impl Fn(&MessageTemplate) -> Option<(String, Vec<Edit>)>,
        findings: &mut Findings,
    ) {
        let fill = |template: &MessageTemplate| template.fill(|name| facts.get(name));
        let fix = self.fix.as_ref().and_then(|(template, safety)| {
            let (new, edits) = fill_fix(template)?;
            let title =
                if new.is_empty() { "remove it".to_owned() } else { format!("write {}", shortened(&new)) };
            Some(Fix { title: title.into(), safety: *safety, edits })
        });
        findings.add(span, fill(&self.message)).help(fill(&self.help)).fix(fix);
    }
}

impl Facts<'_> {
    /// The group of the match that has a name.
    fn group(&self, name: &str) -> Option<Match<'_>> {
        self.captures.and_then(|captures| match name.parse() {
            Ok(number) => captures.get(number),
            Err(_) => captures.name(name),
        })
    }

    fn captured(&self, name: &str) -> Option<&str> {
        self.group(name).map(|group| group.as_str())
    }

    fn get(&self, name: &str) -> &str {
        if let Some(found) = self.captured(name) {
            return found;
        }
        let shown = self.element.and_then(|(_, written)| written.shown(name));
        match (name, self.element) {
            ("value", None) => self.value,
            (_, Some(_)) if shown.is_some() => shown.unwrap_or_default(),
            ("text", Some((element, _))) => &element.text,
            (_, Some((element, _))) => {
                let found = element.attributes.iter().find(|(attribute, _)| attribute == name);
                found.map_or("", |(_, value)| value)
            }
            _ => "",
        }
    }
}

/// The placeholders that templates of a rule may use.
struct Names<'n> {
    what: &'n What,
    pattern: Option<&'n Regex>,
}

impl Names<'_> {
    fn has(&self, option: &str, name: &str) -> bool {
        let is_group = |pattern: &Regex| match name.parse::<usize>() {
            Ok(number) => number < pattern.captures_len(),
            Err(_) => pattern.capture_names().flatten().any(|group| group == name),
        };
        let is_word = !name.is_empty() && name.parse::<usize>().is_err();
        self.pattern.is_some_and(is_group)
            || match self.what {
                What::Elements(_) => is_word && (name != "content" || option == "fix"),
                What::Fields(_) => name == "value",
                What::Missing(_) | What::Prose => false,
            }
    }
}

/// The fields with this path, each with its index; `[*]` matches every item.
fn fields_at<'m, 't>(
    matter: &'m FrontMatter<'t>,
    path: &'m str,
) -> impl Iterator<Item = (usize, &'m Field<'t>)> {
    let has_path = move |index: usize| {
        let field_path = matter.path(index);
        field_path == path || (path.contains("[*]") && without_numbers(&field_path) == path)
    };
    matter.fields.iter().enumerate().filter(move |(index, _)| has_path(*index))
}

/// `tags[3].name` → `tags[*].name`
fn without_numbers(path: &str) -> String {
    let mut parts = path.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| match part.split_once(']') {
        Some((number, rest)) if number.parse::<u32>().is_ok() => format!("{out}[*]{rest}"),
        _ => format!("{out}[{part}"),
    })
}

/// The part of a span that is on its first line.
fn first_line(span: Span, text: &str) -> Span {
    let line = span.of(text).lines().next().map_or(0, str::len);
    Span::new(span.start as usize, span.start as usize + line)
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The error of a regular expression, on one line.
fn pattern_error(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

/// Makes the name of a rule live as long as the program, for a site's own rules. Each name is kept only once,
/// however often configs are read. `None` if the name is not valid: words of lowercase letters and digits,
/// joined by hyphens.
pub fn kept_name(name: &str) -> Option<&'static str> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if name.len() > LONGEST_NAME || !name.split('-').all(is_word) {
        return None;
    }
    static KEPT: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(stored) = kept.get(name) {
        return Some(stored);
    }
    let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
    kept.insert(name);
    Some(name)
}
