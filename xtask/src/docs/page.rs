//! Turns a rule's page, which is also a test input, into a page for readers.

use postmend_core::Generator;
use postmend_rules::{ALL, RuleInfo};

/// The folder of the rules' pages.
pub(super) const FOLDER: &str = "docs/rules";

/// A rule's documentation.
pub(super) struct RulePage {
    /// The page in Markdown.
    pub(super) text: String,
    /// What `fix` does, according to the examples on the page.
    pub(super) fixed: Fixed,
}

/// What `fix` does with the findings of a rule, or with some of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixed {
    Never,
    Shown,
    OnRequest,
    Safely,
}

impl Fixed {
    fn of(page: &str) -> Self {
        let kinds = [("safe", Self::Safely), ("review", Self::OnRequest), ("manual", Self::Shown)];
        let kind = kinds.into_iter().find(|(kind, _)| page.contains(&format!("\n  {kind} fix: ")));
        kind.map_or(Self::Never, |(_, kind)| kind)
    }

    pub(super) fn in_list(self) -> &'static str {
        match self {
            Self::Never => "",
            Self::Shown => "shown",
            Self::OnRequest => "`--review`",
            Self::Safely => "yes",
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Never => "without a fix",
            Self::Shown => "with a fix that is only shown",
            Self::OnRequest => "fixed by `fix --review`",
            Self::Safely => "fixed by `fix`",
        }
    }
}

impl RulePage {
    pub(super) fn of(info: &RuleInfo) -> Self {
        let (name, fixed) = (info.name, Fixed::of(info.page));
        let source = format!("crates/rules/src/rules/{}.md", name.replace('-', "_"));
        let default = if info.on_by_default { "on" } else { "off" };
        let facts = format!("{}, {default} by default, {}", capital(info.severity.name()), fixed.describe());
        let mut text = format!("<!-- Made by `cargo xtask docs` from {source}: change that instead. -->\n\n");
        let mut lines = info.page.lines();
        while let Some(line) = lines.next() {
            match line.strip_prefix("```").filter(|kind| !kind.is_empty()) {
                Some(kind) => {
                    let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                    text += &render_block(kind, &block);
                }
                None if line.starts_with("# ") => text += &format!("{line}\n\n{facts}.\n"),
                None => text += &format!("{}\n", prose(line, name)),
            }
        }
        Self { text, fixed }
    }
}

/// A line of text: headings are replaced with ones for readers, and rule names with links.
fn prose(line: &str, own: &str) -> String {
    match line {
        "## Bad" => return "## What it finds".to_owned(),
        "## Good" => return "## What is fine".to_owned(),
        _ => {}
    }
    let mut line = line.to_owned();
    for info in ALL.iter().filter(|info| info.name != own) {
        let name = info.name;
        line = line.replace(&format!("`{name}`"), &format!("[`{name}`]({name}.md)"));
    }
    line
}

/// A block of the page, with a line before it that describes it.
fn render_block(kind: &str, block: &[&str]) -> String {
    let mut words = kind.split_whitespace();
    let kind = words.next().unwrap_or_default();
    let flags: Vec<&str> = words.collect();
    let path = flag(&flags, "path");
    let ending = path.and_then(|path| path.rsplit_once('.')).map_or("md", |(_, ending)| ending);
    let (label, language) = match kind {
        "post" => (post(&flags), ending),
        "beside" => (format!("Another post of the site, `{}`:", path.unwrap_or_default()), ending),
        "config" => ("With this in `postmend.toml`:".to_owned(), "toml"),
        "schema" => ("With this schema for its front matter:".to_owned(), "json"),
        "report" => ("What postmend reports:".to_owned(), "text"),
        "fixed" => ("What the fix writes:".to_owned(), "md"),
        _ => return fenced(kind, block),
    };
    format!("{label}\n\n{}", fenced(language, block))
}

/// The description of an example, from its flags.
fn post(flags: &[&str]) -> String {
    let mut label = "A post".to_owned();
    if let Some(generator) = flag(flags, "generator").and_then(|name| name.parse::<Generator>().ok()) {
        label += &format!(" of {}", generator.title());
    }
    if let Some(path) = flag(flags, "path") {
        label += &format!(", `{path}`");
    }
    if let Some(zone) = flag(flags, "time-zone") {
        label += &format!(", in {zone}");
    }
    if let Some(others) = flag(flags, "with") {
        let linked = |name| match name {
            "default" => "all rules that are on by default".to_owned(),
            name => format!("[`{name}`]({name}.md)"),
        };
        let others: Vec<String> = others.split(',').map(linked).collect();
        label += &format!(", with {} on", others.join(" and "));
    }
    if flags.contains(&"deep") {
        label += ", with a model";
    }
    if flags.contains(&"escaped") {
        label += ", with the escapes of Rust";
    }
    label + ":"
}

fn flag<'f>(flags: &[&'f str], name: &str) -> Option<&'f str> {
    flags.iter().find_map(|flag| flag.strip_prefix(name)?.strip_prefix('='))
}

/// A code block with a fence that is longer than any in its content.
fn fenced(language: &str, block: &[&str]) -> String {
    let ticks = |line: &&str| line.trim_start().bytes().take_while(|byte| *byte == b'`').count();
    let longest = block.iter().map(ticks).max().unwrap_or_default();
    let fence = "`".repeat(3.max(longest + 1));
    let lines: String = block.iter().map(|line| format!("{line}\n")).collect();
    format!("{fence}{language}\n{lines}{fence}\n")
}

fn capital(word: &str) -> String {
    word[..1].to_ascii_uppercase() + &word[1..]
}
