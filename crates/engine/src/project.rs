//! A config with all that is made from it: the site, and the rules that are on for each of its posts.

use crate::clock;
use crate::config::{AllowedFiles, Config, Layers, SourcePosition, SourcedValue};
use crate::deep_model;
use crate::glob_limits::is_sane;
use crate::limits::Limits;
use crate::paths::{self, parent};
use crate::trouble::Trouble;
use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use postmend_core::Generator;
use postmend_rules::{
    ALL, CommonOptions, ExampleFailure, RuleInfo, RuleSet, SettingError, Severity, Site, SiteRule,
    WHOLE_FILE, nearest, rule_info,
};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What stands for several rules where they are named.
pub const GROUPS: [&str; 2] = ["default", "all"];

/// The overrides that a config may have; each post is held against all of them.
const MOST_OVERRIDES: usize = 1000;

/// The rules of its own that a config may have.
const MOST_RULES: usize = 200;

/// Which rules run, whatever configs say.
#[derive(Debug, Clone, Default)]
pub struct RuleSelection {
    /// The rules that run; those that the config names where this is empty.
    pub select: Vec<String>,
    /// Rules that do not run.
    pub ignore: Vec<String>,
    /// Whether likely misspellings are looked for, and with which model.
    pub deep: DeepModel,
    /// Whether comments of posts switch no rule off.
    pub no_comments: bool,
}

/// Whether likely misspellings are looked for, and with which model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DeepModel {
    /// Only where a config says so.
    #[default]
    Configured,
    /// With the model that the config names, or the user's own.
    Found,
    /// With the model in this file.
    File(PathBuf),
}

impl RuleSelection {
    /// All rules that are named.
    pub fn named(&self) -> impl Iterator<Item = &String> {
        self.select.iter().chain(&self.ignore)
    }
}

/// Who says which config holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Nobody: it was found where configs are looked for.
    Found,
    /// The command line.
    Named,
    /// The command line, and nothing of the tree: what it says of paths is meant from the top of the repository.
    NamedAlone,
}

/// A config with all that is made from it.
pub struct Project {
    layers: Layers,
    config: Config,
    /// The config's folder.
    pub root: PathBuf,
    /// The next config above it; set by whoever knows all.
    pub above: Option<PathBuf>,
    /// What the rules know of it.
    pub site: Arc<Site>,
    excluded: Gitignore,
    overrides: Vec<GlobSet>,
    /// The model that the config names.
    model: Option<PathBuf>,
    /// The site's own rules.
    pub own: Vec<SiteRule>,
    /// By which overrides apply.
    rule_sets: HashMap<Vec<usize>, Arc<RuleSet>>,
    limits: Limits,
}

/// Whether a rule runs, and who says so.
#[derive(Debug)]
pub struct Verdict {
    /// Whether it runs.
    pub is_on: bool,
    /// Who says so.
    pub by: By,
}

/// Who says whether a rule runs.
#[derive(Debug)]
pub enum By {
    /// Nobody: it is so by default.
    Default,
    /// Nobody can change it, but by ignoring the rule.
    Always,
    /// An argument.
    Argument(&'static str),
    /// A config.
    Config(SourcePosition),
}

impl Project {
    /// Reads a config; without one, what holds then.
    ///
    /// # Errors
    /// A config that cannot be used.
    pub fn new(path: Option<&Path>, trust: Trust, limits: Limits) -> Result<Self, Trouble> {
        let reach = AllowedFiles::of(path.unwrap_or(Path::new(".")), limits.config());
        let read = |path| Layers::read(path, &reach, trust != Trust::Found);
        let layers = path.map_or_else(|| Ok(Layers::none()), read)?;
        let config = layers.config()?;
        let name = path.map_or_else(|| "the config".to_owned(), |path| path.display().to_string());
        let wrong = |message: String| Trouble::new(format!("{name}: {message}"), "fix the config");
        let root = match (path, trust) {
            (Some(path), Trust::Found | Trust::Named) => paths::absolute(parent(path)),
            (None, _) => paths::absolute(Path::new(".")),
            (Some(_), Trust::NamedAlone) => paths::top(),
        };
        let globs_of = |one: &[String]| one.iter().any(|pattern| !is_sane(pattern.as_bytes()));
        let is_odd = globs_of(&config.exclude)
            || config.overrides.iter().any(|one| globs_of(&one.paths))
            || config.front_matter.schemas.iter().any(|one| globs_of(&one.paths));
        if is_odd || config.overrides.len() > MOST_OVERRIDES || config.rule.len() > MOST_RULES {
            return Err(wrong("too many or too long patterns, overrides or rules".to_owned()));
        }
        let mut options = config.site();
        options.dates.today.get_or_insert_with(clock::today);
        let place = |file: &str| path.and_then(Path::parent).unwrap_or(Path::new("")).join(file);
        let model = options.words.model.as_deref().map(|file| reach.place(&place(file))).transpose()?;
        for row in &mut options.front_matter.schemas {
            row.text = reach.text(&place(&row.schema))?;
        }
        if let Some(dictionary) = &options.words.dictionary {
            options.words.listed = reach.text(&place(dictionary))?;
        }
        let site = Arc::new(Site::new(&options).map_err(wrong)?);
        let mut excluded = GitignoreBuilder::new(&root);
        for pattern in &config.exclude {
            excluded.add_line(None, pattern).map_err(|error| wrong(error.to_string()))?;
        }
        let excluded = excluded.build().map_err(|error| wrong(error.to_string()))?;
        let overrides = config.overrides.iter().map(|one| globs(&one.paths));
        let overrides = overrides.collect::<Result<Vec<_>, _>>().map_err(|error| wrong(error.to_string()))?;
        let own = own_rules(&config, &layers)?;
        let (above, rule_sets) = Default::default();
        Ok(Self { layers, config, root, above, site, excluded, overrides, model, own, rule_sets, limits })
    }

    /// Whether a path, from the config's folder, is not read.
    pub fn excludes(&self, below: &Path) -> bool {
        self.excluded.matched_path_or_any_parents(below, false).is_ignore()
    }

    /// The overrides that apply to a path, from the config's folder.
    pub fn applying(&self, below: &Path) -> Vec<usize> {
        (0..self.overrides.len()).filter(|&index| self.overrides[index].is_match(below)).collect()
    }

    /// The generator that the config names where these overrides apply.
    pub fn generator(&self, applying: &[usize]) -> Option<Generator> {
        let overridden = applying.iter().rev().find_map(|&index| self.config.overrides[index].generator);
        overridden.or(self.config.generator)
    }

    /// Whether some rule must know what all posts of the site say.
    pub fn needs_usage(&self) -> bool {
        self.rule_sets.values().any(|rules| rules.needs_usage())
    }

    /// All files that say what holds here: configs, and what these name.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        let schemas = self.config.front_matter.schemas.iter().map(|row| row.schema.as_str());
        let named = self.config.words.dictionary.as_deref().into_iter().chain(schemas);
        let named = named.map(|file| self.root.join(file));
        self.layers.paths().map(Path::to_owned).chain(named).chain(self.model.clone())
    }

    /// The config's files.
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// The rules that are on where these overrides apply.
    ///
    /// # Errors
    /// A rule that does not exist, or an option that it does not have.
    pub fn rule_set(
        &mut self,
        applying: &[usize],
        selection: &RuleSelection,
    ) -> Result<Arc<RuleSet>, Trouble> {
        if let Some(rules) = self.rule_sets.get(applying) {
            return Ok(Arc::clone(rules));
        }
        let said = self.layers.overridden(applying);
        let config = self.layers.read_as_config(&said)?;
        self.names_are_known(&said)?;
        let named = match &selection.deep {
            DeepModel::File(path) => Some(path.as_path()),
            DeepModel::Found | DeepModel::Configured => None,
        };
        let model = deep_model::place(named, self.model.as_deref());
        let choice = RuleChoice { selection, said: &said, has_model: model.is_some() };
        let wrong = |error: SettingError| self.wrong_option(&said, &error);
        let mut options = config.rules;
        let own = self.own_rules(&choice, &mut options).map_err(wrong)?;
        let is_on = |card: &RuleInfo| choice.verdict(card.name, card.on_by_default).is_on;
        let rules = RuleSet::new(is_on, &options).map_err(wrong)?.with_own(own);
        let rules = rules.with_limits(self.limits.of_rules());
        let rules = if selection.no_comments { rules.without_comments() } else { rules };
        if rules.severity(deep_model::RULE).is_some() {
            self.site.ask(deep_model::open(model.as_deref())?);
        }
        let rules = Arc::new(rules);
        self.rule_sets.insert(applying.to_vec(), Arc::clone(&rules));
        Ok(rules)
    }

    /// The site's own rules, with what the options say of them, which are taken out.
    fn own_rules(
        &self,
        choice: &RuleChoice<'_>,
        options: &mut BTreeMap<String, toml::Table>,
    ) -> Result<Vec<(SiteRule, bool)>, SettingError> {
        let mut own = Vec::new();
        for rule in &self.own {
            let mut told = options.remove(rule.name).unwrap_or_default();
            let common = CommonOptions::take(rule.name, &mut told)?;
            if let Some(name) = told.keys().next() {
                let message = format!("unknown option `{name}`, expected `severity` or `safety`");
                let (rule, option) = (rule.name.to_owned(), Some(name.clone()));
                return Err(SettingError { rule, option, item: None, message });
            }
            own.push((rule.with(common), choice.verdict(rule.name, true).is_on));
        }
        Ok(own)
    }

    /// The troubles with examples of the site's own rules.
    pub fn failures(&self) -> Vec<Trouble> {
        let generator = self.config.generator.unwrap_or(Generator::None);
        let written = self.layers.said.at(["rule"]).map(SourcedValue::items).unwrap_or_default();
        let (mut troubles, start) = (Vec::new(), (self.limits.of_rules().clock)());
        for (rule, written) in self.own.iter().zip(written) {
            for ExampleFailure { is_valid, number, message } in
                rule.failures(&self.site, generator, self.limits.of_rules(), start)
            {
                let list = if is_valid { "valid" } else { "invalid" };
                let place = written.at([list]).and_then(|list| list.items().get(number)?.place.as_ref());
                let message = format!("rule `{}`, `{list}` example {}: {message}", rule.name, number + 1);
                troubles.push(
                    self.layers.trouble_at(place, Trouble::new(message, "fix the rule or the example")),
                );
            }
        }
        troubles
    }

    /// Whether each rule runs where these overrides apply, and who says so.
    pub fn verdicts(
        &self,
        said: &SourcedValue,
        selection: &RuleSelection,
    ) -> Vec<(&'static str, Severity, Verdict)> {
        let has_model = deep_model::place(None, self.model.as_deref()).is_some();
        let choice = RuleChoice { selection, said, has_model };
        let verdict = |card: &RuleInfo| choice.verdict(card.name, card.on_by_default);
        let own = self.own.iter().map(|rule| (rule.name, rule.severity, choice.verdict(rule.name, true)));
        ALL.iter().map(|card| (card.name, card.severity, verdict(card))).chain(own).collect()
    }

    /// The config's own file, as the user would write it.
    pub fn name(&self) -> String {
        self.layers.paths().last().map(|path| path.display().to_string()).unwrap_or_default()
    }

    /// Whether the site has a rule of its own of that name.
    pub fn has_own(&self, name: &str) -> bool {
        self.own.iter().any(|rule| rule.name == name)
    }

    /// That each rule that the config names exists.
    fn names_are_known(&self, said: &SourcedValue) -> Result<(), Trouble> {
        let lists =
            ["select", "ignore"].map(|key| said.at([key]).map(SourcedValue::items).unwrap_or_default());
        for item in lists.into_iter().flatten() {
            let name = item.text().unwrap_or_default();
            if !GROUPS.contains(&name) {
                known(name, &self.own)
                    .map_err(|trouble| self.layers.trouble_at(item.place.as_ref(), trouble))?;
            }
        }
        Ok(())
    }

    /// What is said of an option that a rule does not take, shown where it stands.
    fn wrong_option(&self, said: &SourcedValue, error: &SettingError) -> Trouble {
        let rule = said.at(["rules", &error.rule]);
        let option = error.option.as_deref().and_then(|name| rule?.at([name]));
        let item = error.item.and_then(|number| option?.items().get(number));
        let help = if rule_info(&error.rule).is_some() {
            format!("`postmend explain {}` lists its options", error.rule)
        } else if self.has_own(&error.rule) {
            "a custom rule takes only these here; its other keys belong in its `[[rule]]`".to_owned()
        } else {
            unknown_help(&error.rule, self.own.iter().map(|rule| rule.name))
        };
        let place = item.or(option).or(rule).and_then(|said| said.place.as_ref());
        self.layers.trouble_at(place, Trouble::new(error.to_string(), help))
    }
}

/// What decides whether a rule runs.
struct RuleChoice<'c> {
    selection: &'c RuleSelection,
    /// What the config says where some overrides apply.
    said: &'c SourcedValue,
    has_model: bool,
}

impl RuleChoice<'_> {
    fn verdict(&self, rule: &str, on_by_default: bool) -> Verdict {
        let no = |by| Verdict { is_on: false, by };
        if self.selection.ignore.iter().any(|name| name == rule) {
            return no(By::Argument("--ignore"));
        }
        if let Some(place) = self.names(self.said.at(["ignore"]), |name| name == rule) {
            return no(place);
        }
        let severity = self.said.at(["rules", rule, "severity"]);
        if let Some(SourcedValue { place: Some(place), .. }) =
            severity.filter(|one| one.text() == Some("off"))
        {
            return no(By::Config(place.clone()));
        }
        let yes = |by| Verdict { is_on: true, by };
        if WHOLE_FILE.contains(&rule) {
            return yes(By::Always);
        }
        if rule == deep_model::RULE && self.selection.deep != DeepModel::Configured {
            return yes(By::Argument("--deep"));
        }
        let is_meant = |name: &str| {
            name == rule
                || (name == "default" && on_by_default)
                // All that can run.
                || (name == "all" && (rule != deep_model::RULE || self.has_model))
        };
        if !self.selection.select.is_empty() {
            return Verdict {
                is_on: self.selection.select.iter().any(|name| is_meant(name)),
                by: By::Argument("--select"),
            };
        }
        let select = self.said.at(["select"]);
        match self.names(select, is_meant) {
            Some(by) => yes(by),
            None => no(select.and_then(|list| list.place.clone()).map_or(By::Default, By::Config)),
        }
    }

    /// Who says the first name of a list that is meant.
    fn names(&self, list: Option<&SourcedValue>, is_meant: impl Fn(&str) -> bool) -> Option<By> {
        let item = list?.items().iter().find(|item| item.text().is_some_and(&is_meant))?;
        Some(item.place.clone().map_or(By::Default, By::Config))
    }
}

/// The rules that a config brings along.
fn own_rules(config: &Config, layers: &Layers) -> Result<Vec<SiteRule>, Trouble> {
    let written = layers.said.at(["rule"]).map(SourcedValue::items).unwrap_or_default();
    let mut own: Vec<SiteRule> = Vec::new();
    for (options, written) in config.rule.iter().zip(written) {
        let wrong = |option: &str, message: String| {
            let place = written.at([option]).and_then(|value| value.place.as_ref());
            let message = format!("rule `{}`, `{option}`: {message}", options.name);
            layers.trouble_at(
                place,
                Trouble::new(message, "docs/own-rules.md in postmend's repository has examples of all kinds"),
            )
        };
        let rule = SiteRule::new(options).map_err(|error| wrong(error.option, error.message))?;
        if own.iter().any(|known| known.name == rule.name) {
            return Err(wrong("name", "another rule has that name".to_owned()));
        }
        own.push(rule);
    }
    Ok(own)
}

/// That there is a rule of this name, postmend's or one of these.
///
/// # Errors
/// There is none; the help offers the nearest name.
pub fn known<'n>(name: &str, own: impl IntoIterator<Item = &'n SiteRule>) -> Result<(), Trouble> {
    let own: Vec<&str> = own.into_iter().map(|rule| rule.name).collect();
    if rule_info(name).is_some() || own.contains(&name) {
        return Ok(());
    }
    Err(Trouble::new(format!("there is no rule `{name}`"), unknown_help(name, own)))
}

fn unknown_help<'n>(name: &str, own: impl IntoIterator<Item = &'n str>) -> String {
    nearest(name, ALL.iter().map(|card| card.name).chain(own))
        .map_or_else(|| "`postmend rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"))
}

fn globs(patterns: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern)?);
    }
    set.build()
}
