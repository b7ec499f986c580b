//! The rules that are on, and checking posts with them.

use crate::finding::{Finding, Findings, Safety, Severity};
use crate::limits::{EXCEEDED_LIMIT, PostLimits, Stopwatch};
use crate::options::{CommonOptions, Level, SettingError, from_options};
use crate::post::Post;
use crate::post_context::PostContext;
use crate::rule::{AnyRule, RuleInfo};
use crate::rules::{ALL, rule_info};
use crate::site_rule::SiteRule;
use crate::suppress::{Suppressions, merge_overlaps};
use crate::uniqueness::Claim;
use postmend_core::front::Front;
use postmend_core::{Document, Edit, Span};
use std::collections::BTreeMap;

/// The rules that are on, each with its options.
pub struct RuleSet {
    rules: Vec<Active>,
    /// The names of the site's own rules, on or off.
    own: Vec<&'static str>,
    limits: PostLimits,
    /// Whether comments in posts can switch rules off.
    heeds_comments: bool,
}

/// A rule that is on.
struct Active {
    name: &'static str,
    severity: Severity,
    /// The safety that the config sets for its fixes, if any.
    safety: Option<Safety>,
    rule: ActiveRule,
}

impl Active {
    /// Whether it compares the posts of a site.
    fn compares_posts(&self) -> bool {
        matches!(self.rule, ActiveRule::Listed(AnyRule::CrossPost(_)))
    }

    /// The rules that it leaves a place to if they report it.
    fn yields_to(&self) -> &'static [&'static str] {
        match &self.rule {
            ActiveRule::Listed(AnyRule::Post(rule)) => rule.yields_to(),
            ActiveRule::Listed(AnyRule::CrossPost(_)) | ActiveRule::Own(_) => &[],
        }
    }
}

/// Where a rule comes from.
enum ActiveRule {
    /// A built-in rule.
    Listed(AnyRule),
    /// One of the site's own rules, which is stopped if it takes too long.
    Own(Box<SiteRule>),
}

/// The rule about suppression comments that have no effect.
const UNUSED_SUPPRESSION: &str = "unused-suppression";

/// The rules about a file as a whole. They run no matter which rules are selected: a file that was not checked
/// or not fixed must not look clean.
pub const WHOLE_FILE: [&str; 4] = [EXCEEDED_LIMIT, "internal-error", REFUSED_FIX, "undecodable-file"];

/// The rule that names refused fixes.
pub const REFUSED_FIX: &str = "refused-fix";

impl RuleSet {
    /// The rules that `is_on` accepts, with the options of each (by rule name). All options are validated, also
    /// those of rules that are off.
    ///
    /// # Errors
    /// A rule does not know an option, or a rule with options does not exist.
    pub fn new(
        is_on: impl Fn(&RuleInfo) -> bool,
        options: &BTreeMap<String, toml::Table>,
    ) -> Result<Self, SettingError> {
        if let Some(unknown) = options.keys().find(|name| rule_info(name).is_none()) {
            let message = "unknown rule".to_owned();
            return Err(SettingError { rule: unknown.clone(), option: None, item: None, message });
        }
        let mut rules = Vec::new();
        for info in ALL {
            let active = activate(info, options.get(info.name).cloned().unwrap_or_default())?;
            rules.extend(active.filter(|_| is_on(info)));
        }
        Ok(Self { rules, own: Vec::new(), limits: PostLimits::NONE, heeds_comments: true })
    }

    /// Sets limits on the cost of checking a post.
    pub fn with_limits(mut self, limits: PostLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Ignores comments in posts, so that they switch no rule off.
    pub fn without_comments(mut self) -> Self {
        self.heeds_comments = false;
        self
    }

    /// Whether comments in posts can switch rules off.
    pub fn heeds_comments(&self) -> bool {
        self.heeds_comments
    }

    /// The number of suppression comments in a post that are ignored.
    pub fn ignored_directives(&self, document: &Document<'_>) -> usize {
        if self.heeds_comments { 0 } else { document.directives.len() }
    }

    /// Adds rules of the site's own, each on or off.
    pub fn with_own(mut self, own: impl IntoIterator<Item = (SiteRule, bool)>) -> Self {
        for (rule, is_on) in own {
            self.own.push(rule.name);
            let (name, severity) = (rule.name, rule.severity);
            let active = || Active { name, severity, safety: None, rule: ActiveRule::Own(Box::new(rule)) };
            self.rules.extend(is_on.then(active));
        }
        self
    }

    /// A set with just one of a site's own rules.
    pub(crate) fn of_own(rule: SiteRule) -> Self {
        Self { rules: Vec::new(), own: Vec::new(), limits: PostLimits::NONE, heeds_comments: true }
            .with_own([(rule, true)])
    }

    /// The rules that are on by default, with default options.
    pub fn standard() -> Self {
        Self::new(|info| info.on_by_default, &BTreeMap::new()).expect("no options, no error")
    }

    /// The problems of the post, in text order.
    pub fn check(&self, post: &Post<'_>) -> Vec<Finding> {
        self.check_whole(post).0
    }

    /// The same, and whether all findings are included.
    pub(crate) fn check_whole(&self, post: &Post<'_>) -> (Vec<Finding>, bool) {
        let mut findings = Findings::with_limit(self.limits.findings);
        let mut exceeded = Vec::new();
        for active in &self.rules {
            let found = findings.of_rule(active.name, active.severity);
            match &active.rule {
                ActiveRule::Listed(AnyRule::Post(rule)) => rule.check(post, found),
                ActiveRule::Own(rule) => {
                    let watch = Stopwatch::start(self.limits);
                    rule.check(post, found, &watch);
                    watch.has_run_out();
                    exceeded.extend(watch.is_over().then(|| watch.message(active.name)));
                }
                ActiveRule::Listed(AnyRule::CrossPost(_)) => continue,
            }
            findings.take_fixes_for(active.safety);
        }
        let is_all = !findings.is_cut();
        if !is_all {
            exceeded
                .push(format!("more than {} findings; the others are not reported", self.limits.findings));
        }
        let mut list = self.without_suppressed(findings.into_list(), post.document);
        self.leave_to_others(&mut list);
        list.iter_mut().for_each(|finding| require_manual_fix(post.document, finding));
        list.extend(exceeded.into_iter().map(|message| self.exceeded(message)));
        list.sort_by_key(|finding| finding.span);
        (list, is_all)
    }

    /// Removes the findings that comments suppress, and reports the comments that have no effect.
    fn without_suppressed(&self, list: Vec<Finding>, document: &Document<'_>) -> Vec<Finding> {
        if document.directives.is_empty() || !self.heeds_comments {
            return list;
        }
        let suppressions = Suppressions::of(document);
        let used = suppressions.directives_used_for(&list);
        let mut list = suppressions.unsuppressed(list);
        if let Some(severity) = self.severity(UNUSED_SUPPRESSION) {
            let mut findings = Findings::new();
            // A rule that compares posts, or is off, may have found something.
            let is_judged = |name: &str| {
                let active = self.rules.iter().find(|active| active.name == name);
                match (name, active) {
                    ("", _) => self.has_defaults().then(|| !self.compares_posts()),
                    (_, Some(active)) => Some(!active.compares_posts()),
                    _ => (rule_info(name).is_some() || self.own.contains(&name)).then_some(false),
                }
            };
            let found = findings.of_rule(UNUSED_SUPPRESSION, severity);
            suppressions.find_unused(document, &used, is_judged, found);
            list.extend(findings.into_list());
        }
        list
    }

    /// Removes the findings whose place a rule reports to which theirs yields.
    fn leave_to_others(&self, list: &mut Vec<Finding>) {
        for active in &self.rules {
            let others = active.yields_to();
            let is_own = |finding: &Finding| finding.rule == active.name;
            if others.is_empty() || !list.iter().any(is_own) {
                continue;
            }
            let reported = list.iter().filter(|finding| others.contains(&finding.rule));
            let reported = merge_overlaps(reported.map(|finding| finding.span).collect());
            let is_reported = |place: Span| {
                let next = reported.partition_point(|span| span.end <= place.start);
                reported.get(next).is_some_and(|span| span.overlaps(place))
            };
            list.retain(|finding| !is_own(finding) || !changed_spans(finding).into_iter().any(is_reported));
        }
    }

    /// Whether a rule leaves a place to another one that reports it.
    pub(crate) fn yields(&self, rule: &str, to: &str) -> bool {
        self.rules.iter().any(|active| active.name == rule && active.yields_to().contains(&to))
    }

    /// Whether all rules are on that are so by default, and find something in a single post.
    fn has_defaults(&self) -> bool {
        let mut defaults = ALL.iter().filter(|info| info.on_by_default);
        defaults.all(|info| info.compares_posts() || self.severity(info.name).is_some())
    }

    /// Whether any rule compares the posts of a site.
    pub fn compares_posts(&self) -> bool {
        self.rules.iter().any(Active::compares_posts)
    }

    /// Whether any rule needs to know the usage of all posts of the site: see
    /// [`Site::learn`](crate::Site::learn).
    pub fn needs_usage(&self) -> bool {
        let needs = |active: &Active| matches!(&active.rule, ActiveRule::Listed(AnyRule::Post(rule)) if rule.needs_usage());
        self.rules.iter().any(needs)
    }

    /// The values that only this post may have, each with the rule's name.
    pub fn claims(
        &self,
        context: &PostContext<'_>,
        text: &str,
        front: &Front<'_>,
    ) -> Vec<(&'static str, Claim)> {
        let Some(matter) = front.read_matter() else { return Vec::new() };
        let claims = self.rules.iter().filter_map(|active| match &active.rule {
            ActiveRule::Listed(AnyRule::CrossPost(rule)) => {
                Some((active.name, rule.claim(context, text, matter)?))
            }
            ActiveRule::Listed(AnyRule::Post(_)) | ActiveRule::Own(_) => None,
        });
        claims.collect()
    }

    /// The finding that another post, at path `other`, claims the same value as this one.
    pub fn contested(&self, post: &Post<'_>, rule: &str, other: &str) -> Option<Finding> {
        let matter = post.document.front.matter.as_ref()?;
        let active = self.rules.iter().find(|active| active.name == rule)?;
        let ActiveRule::Listed(AnyRule::CrossPost(rule)) = &active.rule else { return None };
        let claim = rule.claim(&post.context, post.document.text, matter)?;
        let mut findings = Findings::new();
        let finding =
            findings.of_rule(active.name, active.severity).add(claim.span, rule.message(&claim, other));
        finding.help(rule.help());
        let mut list = findings.into_list();
        if self.heeds_comments {
            list = Suppressions::of(post.document).unsuppressed(list);
        }
        list.pop()
    }

    /// The severity of a rule; `None` if the rule is off.
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.rules.iter().find(|active| active.name == rule).map(|active| active.severity)
    }

    /// The finding about an exceeded limit, which no comment suppresses.
    fn exceeded(&self, message: String) -> Finding {
        let severity = self.severity(EXCEEDED_LIMIT).unwrap_or(Severity::Error);
        let mut findings = Findings::new();
        findings.of_rule(EXCEEDED_LIMIT, severity).add(Span::point(0), message);
        findings.into_list().remove(0)
    }

    /// What is reported about a fix that was refused; `None` if that rule is off. The examples of a site's own rule show
    /// it although no other rule is on.
    pub(crate) fn refused_fix(&self, of: &Finding, reason: &str) -> Option<Finding> {
        let is_own = |active: &Active| matches!(active.rule, ActiveRule::Own(_));
        let of_own = self.rules.iter().all(is_own).then_some(Severity::Error);
        let title = of.fix.as_ref().map_or("", |fix| &fix.title);
        let mut findings = Findings::new();
        findings
            .of_rule(REFUSED_FIX, self.severity(REFUSED_FIX).or(of_own)?)
            .add(of.span, format!("the fix of `{}` was not applied: {reason}", of.rule))
            .help(format!("to fix it by hand: {title}"));
        findings.into_list().pop()
    }

    /// A finding of one of the [`WHOLE_FILE`] rules; `None` if that rule is off.
    pub fn whole_file(&self, rule: &'static str, message: String) -> Option<Finding> {
        let mut findings = Findings::new();
        findings.of_rule(rule, self.severity(rule)?).add(Span::point(0), message);
        findings.into_list().pop()
    }
}

/// The spans that the fix of a finding changes, or its own span if there is none.
fn changed_spans(finding: &Finding) -> Vec<Span> {
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let spans: Vec<Span> = edits.map(|edit| edit.span).filter(|span| !span.is_empty()).collect();
    if spans.is_empty() { vec![finding.span] } else { spans }
}

/// Text that only looks like front matter has to be fixed by hand, and so has anything that touches it: one
/// byte more or less may turn it into something else.
fn require_manual_fix(document: &Document<'_>, finding: &mut Finding) {
    let (None, Some(near)) = (&document.front.matter, &document.front.near) else { return };
    let Some(fix) = &mut finding.fix else { return };
    let touches = |edit: &Edit| edit.span.start <= near.span.end && near.span.start <= edit.span.end;
    if fix.edits.iter().any(touches) {
        fix.safety = Safety::Manual;
    }
}

/// Builds a rule with its options; `None` if they switch it off.
fn activate(info: &RuleInfo, mut options: toml::Table) -> Result<Option<Active>, SettingError> {
    let CommonOptions { severity, safety } = CommonOptions::take(info.name, &mut options)?;
    let rule = from_options(info.name, options, info.constructor.build)?;
    let severity = severity.map_or(Some(info.severity), Level::severity);
    Ok(severity.map(|severity| Active { name: info.name, severity, safety, rule: ActiveRule::Listed(rule) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::{Site, SiteOptions};
    use postmend_core::Generator;

    /// A phrase at odds with the rest whose mistake is on a list, too.
    const BOTH: &str = "学校开工建设。公园开工建设。道路开个建设。";

    fn found(rules: &[&str], text: &str) -> Vec<&'static str> {
        let site = Site::new(&SiteOptions::default()).unwrap();
        let context = PostContext::of(&site, "a.md", Generator::None).unwrap();
        let document = context.read(text);
        let rules = RuleSet::new(|info| rules.contains(&info.name), &BTreeMap::new()).unwrap();
        rules.check(&Post::new(&document, context)).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn one_place_is_reported_by_the_rule_that_is_on() {
        const RULES: [&str; 3] = ["inconsistent-wording", "misspelling", UNUSED_SUPPRESSION];
        assert_eq!(found(&RULES, BOTH), ["misspelling"]);
        assert_eq!(found(&RULES[..1], BOTH), ["inconsistent-wording"]);
        let off = |names: &str| format!("{BOTH} <!-- postmend-disable-line {names} -->\n");
        assert_eq!(found(&RULES, &off("misspelling")), ["inconsistent-wording"]);
        assert_eq!(found(&RULES, &off("inconsistent-wording, misspelling")), [""; 0]);
        assert_eq!(found(&RULES, &off("inconsistent-wording")), ["misspelling"]);
        let apart = "一期有三所学校项目施工，二期公园项目施工，三期道路工程项目实工，编缉很好。";
        assert_eq!(found(&RULES[..2], apart), ["inconsistent-wording", "misspelling"]);
    }

    #[test]
    fn names_the_option_that_cannot_be_used() {
        for (options, option, item) in [
            ("exept = [\"img\"]", "exept", None),
            ("except = [\"img\", \"p >\"]", "except", Some(1)),
            ("except = \"img\"", "except", None),
            ("except = []\nseverity = \"warn\"", "severity", None),
            ("safety = 1", "safety", None),
        ] {
            let options = BTreeMap::from([("missing-alt".to_owned(), toml::from_str(options).unwrap())]);
            let error = RuleSet::new(|_| true, &options).err().unwrap();
            assert_eq!((error.rule.as_str(), error.option.as_deref()), ("missing-alt", Some(option)));
            assert_eq!(error.item, item);
        }
        let unknown = BTreeMap::from([("no-such-rule".to_owned(), toml::Table::new())]);
        assert_eq!(RuleSet::new(|_| true, &unknown).err().unwrap().option, None);
    }
}
