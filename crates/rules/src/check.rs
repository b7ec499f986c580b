//! The rules that are on, and what they find in a post.

use crate::dates::{self, Dated, Defect};
use crate::finding::{Finding, Findings, Safety, Severity};
use crate::proxy::Proxied;
use crate::rule::{AnyRule, RuleInfo};
use crate::rules::{ALL, rule_info};
use crate::schema::Misfit;
use crate::site::Home;
use crate::site_rule::SiteRule;
use crate::suppress::Suppressions;
use crate::uniqueness::Claim;
use postmend_core::front::{Front, FrontMatter};
use postmend_core::{Document, Edit, Elements, Role, Span, Url};
use postmend_typo::{Inconsistency, Model, Runs, inconsistencies};
use schemars::JsonSchema;
use serde::Deserialize;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::time::Duration;

/// A post as rules see it.
pub struct Post<'p> {
    /// Its facts.
    pub document: &'p Document<'p>,
    /// Where it lives.
    pub home: Home<'p>,
    /// What more than one rule asks, found once.
    proxied: OnceCell<Vec<(&'p Url<'p>, Proxied<'p>)>>,
    dates: OnceCell<Vec<Dated<'p>>>,
    misfits: OnceCell<Vec<Misfit>>,
    runs: OnceCell<Runs<'p>>,
    elements: OnceCell<Elements>,
    inconsistencies: OnceCell<Vec<Inconsistency>>,
}

impl<'p> Post<'p> {
    /// A post with these facts.
    pub fn new(document: &'p Document<'p>, home: Home<'p>) -> Self {
        let (proxied, dates, misfits) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (runs, elements, inconsistencies) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { document, home, proxied, dates, misfits, runs, elements, inconsistencies }
    }

    /// The phrases of its prose that are at odds with the rest of it, and nobody speaks for.
    pub(crate) fn inconsistencies(&self) -> &[Inconsistency] {
        self.inconsistencies
            .get_or_init(|| inconsistencies(self.runs(), Model::embedded(), |place| self.speaks_for(place)))
    }

    /// Whether nothing is to be said of a place of its prose: it is code, or somebody said that it is right,
    /// or `misspelling` says that it is wrong.
    pub(crate) fn speaks_for(&self, place: &Range<usize>) -> bool {
        let prose = &self.document.prose;
        prose.is_listing(place.start) || self.home.site.speaks_for(&prose.text, place)
    }

    /// The runs of Chinese in its prose.
    pub(crate) fn runs(&self) -> &Runs<'p> {
        self.runs.get_or_init(|| Runs::of(&self.document.prose.text))
    }

    /// Its elements, for CSS selectors.
    pub(crate) fn elements(&self) -> &Elements {
        self.elements.get_or_init(|| Elements::of(self.document))
    }

    /// Where its front matter does not fit its schema.
    pub(crate) fn misfits(&self) -> &[Misfit] {
        self.misfits.get_or_init(|| {
            let schema = self.home.site.schemas.of(&self.home);
            let both = schema.zip(self.filled_in().filter(|matter| matter.fault.is_none()));
            both.map(|(schema, matter)| schema.misfits(matter, self.home.generator)).unwrap_or_default()
        })
    }

    /// Its front matter, unless it is a scaffold, which is filled in before anything reads it.
    pub(crate) fn filled_in(&self) -> Option<&'p FrontMatter<'p>> {
        let matter = self.document.front.matter.as_ref()?;
        let content = matter.content.of(self.document.text);
        (!content.contains("{{") && !content.contains("<%")).then_some(matter)
    }

    /// The dates of its front matter, and what becomes of them.
    pub(crate) fn dates(&self) -> &[Dated<'p>] {
        self.dates.get_or_init(|| dates::judged(self.document, &self.home))
    }

    /// Its dates that have this defect.
    pub(crate) fn dates_with(&self, defect: Defect) -> impl Iterator<Item = &Dated<'p>> {
        self.dates().iter().filter(move |dated| dated.defect == Some(defect))
    }

    /// The images' URLs that go through a known proxy.
    pub(crate) fn proxied(&self) -> &[(&'p Url<'p>, Proxied<'p>)] {
        self.proxied.get_or_init(|| {
            let images = self.document.urls.iter().filter(|url| url.role == Role::Image && !url.templated);
            images.filter_map(|url| Some((url, self.home.site.proxies.find(&url.value)?))).collect()
        })
    }
}

/// The rules that are on, each with its options.
pub struct RuleSet {
    rules: Vec<Active>,
    /// The site's own rules, on or off.
    own: Vec<&'static str>,
    limits: PostLimits,
    /// Whether comments of posts switch rules off.
    heeds_comments: bool,
}

/// What one post may cost. Past that, a finding says so.
#[derive(Debug, Clone, Copy)]
pub struct PostLimits {
    /// How many findings it may have.
    pub findings: usize,
    /// How long each of the site's own rules may look at it.
    pub own_rule: Duration,
    /// The time since some instant. Rules have no clock of their own.
    pub clock: fn() -> Duration,
}

impl PostLimits {
    /// None at all.
    pub const NONE: Self = Self { findings: usize::MAX, own_rule: Duration::MAX, clock: || Duration::ZERO };
}

struct Active {
    name: &'static str,
    severity: Severity,
    /// How sure the config takes its fixes to be.
    safety: Option<Safety>,
    rule: AnyRule,
}

/// What may be said of every rule.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CommonOptions {
    /// How much its findings matter; `off` switches the rule off.
    pub severity: Option<Level>,
    /// How sure its fixes are taken to be: `fix` writes those that are `safe`, `fix --unsafe` those to be
    /// reviewed as well, and none writes those that are `manual`.
    pub safety: Option<Safety>,
}

/// How much a rule's findings matter, or that it is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Worth knowing.
    Info,
    /// Hurts some readers, or breaks on some day.
    Warning,
    /// Broken for readers or for the generator.
    Error,
}

impl Level {
    /// The severity; none if the rule is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

impl CommonOptions {
    /// Takes them out of the options of a rule.
    ///
    /// # Errors
    /// A value that is none; the message says which are.
    pub fn take(rule: &str, options: &mut toml::Table) -> Result<Self, SettingError> {
        let common = ["severity", "safety"].into_iter();
        let common = common.filter_map(|name| Some((name.to_owned(), options.remove(name)?)));
        from_options(rule, common.collect(), |common| toml::Value::Table(common).try_into())
    }
}

/// What is made of options. The one that is at fault is the first of which nothing can be made alone either.
fn from_options<T>(
    rule: &str,
    options: toml::Table,
    build: impl Fn(toml::Table) -> Result<T, toml::de::Error>,
) -> Result<T, SettingError> {
    build(options.clone()).map_err(|error| {
        let is_at_fault = |(name, value): &(String, toml::Value)| {
            build(toml::Table::from_iter([(name.clone(), value.clone())])).is_err()
        };
        let option = options.into_iter().find(is_at_fault).map(|(name, _)| name);
        SettingError { rule: rule.to_owned(), option, message: error.message().to_owned() }
    })
}

/// The rule about comments that do nothing.
const UNUSED_SUPPRESSION: &str = "unused-suppression";

/// The rules about a file as a whole. Whatever is selected, a file that was not checked or not mended
/// must not look clean.
pub const WHOLE_FILE: [&str; 4] = [EXCEEDED_LIMIT, "internal-error", "refused-fix", "undecodable-file"];

/// The rule about posts that cost more than they may.
pub const EXCEEDED_LIMIT: &str = "exceeded-limit";

/// An option of a rule that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    /// The rule's name, as the config writes it.
    pub rule: String,
    /// The option's name, if it is about one.
    pub option: Option<String>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule `{}`: {}", self.rule, self.message)
    }
}

impl RuleSet {
    /// The rules that `is_on` names, with the options of each (by rule name). Every option is
    /// checked, also of rules that are off.
    ///
    /// # Errors
    /// An option that the rule does not know, or options of a rule that does not exist.
    pub fn new(
        is_on: impl Fn(&RuleInfo) -> bool,
        options: &BTreeMap<String, toml::Table>,
    ) -> Result<Self, SettingError> {
        if let Some(unknown) = options.keys().find(|name| rule_info(name).is_none()) {
            let message = "there is no such rule".to_owned();
            return Err(SettingError { rule: unknown.clone(), option: None, message });
        }
        let mut rules = Vec::new();
        for info in ALL {
            let active = activate(info, options.get(info.name).cloned().unwrap_or_default())?;
            rules.extend(active.filter(|_| is_on(info)));
        }
        Ok(Self { rules, own: Vec::new(), limits: PostLimits::NONE, heeds_comments: true })
    }

    /// With limits to what a post may cost.
    pub fn with_limits(mut self, limits: PostLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Whatever comments of posts say, no rule is switched off.
    pub fn without_comments(mut self) -> Self {
        self.heeds_comments = false;
        self
    }

    /// How many comments of a post would switch rules off, and do not count.
    pub fn unheeded(&self, document: &Document<'_>) -> usize {
        if self.heeds_comments { 0 } else { document.directives.len() }
    }

    /// With rules of the site's own, each on or off.
    pub fn with_own(mut self, own: impl IntoIterator<Item = (SiteRule, bool)>) -> Self {
        for (rule, is_on) in own {
            self.own.push(rule.name);
            let (name, severity) = (rule.name, rule.severity);
            let active = || Active { name, severity, safety: None, rule: AnyRule::Own(Box::new(rule)) };
            self.rules.extend(is_on.then(active));
        }
        self
    }

    /// One rule of a site's own alone.
    pub(crate) fn of_own(rule: SiteRule) -> Self {
        Self { rules: Vec::new(), own: Vec::new(), limits: PostLimits::NONE, heeds_comments: true }
            .with_own([(rule, true)])
    }

    /// The rules that are on by default, without options.
    pub fn standard() -> Self {
        Self::new(|info| info.on_by_default, &BTreeMap::new()).expect("no options, no error")
    }

    /// What is wrong with the post, in the order of the text.
    pub fn check(&self, post: &Post<'_>) -> Vec<Finding> {
        self.check_whole(post).0
    }

    /// The same, and whether that is all.
    pub(crate) fn check_whole(&self, post: &Post<'_>) -> (Vec<Finding>, bool) {
        let mut findings = Findings::up_to(self.limits.findings);
        let mut exceeded = Vec::new();
        for active in &self.rules {
            let found = findings.of_rule(active.name, active.severity);
            match &active.rule {
                AnyRule::Post(rule) => rule.check(post, found),
                AnyRule::Own(rule) => {
                    let watch = Stopwatch::start(self.limits);
                    rule.check(post, found, &watch);
                    watch.has_run_out();
                    exceeded.extend(watch.is_over().then(|| watch.message(active.name)));
                }
                AnyRule::Site(_) => continue,
            }
            findings.take_fixes_for(active.safety);
        }
        let is_all = !findings.is_cut();
        if !is_all {
            exceeded.push(format!("more than {} findings; the others are left out", self.limits.findings));
        }
        let mut list = self.without_suppressed(findings.into_list(), post.document);
        list.iter_mut().for_each(|finding| spare_lookalike(post.document, finding));
        list.extend(exceeded.into_iter().map(|message| self.exceeded(message)));
        list.sort_by_key(|finding| finding.span);
        (list, is_all)
    }

    /// Leaves out what comments switch off, and tells of the comments that do nothing.
    fn without_suppressed(&self, list: Vec<Finding>, document: &Document<'_>) -> Vec<Finding> {
        if document.directives.is_empty() || !self.heeds_comments {
            return list;
        }
        let suppressions = Suppressions::of(document);
        let used = suppressions.used_for(&list);
        let mut list = suppressions.left_of(list);
        if let Some(severity) = self.severity(UNUSED_SUPPRESSION) {
            let mut findings = Findings::new();
            // What compares posts, or is off, may have found something.
            let is_judged = |name: &str| {
                let active = self.rules.iter().find(|active| active.name == name);
                match (name, active) {
                    ("", _) => Some(!self.compares_posts()),
                    (_, Some(active)) => Some(!matches!(active.rule, AnyRule::Site(_))),
                    _ => (rule_info(name).is_some() || self.own.contains(&name)).then_some(false),
                }
            };
            let found = findings.of_rule(UNUSED_SUPPRESSION, severity);
            suppressions.find_unused(document, &used, is_judged, found);
            list.extend(findings.into_list());
        }
        list
    }

    /// Whether some rule compares the posts of a site.
    pub fn compares_posts(&self) -> bool {
        self.rules.iter().any(|active| matches!(active.rule, AnyRule::Site(_)))
    }

    /// Whether some rule must know what all posts of the site say: see [`Site::learn`](crate::Site::learn).
    pub fn needs_usage(&self) -> bool {
        self.rules.iter().any(|active| matches!(&active.rule, AnyRule::Post(rule) if rule.needs_usage()))
    }

    /// What the post claims for itself alone, with the rule's name.
    pub fn claims(&self, home: &Home<'_>, text: &str, front: &Front<'_>) -> Vec<(&'static str, Claim)> {
        let Some(matter) = front.read_matter() else { return Vec::new() };
        let claims = self.rules.iter().filter_map(|active| match &active.rule {
            AnyRule::Site(rule) => Some((active.name, rule.claim(home, text, matter)?)),
            AnyRule::Post(_) | AnyRule::Own(_) => None,
        });
        claims.collect()
    }

    /// The finding that another post, at `other`, claims the same as this one.
    pub fn contested(&self, post: &Post<'_>, rule: &str, other: &str) -> Option<Finding> {
        let matter = post.document.front.matter.as_ref()?;
        let active = self.rules.iter().find(|active| active.name == rule)?;
        let AnyRule::Site(rule) = &active.rule else { return None };
        let claim = rule.claim(&post.home, post.document.text, matter)?;
        let mut findings = Findings::new();
        let finding =
            findings.of_rule(active.name, active.severity).add(claim.span, rule.message(&claim, other));
        finding.help(rule.help());
        let mut list = findings.into_list();
        if self.heeds_comments {
            list = Suppressions::of(post.document).left_of(list);
        }
        list.pop()
    }

    /// The severity of a rule that is on.
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.rules.iter().find(|active| active.name == rule).map(|active| active.severity)
    }

    /// A finding that says what a post exceeded, which nothing switches off.
    fn exceeded(&self, message: String) -> Finding {
        let severity = self.severity(EXCEEDED_LIMIT).unwrap_or(Severity::Error);
        let mut findings = Findings::new();
        findings.of_rule(EXCEEDED_LIMIT, severity).add(Span::point(0), message);
        findings.into_list().remove(0)
    }

    /// A finding of one of the [`WHOLE_FILE`] rules. `None` where that rule is off.
    pub fn whole_file(&self, rule: &'static str, message: String) -> Option<Finding> {
        let mut findings = Findings::new();
        findings.of_rule(rule, self.severity(rule)?).add(Span::point(0), message);
        findings.into_list().pop()
    }
}

/// How long one of the site's own rules looks at a post.
pub(crate) struct Stopwatch {
    limits: PostLimits,
    start: Duration,
    over: Cell<bool>,
}

impl Stopwatch {
    fn start(limits: PostLimits) -> Self {
        Self { limits, start: (limits.clock)(), over: Cell::new(false) }
    }

    /// Whether the time is over, once it was asked for.
    pub(crate) fn has_run_out(&self) -> bool {
        let used = (self.limits.clock)().saturating_sub(self.start);
        let has_run_out = used > self.limits.own_rule;
        self.over.set(self.over.get() || has_run_out);
        has_run_out
    }

    /// Notes that something was not looked at, as that could take too long.
    pub(crate) fn leave_out(&self) {
        self.over.set(true);
    }

    fn is_over(&self) -> bool {
        self.over.get()
    }

    fn message(&self, rule: &str) -> String {
        let seconds = self.limits.own_rule.as_secs_f32();
        format!(
            "`{rule}` did not look at all of the post: it was stopped after {seconds} s, or a passage is too long"
        )
    }
}

/// What only looks like front matter is mended by hand, and so is what touches it: one byte more or
/// less may make it another thing.
fn spare_lookalike(document: &Document<'_>, finding: &mut Finding) {
    let (None, Some(near)) = (&document.front.matter, &document.front.near) else { return };
    let Some(fix) = &mut finding.fix else { return };
    let touches = |edit: &Edit| edit.span.start <= near.span.end && near.span.start <= edit.span.end;
    if fix.edits.iter().any(touches) {
        fix.safety = Safety::Manual;
    }
}

/// A rule with its options; `None` if they switch it off.
fn activate(info: &RuleInfo, mut options: toml::Table) -> Result<Option<Active>, SettingError> {
    let CommonOptions { severity, safety } = CommonOptions::take(info.name, &mut options)?;
    let rule = from_options(info.name, options, info.constructor.build)?;
    let severity = severity.map_or(Some(info.severity), Level::severity);
    Ok(severity.map(|severity| Active { name: info.name, severity, safety, rule }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_option_that_cannot_be_used() {
        for (options, option) in [
            ("exept = [\"img\"]", "exept"),
            ("except = [\"img\", \"p >\"]", "except"),
            ("except = \"img\"", "except"),
            ("except = []\nseverity = \"warn\"", "severity"),
            ("safety = 1", "safety"),
        ] {
            let options = BTreeMap::from([("missing-alt".to_owned(), toml::from_str(options).unwrap())]);
            let error = RuleSet::new(|_| true, &options).err().unwrap();
            assert_eq!((error.rule.as_str(), error.option.as_deref()), ("missing-alt", Some(option)));
        }
        let unknown = BTreeMap::from([("no-such-rule".to_owned(), toml::Table::new())]);
        assert_eq!(RuleSet::new(|_| true, &unknown).err().unwrap().option, None);
    }
}
