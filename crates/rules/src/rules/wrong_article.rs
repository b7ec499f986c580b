//! Finds articles that do not fit the next word: "a anchor", "a the".

use crate::finding::{Findings, Severity};
use crate::grammar::add_wrong_phrase;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_typo::wrong_articles;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "wrong-article",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("wrong_article.md"),
    constructor: Constructor::post::<WrongArticle>(),
};

#[derive(Debug, Default)]
struct WrongArticle;

impl Rule for WrongArticle {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        wrong_articles(post.runs(), |phrase| add_wrong_phrase(post, findings, &phrase));
    }
}
