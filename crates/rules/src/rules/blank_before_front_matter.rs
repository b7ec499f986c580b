//! Finds blank lines and marks before the front matter, which hide it from most generators.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::front::{NearReason, Syntax};
use postmend_core::{Edit, Generator};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "blank-before-front-matter",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("blank_before_front_matter.md"),
    constructor: Constructor::post::<BlankBeforeFrontMatter>(),
};

#[derive(Debug, Default)]
struct BlankBeforeFrontMatter;

impl Rule for BlankBeforeFrontMatter {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(near) =
            post.document.front.near.as_ref().filter(|near| near.reason == NearReason::BlankBefore)
        else {
            return;
        };
        let generator = post.document.generator;
        let is_toml = post.document.front.matter.as_ref().is_some_and(|matter| matter.syntax == Syntax::Toml);
        if is_toml && reads_through(generator) {
            return;
        }
        let fix = Fix::new("remove what precedes it", Safety::Safe, Edit::delete(near.span));
        let finding = findings.add(near.span, message(generator));
        finding.help("its first line must be the first line of the file").fix(fix);
        let most = match generator {
            Generator::Hexo => Severity::Warning,
            Generator::None => Severity::Error,
            generator if reads_through(generator) => Severity::Info,
            _ => Severity::Error,
        };
        finding.severity = finding.severity.min(most);
    }
}

/// All generators that read TOML accept blank lines before it, so such front matter is read.
fn reads_through(generator: Generator) -> bool {
    matches!(generator, Generator::None | Generator::Hugo | Generator::Astro | Generator::Zola)
}

fn message(generator: Generator) -> &'static str {
    use Generator::{Astro, Docusaurus, Eleventy, Hexo, Hugo, Jekyll, VitePress, Zola};
    match generator {
        Jekyll | Docusaurus | Eleventy | VitePress => {
            "whitespace before the front matter: it is shown as text"
        }
        Hexo => {
            "whitespace before the front matter: Hexo reads it only by accident, and not with one more line"
        }
        Hugo | Astro | Zola => "whitespace before the front matter: other generators show it as text",
        Generator::None => "whitespace before the front matter: most generators show it as text",
    }
}
