//! Code that the project's tests share: rule pages as examples, pages of commands, the terminal screenshot, and more.

pub mod clone;
pub mod commands;
pub mod date_forms;
pub mod imports;
pub mod made;
pub mod server;
pub mod source;
pub mod terminal;

use postmend_core::{Format, Generator};
use postmend_rules::{
    Claims, Contest, Finding, Post, PostContext, RuleInfo, RuleSet, Safety, SchemaOptions, Site, SiteFiles,
    SiteOptions, fix_text, time_zone,
};
use postmend_typo::{DEEP_MAGIC, Deep, PackedPair, PackedWord, pack_deep};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// An example on a rule's page.
#[derive(Debug, Default, Clone)]
pub struct PageExample {
    /// Whether it is under `## Bad`.
    pub bad: bool,
    /// The words after ```` ```post ````.
    pub flags: Vec<String>,
    /// The config in the block before it.
    pub config: String,
    /// A JSON Schema for its front matter; empty for none.
    pub schema: String,
    /// Other posts of the site, as path and text.
    pub beside: Vec<(String, String)>,
    /// The post as it is on the page.
    pub post: String,
}

/// A page, split into text and examples.
#[derive(Debug)]
pub struct ExamplePage {
    /// Its parts in order.
    pub parts: Vec<PagePart>,
}

/// A part of a page.
#[derive(Debug)]
pub enum PagePart {
    /// Text, with the `config` and `post` blocks of the examples.
    Text(String),
    /// The position of the report and the fixed post of an example.
    Results(PageExample),
}

impl ExamplePage {
    /// Reads a page without its `report` and `fixed` blocks.
    pub fn read(source: &str) -> Self {
        let mut parts = Vec::new();
        let (mut text, mut bad, mut config) = (String::new(), false, String::new());
        let (mut beside, mut schema) = (Vec::new(), String::new());
        let mut lines = source.lines().peekable();
        while let Some(line) = lines.next() {
            let Some(flags) = line.strip_prefix("```").filter(|_| line.len() > 3) else {
                bad = if line.starts_with("## ") { line == "## Bad" } else { bad };
                // Blank lines would accumulate where a block is left out.
                if !(line.is_empty() && (text == "\n" || text.ends_with("\n\n"))) {
                    writeln!(text, "{line}").expect("a string takes everything");
                }
                continue;
            };
            let block: String = lines
                .by_ref()
                .take_while(|line| *line != "```")
                .fold(String::new(), |all, line| all + line + "\n");
            let mut flags = flags.split_whitespace().map(str::to_owned);
            let kind = flags.next().unwrap_or_default();
            if matches!(kind.as_str(), "report" | "fixed") {
                continue;
            }
            write!(text, "{line}\n{block}```\n").expect("a string takes everything");
            match kind.as_str() {
                "config" => config = block,
                "schema" => schema = block,
                "beside" => {
                    let path = flags.next().and_then(|flag| flag.strip_prefix("path=").map(str::to_owned));
                    beside.push((path.expect("a post beside another has a path"), block));
                }
                "post" => {
                    parts.push(PagePart::Text(std::mem::take(&mut text)));
                    let (config, beside) = (std::mem::take(&mut config), std::mem::take(&mut beside));
                    let flags = flags.collect();
                    let schema = std::mem::take(&mut schema);
                    parts.push(PagePart::Results(PageExample {
                        bad,
                        flags,
                        config,
                        schema,
                        beside,
                        post: block,
                    }));
                }
                _ => {}
            }
        }
        parts.push(PagePart::Text(text));
        Self { parts }
    }

    /// Its examples.
    pub fn examples(&self) -> impl Iterator<Item = &PageExample> {
        self.parts.iter().filter_map(|part| match part {
            PagePart::Results(example) => Some(example),
            PagePart::Text(_) => None,
        })
    }

    /// The page with the current report and fixed post of each example.
    pub fn blessed(&self, info: &RuleInfo) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                PagePart::Text(text) => out.push_str(text),
                PagePart::Results(example) => out.push_str(&example.run(info).blocks()),
            }
        }
        out
    }
}

/// The result of running a rule on an example.
#[derive(Debug, PartialEq)]
pub struct PageOutcome {
    /// One line for each finding, and lines for its help, evidence and fix.
    pub report: String,
    /// The post after all fixes, in the form of the page; `None` if nothing changed.
    pub fixed: Option<String>,
    /// Why the fixes were refused.
    pub refused: Option<String>,
    /// Whether fixing again changed nothing.
    pub settled: bool,
}

impl PageOutcome {
    /// The `report` and `fixed` blocks of the page.
    fn blocks(&self) -> String {
        let mut out = String::new();
        for (name, content) in [
            ("report", Some(&self.report).filter(|report| !report.is_empty())),
            ("fixed", self.fixed.as_ref()),
        ] {
            if let Some(content) = content {
                let end = if content.ends_with('\n') { "" } else { "\n" };
                write!(out, "\n```{name}\n{content}{end}```\n").expect("a string takes everything");
            }
        }
        out
    }
}

impl PageExample {
    /// The text of the post: with `escaped`, escape sequences are replaced and the final newline is removed.
    pub fn text(&self) -> String {
        if !self.flags.iter().any(|flag| flag == "escaped") {
            return self.post.clone();
        }
        unescape(self.post.strip_suffix('\n').unwrap_or(&self.post))
    }

    fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find_map(|flag| flag.strip_prefix(name)?.strip_prefix('='))
    }

    /// The findings of rules that compare posts.
    fn contested(&self, rules: &RuleSet, context: &PostContext<'_>, post: &Post<'_>) -> Vec<Finding> {
        let mut claims = Claims::default();
        let mut claim = |number, path: &str, text: &str| {
            let context = PostContext { path, ..*context };
            for (rule, claim) in rules.claims(&context, text, &context.read(text).front) {
                claims.add(number, 0, rule, &claim.key);
            }
        };
        claim(0, context.path, post.document.text);
        for (number, (path, text)) in (1..).zip(&self.beside) {
            claim(number, path, text);
        }
        let contests = claims.contested().remove(&0).unwrap_or_default();
        let other = |contest: &Contest| self.beside[contest.other - 1].0.as_str();
        contests.iter().filter_map(|contest| rules.contested(post, contest.rule, other(contest))).collect()
    }

    /// Runs only this rule on the example, and applies all of its fixes.
    pub fn run(&self, info: &RuleInfo) -> PageOutcome {
        let config: toml::Table = self.config.parse().expect("the page's config is TOML");
        let mut site = toml::Table::new();
        for name in ["words", "proxies", "dates", "front-matter"] {
            site.extend(config.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        let mut site: SiteOptions = toml::Value::Table(site).try_into().expect("the page's config is right");
        if !self.schema.is_empty() {
            let (paths, schema) = (vec!["**".to_owned()], "schema.json".to_owned());
            site.front_matter.schemas.push(SchemaOptions { paths, schema, text: self.schema.clone() });
        }
        let site = Site::new(&site).expect("the page's words and templates can be used");
        if self.flags.iter().any(|flag| flag == "deep") {
            site.set_deep_model(Arc::new(small_model()));
        }
        let options =
            config.get("rules").and_then(|rules| rules.get(info.name)).and_then(toml::Value::as_table);
        let options: BTreeMap<String, toml::Table> =
            options.map(|options| (info.name.to_owned(), options.clone())).into_iter().collect();
        let others = self.flag("with").unwrap_or_default();
        let is_named =
            |other: &RuleInfo, name| name == other.name || (name == "default" && other.on_by_default);
        let is_on =
            |other: &RuleInfo| other.name == info.name || others.split(',').any(|name| is_named(other, name));
        let rules = RuleSet::new(is_on, &options).expect("the page's options are right");
        let generator =
            self.flag("generator").map_or(Generator::None, |name| name.parse().expect("a generator"));
        let extension =
            self.flag("path").and_then(|path| path.rsplit_once('.')).map_or("md", |(_, extension)| extension);
        let format = Format::of_extension(extension).expect("an extension of posts");
        let text = self.text();
        let time_zone = self.flag("time-zone").map(|name| time_zone(name).expect("a time zone"));
        let path = self.flag("path").unwrap_or_default();
        let files = self.flag("files").map(|files| ExampleFiles { post: path, files });
        let context = PostContext {
            path,
            format,
            generator,
            time_zone: time_zone.as_ref(),
            permalink: None,
            files: files.as_ref().map(|files| files as &dyn SiteFiles),
            site: &site,
        };
        let document = context.read(&text);
        let mut findings = rules.check(&Post::new(&document, context));
        findings.extend(self.contested(&rules, &context, &Post::new(&document, context)));
        let report = report(&text, &findings);
        let result = fix_text(&text, &context, &rules, Safety::Review, &|_| true);
        let again = fix_text(&result.text, &context, &rules, Safety::Review, &|_| true);
        let escaped = self.flags.iter().any(|flag| flag == "escaped");
        let shown = if escaped { escape(&result.text) } else { result.text.clone() };
        let settled = again.text == result.text;
        PageOutcome {
            report,
            fixed: (result.text != text).then_some(shown),
            refused: result.refused,
            settled,
        }
    }
}

/// The files of an example, which the flag `files` lists.
#[derive(Debug)]
struct ExampleFiles<'e> {
    /// The path of the post.
    post: &'e str,
    /// The paths, separated by commas, with `%20` for spaces.
    files: &'e str,
}

impl SiteFiles for ExampleFiles<'_> {
    fn exists(&self, path: &str) -> Option<bool> {
        let folder = self.post.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = folder.split('/').collect();
        for part in path.split('/').filter(|part| *part != ".") {
            if part == ".." {
                parts.pop();
            } else {
                parts.push(part);
            }
        }
        let wanted = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        let mut listed = self.files.split(',').map(|file| file.replace("%20", " "));
        Some(listed.any(|file| file == wanted || file.starts_with(&format!("{wanted}/"))))
    }

    fn is_of_unknown_site(&self) -> bool {
        self.files.split(',').any(|file| file == "mkdocs.yml")
    }

    fn is_named_nearby(&self, name: &str) -> bool {
        self.files.split(',').any(|file| file.rsplit('/').next() == Some(name))
    }
}

/// A statistical model with a few words.
pub fn small_model() -> Deep {
    const WORDS: [&str; 8] = ["程序", "正当", "原则", "的", "这", "是", "要求", "公开"];
    let pairs = |next: &[u32]| {
        let pair = |word: &u32| PackedPair { word: *word, cost: 2.0, ..PackedPair::default() };
        next.iter().map(pair).collect()
    };
    let word = |(number, text): (usize, &str)| PackedWord {
        text: text.to_owned(),
        cost: 8.0,
        backoff: 0.5,
        // 程序 → 正当 → 原则 → 的 → 要求, 这 → 是.
        pairs: pairs([&[1][..], &[2], &[3], &[6], &[5], &[], &[], &[]][number]),
    };
    let words: Vec<PackedWord> = WORDS.into_iter().enumerate().map(word).collect();
    let body = pack_deep(&words).expect("few words fit");
    let bytes = [&DEEP_MAGIC[..], &[0; 32], &body].concat();
    Deep::new(Box::new(bytes)).expect("what was packed can be read")
}

fn report(text: &str, findings: &[postmend_rules::Finding]) -> String {
    let lines = postmend_core::lines::LineIndex::of(text);
    let mut out = String::new();
    for finding in findings {
        let position = lines.position(finding.span.start as usize);
        let (line, column, severity) = (position.line, position.column, finding.severity.name());
        writeln!(out, "{line}:{column} {severity}: {}", finding.message).expect("a string takes everything");
        if !finding.help.is_empty() {
            writeln!(out, "  help: {}", finding.help).expect("a string takes everything");
        }
        for span in &finding.evidence {
            let position = lines.position(span.start as usize);
            writeln!(out, "  see {}:{}", position.line, position.column).expect("a string takes everything");
        }
        if let Some(fix) = &finding.fix {
            writeln!(out, "  {} fix: {}", fix.safety.name(), fix.title).expect("a string takes everything");
        }
    }
    out
}

/// Replaces `\n`, `\r`, `\t`, `\\` and `\u{…}` as in Rust.
pub fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let simple = [('n', '\n'), ('r', '\r'), ('t', '\t'), ('\\', '\\')];
        if let Some((letter, meaning)) = simple.iter().find(|(letter, _)| rest.starts_with(*letter)) {
            out.push(*meaning);
            rest = &rest[letter.len_utf8()..];
        } else if let Some((code, after)) = rest.strip_prefix("u{").and_then(|rest| rest.split_once('}')) {
            let code = u32::from_str_radix(code, 16).expect("hexadecimal digits");
            out.push(char::from_u32(code).expect("a character"));
            rest = after;
        } else {
            panic!("unknown escape in {text}");
        }
    }
    out + rest
}

/// Escapes characters that would not be visible on a page, as [`unescape`] reads them.
pub fn escape(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            '\0'..' ' | '\u{7F}'..='\u{AD}' | '\u{2000}'..='\u{206F}' | '\u{FEFF}' => {
                write!(out, "\\u{{{:X}}}", character as u32).expect("a string takes everything");
            }
            other => out.push(other),
        }
    }
    out
}
