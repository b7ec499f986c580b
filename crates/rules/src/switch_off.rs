//! Creates suppression comments, each verified to change nothing else.

use crate::directive::Directive;
use crate::finding::Finding;
use crate::post::Post;
use crate::post_context::PostContext;
use crate::rule_set::RuleSet;
use crate::verify::verify;
use postmend_core::front::{Syntax, Value};
use postmend_core::lines::LineIndex;
use postmend_core::{Document, Edit, Format, Patch, Span, comment_free_outline};

/// What a suppression comment covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The line on which the finding starts.
    Line,
    /// The whole post.
    Post,
}

/// Creates suppression comments for a post.
pub struct SwitchOff<'p> {
    document: &'p Document<'p>,
    context: &'p PostContext<'p>,
    rules: &'p RuleSet,
    /// The findings before a comment is added.
    findings: Vec<Finding>,
    outline: Vec<String>,
    lines: LineIndex<'p>,
}

impl<'p> SwitchOff<'p> {
    /// Checks a post as it is.
    pub fn new(document: &'p Document<'p>, context: &'p PostContext<'p>, rules: &'p RuleSet) -> Self {
        let findings = rules.check(&Post::new(document, *context));
        let lines = LineIndex::of_line_feeds(document.text);
        Self { document, context, rules, findings, outline: comment_free_outline(document), lines }
    }

    /// The edit that switches off the rule of a finding. With it, all other findings stay the same, apart
    /// from those of rules that yield to this one, and the post renders the same. `None` if no comment achieves that, or if the finding cannot be suppressed.
    pub fn edit(&self, finding: &Finding, reach: Reach) -> Option<Edit> {
        let candidates = match reach {
            Reach::Line => self.for_line(finding),
            Reach::Post => self.for_post(finding.rule),
        };
        candidates.into_iter().find(|edit| self.holds(edit, finding, reach))
    }

    fn text(&self) -> &'p str {
        self.document.text
    }

    /// Candidates: the name added to an existing comment, a comment on the line before, and one at the end of
    /// the line.
    fn for_line(&self, finding: &Finding) -> Vec<Edit> {
        let (text, rule) = (self.text(), finding.rule);
        let line = self.lines.around(finding.span.start as usize);
        // Some JSON parsers accept `#` as a comment, most do not.
        if self.is_json(line.start as usize) {
            return Vec::new();
        }
        let is_for_line = |directive: &Span, verb: &str| {
            let own = self.lines.around(directive.end as usize);
            match verb {
                "postmend-disable-line" => own.start == line.start,
                "postmend-disable-next-line" => own.end == line.start,
                _ => false,
            }
        };
        let mut edits = self.with_name(rule, is_for_line);
        let start = self.without_mark(line.start as usize);
        let whole = &text[start..line.end as usize];
        let indent = &whole[..whole.len() - whole.trim_start_matches([' ', '\t']).len()];
        let before = self.comment(start, "postmend-disable-next-line", rule);
        edits.push(Edit::insert(start, format!("{indent}{before}{}", self.line_end())));
        // Spaces or a backslash at the end of a line make a line break, and a vertical bar closes a table cell.
        let shown = whole.trim_end();
        let shown = shown.strip_suffix(['|', '\\']).map_or(shown, str::trim_end);
        let at_end = start + shown.len();
        edits.push(Edit::insert(at_end, format!(" {}", self.comment(at_end, "postmend-disable-line", rule))));
        edits
    }

    /// Candidates: the name added to an existing comment, a comment in the front matter, one at the start of
    /// the body, and one at its end.
    fn for_post(&self, rule: &str) -> Vec<Edit> {
        let (text, body) = (self.text(), self.document.front.body);
        let is_for_post = |directive: &Span, verb: &str| {
            let in_front = directive.end as usize <= body;
            verb == "postmend-disable-file" || (verb == "postmend-disable" && in_front)
        };
        let mut edits = self.with_name(rule, is_for_post);
        let end = self.line_end();
        let matter = self.document.front.matter.as_ref().filter(|matter| matter.syntax != Syntax::Json);
        if let Some(at) = matter.map(|matter| matter.content.start as usize) {
            edits.push(Edit::insert(at, format!("# postmend-disable {rule}{end}")));
        }
        let rest = &text[body..];
        let doctype = rest.trim_start();
        let is_doctype = doctype.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
        // In old browsers the doctype has to come first.
        let first = text.len() - doctype.len();
        let start = if is_doctype { self.lines.around(first).end as usize } else { body };
        let start = self.without_mark(start);
        let comment = self.comment(text.len(), "postmend-disable-file", rule);
        let is_apart = text[start..].starts_with(['\r', '\n']) || self.document.format == Format::Html;
        let gap = if is_apart { "" } else { end };
        edits.push(Edit::insert(start, format!("{comment}{end}{gap}")));
        let ended = if text.ends_with('\n') || text.is_empty() { "" } else { end };
        edits.push(Edit::insert(text.len(), format!("{ended}{end}{comment}{end}")));
        edits
    }

    /// Adds a name to each directive that has names and that `is_wanted` accepts.
    fn with_name(&self, rule: &str, is_wanted: impl Fn(&Span, &str) -> bool) -> Vec<Edit> {
        let edit = |directive: &Span| {
            let inside = directive.of(self.text());
            let Directive { verb, names, .. } = Directive::of(inside)?;
            let last = names.last().filter(|_| is_wanted(directive, verb))?;
            // A name is a slice of the directive's text.
            let end = last.as_ptr() as usize - inside.as_ptr() as usize + last.len();
            Some(Edit::insert(directive.start as usize + end, format!(", {rule}")))
        };
        self.document.directives.iter().filter_map(edit).collect()
    }

    /// A comment in the syntax that is valid at the offset `at`.
    fn comment(&self, at: usize, verb: &str, rule: &str) -> String {
        let is_front = at < self.document.front.body;
        match self.document.format {
            _ if is_front => format!("# {verb} {rule}"),
            Format::Mdx => format!("{{/* {verb} {rule} */}}"),
            Format::Markdown | Format::Html => format!("<!-- {verb} {rule} -->"),
        }
    }

    /// Whether an offset is in JSON front matter.
    fn is_json(&self, at: usize) -> bool {
        let matter = self.document.front.matter.as_ref();
        at < self.document.front.body && matter.is_some_and(|matter| matter.syntax == Syntax::Json)
    }

    /// The offset, moved past a byte order mark.
    fn without_mark(&self, at: usize) -> usize {
        if at == 0 && self.text().starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { at }
    }

    /// The line ending of the post.
    fn line_end(&self) -> &'static str {
        let first = self.text().split_inclusive('\n').next().unwrap_or_default();
        if first.ends_with("\r\n") { "\r\n" } else { "\n" }
    }

    /// Whether an edit suppresses what it should, and changes nothing else.
    fn holds(&self, edit: &Edit, finding: &Finding, reach: Reach) -> bool {
        let at = edit.span.start as usize;
        if self.document.is_code(at) || is_in_formula(self.text(), at) {
            return false;
        }
        let Some(patch) = Patch::new(vec![edit.clone()]) else { return false };
        let text = patch.apply(self.text());
        let after = self.context.read(&text);
        let is_proved = verify(self.document, &patch, &after).is_ok()
            && values(self.document).eq(values(&after))
            && comment_free_outline(&after) == self.outline;
        if !is_proved {
            return false;
        }
        let line = self.lines.around(finding.span.start as usize);
        let is_switched_off = |other: &&Finding| {
            let starts_here =
                line.start <= other.span.start && other.span.start < line.end.max(line.start + 1);
            other.rule == finding.rule && (reach == Reach::Post || starts_here)
        };
        if !self.findings.iter().any(|other| other == finding && is_switched_off(&other)) {
            return false;
        }
        let moved = |at: u32| at + if at >= edit.span.start { edit.text.len() as u32 } else { 0 };
        let left = self.findings.iter().filter(|other| !is_switched_off(other));
        let mut left = left.map(|other| (other.rule, moved(other.span.start), &*other.message)).peekable();
        let found = self.rules.check(&Post::new(&after, *self.context));
        // A rule that left the place to the one that is off may report it now.
        found.iter().all(|other| {
            let is_left = left.next_if_eq(&(other.rule, other.span.start, &*other.message)).is_some();
            is_left || self.rules.yields(other.rule, finding.rule)
        }) && left.next().is_none()
    }
}

/// Whether an offset is between `$$`, in what Markdown treats as a paragraph and the page as a formula.
fn is_in_formula(text: &str, at: usize) -> bool {
    let block = ["\n\n", "\n\r\n"].iter().filter_map(|blank| text[..at].rfind(blank)).max().unwrap_or(0);
    text[block..at].matches("$$").count() % 2 == 1
}

/// The values of the front matter, including those read before a syntax error.
fn values<'d>(document: &'d Document<'_>) -> impl Iterator<Item = &'d Value<'d>> {
    document.front.matter.iter().flat_map(|matter| &matter.fields).map(|field| &field.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::{Site, SiteOptions};
    use postmend_core::Generator;

    /// The post after the first finding of a rule is suppressed.
    fn switched(text: &str, name: &str, rule: &str, reach: Reach) -> Option<String> {
        let site = Site::new(&SiteOptions::default()).unwrap();
        let context = PostContext::of(&site, name, Generator::None).unwrap();
        let document = context.read(text);
        let rules = RuleSet::standard();
        let off = SwitchOff::new(&document, &context, &rules);
        let finding = off.findings.iter().find(|finding| finding.rule == rule).unwrap();
        off.edit(finding, reach).map(|edit| Patch::new(vec![edit]).unwrap().apply(text))
    }

    /// A file name, a post, and the post after its first misspelling is suppressed for its line.
    const LINES: [(&str, &str, &str); 14] = [
        ("a.md", "A Febuary.\n", "<!-- postmend-disable-next-line misspelling -->\nA Febuary.\n"),
        ("a.md", "One\nFebuary  \ntwo", "One\nFebuary <!-- postmend-disable-line misspelling -->  \ntwo"),
        (
            "a.md",
            "One\r\n\r\nFebuary\r\n",
            "One\r\n\r\n<!-- postmend-disable-next-line misspelling -->\r\nFebuary\r\n",
        ),
        ("a.md", "- a\n- Febuary\n", "- a\n- Febuary <!-- postmend-disable-line misspelling -->\n"),
        ("a.md", "> a\n> Febuary\n", "> a\n> Febuary <!-- postmend-disable-line misspelling -->\n"),
        ("a.md", "|a|\n|-|\n|Febuary|\n", "|a|\n|-|\n|Febuary <!-- postmend-disable-line misspelling -->|\n"),
        (
            "a.md",
            "a\n\n## Febuary ##\n",
            "a\n\n<!-- postmend-disable-next-line misspelling -->\n## Febuary ##\n",
        ),
        (
            "a.md",
            "<div>\n  <p>Febuary</p>\n</div>\n",
            "<div>\n  <!-- postmend-disable-next-line misspelling -->\n  <p>Febuary</p>\n</div>\n",
        ),
        ("a.mdx", "a\n\nFebuary {1}\n", "a\n\n{/* postmend-disable-next-line misspelling */}\nFebuary {1}\n"),
        ("a.html", "<p>Febuary</p>\n", "<!-- postmend-disable-next-line misspelling -->\n<p>Febuary</p>\n"),
        (
            "a.md",
            "---\ntitle: Febuary\n---\n",
            "---\n# postmend-disable-next-line misspelling\ntitle: Febuary\n---\n",
        ),
        (
            "a.md",
            "+++\ntitle = \"Febuary\"\n+++\n",
            "+++\n# postmend-disable-next-line misspelling\ntitle = \"Febuary\"\n+++\n",
        ),
        (
            "a.md",
            "<!-- postmend-disable-next-line missing-alt -- why -->\n<img src=\"a.png\"> Febuary\n",
            "<!-- postmend-disable-next-line missing-alt, misspelling -- why -->\n<img src=\"a.png\"> Febuary\n",
        ),
        (
            "\u{FEFF}a.md",
            "\u{FEFF}Febuary\n",
            "\u{FEFF}<!-- postmend-disable-next-line misspelling -->\nFebuary\n",
        ),
    ];

    #[test]
    fn chooses_what_changes_nothing_else() {
        for (name, before, after) in LINES {
            let switched = switched(before, name, "misspelling", Reach::Line);
            assert_eq!(switched.as_deref(), Some(after), "{before}");
        }
    }

    #[test]
    fn another_rule_may_report_the_place_then() {
        let text = "学校开工建设。公园开工建设。道路开个建设。\n";
        let site = Site::new(&SiteOptions::default()).unwrap();
        let context = PostContext::of(&site, "a.md", Generator::None).unwrap();
        let document = context.read(text);
        let rules = RuleSet::new(|_| true, &std::collections::BTreeMap::new()).unwrap();
        let off = SwitchOff::new(&document, &context, &rules);
        let finding = off.findings.iter().find(|finding| finding.rule == "misspelling").unwrap();
        assert!(off.edit(finding, Reach::Line).is_some());
    }

    #[test]
    fn chooses_for_the_whole_post() {
        for (name, before, after) in [
            ("a.md", "A Febuary.\n", "<!-- postmend-disable-file misspelling -->\n\nA Febuary.\n"),
            ("a.mdx", "A Febuary.\n", "{/* postmend-disable-file misspelling */}\n\nA Febuary.\n"),
            (
                "a.md",
                "---\ntitle: a\n---\nFebuary\n",
                "---\n# postmend-disable misspelling\ntitle: a\n---\nFebuary\n",
            ),
            (
                "a.md",
                "+++\ntitle = \"a\"\n+++\nFebuary\n",
                "+++\n# postmend-disable misspelling\ntitle = \"a\"\n+++\nFebuary\n",
            ),
            (
                "a.md",
                "{\"title\": \"a\"}\n\nFebuary\n",
                "{\"title\": \"a\"}\n<!-- postmend-disable-file misspelling -->\n\nFebuary\n",
            ),
            (
                "a.md",
                "---\n# postmend-disable missing-alt\na: b\n---\n<img src=\"a.png\"> Febuary\n",
                "---\n# postmend-disable missing-alt, misspelling\na: b\n---\n<img src=\"a.png\"> Febuary\n",
            ),
            (
                "a.html",
                "<!DOCTYPE html>\n<p>Febuary</p>\n",
                "<!DOCTYPE html>\n<!-- postmend-disable-file misspelling -->\n<p>Febuary</p>\n",
            ),
        ] {
            assert_eq!(
                switched(before, name, "misspelling", Reach::Post).as_deref(),
                Some(after),
                "{before}"
            );
        }
    }

    #[test]
    fn offers_no_line_where_there_is_no_place() {
        let text = "---\ntitle: |\n  one\n  Febuary\n---\na\n";
        let switched_off =
            "---\n# postmend-disable-next-line misspelling\ntitle: |\n  one\n  Febuary\n---\na\n";
        assert_eq!(switched(text, "a.md", "misspelling", Reach::Line).as_deref(), Some(switched_off));
        let json = "{\n\"title\": \"Febuary\"\n}\n\na\n";
        assert_eq!(switched(json, "a.md", "misspelling", Reach::Line), None);
        assert!(switched(json, "a.md", "misspelling", Reach::Post).is_some());
        let formula = "a\n\n$$\nx\u{200B} = 1\n$$\n";
        assert_eq!(switched(formula, "a.md", "invisible-character", Reach::Line), None);
        assert!(switched(formula, "a.md", "invisible-character", Reach::Post).is_some());
    }
}
