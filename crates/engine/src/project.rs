//! A config with everything that is built from it: the site, and the rules that are enabled for each of its posts.

use crate::clock;
use crate::config::{AllowedFiles, Config, Layers, SourcePosition, SourcedValue};
use crate::deep_model;
use crate::glob_limits::is_sane;
use crate::limits::Limits;
use crate::paths::{self, parent};
use crate::repository_files::RepositoryFiles;
use crate::site_layout::SiteLayout;
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

/// The names of groups of rules.
pub const GROUPS: [&str; 2] = ["default", "all"];

/// The maximum number of overrides in a config; each post is matched against all of them.
const MOST_OVERRIDES: usize = 1000;

/// The maximum number of own rules in a config.
const MOST_RULES: usize = 200;

/// The rules that the command line enables or disables, which override the configs.
#[derive(Debug, Clone, Default)]
pub struct RuleSelection {
    /// The rules to enable; if empty, those of the config.
    pub select: Vec<String>,
    /// The rules to disable.
    pub ignore: Vec<String>,
    /// Whether `likely-misspelling` runs, and with which model.
    pub deep: DeepModel,
    /// Whether comments in posts that disable rules are ignored.
    pub no_comments: bool,
}

impl RuleSelection {
    /// Whether the command line names rules, so that others do not run.
    pub fn is_limited(&self) -> bool {
        !self.select.is_empty() || !self.ignore.is_empty()
    }
}

/// Whether `likely-misspelling` runs, and with which model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DeepModel {
    /// Only if a config enables it.
    #[default]
    Configured,
    /// With the model in the config, or in the user's data folder.
    Found,
    /// With the model in this file.
    File(PathBuf),
}

impl RuleSelection {
    /// All rules that the selection names.
    pub fn named_rules(&self) -> impl Iterator<Item = &String> {
        self.select.iter().chain(&self.ignore)
    }
}

/// How far a config is trusted, which depends on who named it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It was found by searching the folders.
    Found,
    /// The command line named it.
    Named,
    /// The command line named it, and nothing in the tree is trusted: its paths are relative to the root of the
    /// repository.
    NamedAlone,
}

/// A config with everything that is built from it.
pub struct Project {
    layers: Layers,
    config: Config,
    /// The folder that paths in the config are relative to.
    pub root: PathBuf,
    /// The next config above this one; set by the caller, which knows all configs.
    pub above: Option<PathBuf>,
    /// The options and data of the site that the rules use.
    pub site: Arc<Site>,
    excluded: Gitignore,
    /// What the config names as content.
    content: Option<Arc<SiteLayout>>,
    overrides: Vec<GlobSet>,
    /// The path of the model in the config.
    model: Option<PathBuf>,
    /// The site's own rules.
    pub own: Vec<SiteRule>,
    /// The rules for each combination of overrides that apply.
    rule_sets: HashMap<Vec<usize>, Arc<RuleSet>>,
    /// Whether `all` means a rule that cannot run, as there is no model for it.
    pub lacks_model: bool,
    limits: Limits,
}

/// Whether a rule is enabled, and why.
#[derive(Debug)]
pub struct Verdict {
    /// Whether it is enabled.
    pub is_on: bool,
    /// What decides that.
    pub by: By,
}

/// What decides whether a rule is enabled.
#[derive(Debug)]
pub enum By {
    /// The default.
    Default,
    /// The rule is always enabled, unless it is ignored.
    Always,
    /// A command line argument.
    Argument(&'static str),
    /// A value in a config.
    Config(SourcePosition),
}

impl Project {
    /// Reads a config, or uses the defaults if there is none.
    ///
    /// # Errors
    /// The config cannot be used.
    pub fn new(
        path: Option<&Path>,
        trust: Trust,
        limits: Limits,
        files: &RepositoryFiles,
    ) -> Result<Self, Trouble> {
        let reach = AllowedFiles::of(path.unwrap_or(Path::new(".")), limits.config(), files);
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
        let globs_of = |globs: &[String]| globs.iter().any(|pattern| !is_sane(pattern.as_bytes()));
        let is_odd = globs_of(&config.exclude)
            || config.overrides.iter().any(|over| globs_of(&over.paths))
            || config.front_matter.schemas.iter().any(|schema| globs_of(&schema.paths));
        if is_odd || config.overrides.len() > MOST_OVERRIDES || config.rule.len() > MOST_RULES {
            return Err(wrong("too many or too long patterns, overrides or rules".to_owned()));
        }
        let mut options = config.site();
        options.dates.today.get_or_insert_with(clock::today);
        let path_of = |file: &str| path.and_then(Path::parent).unwrap_or(Path::new("")).join(file);
        let model = options.words.model.as_deref().map(|file| reach.resolve(&path_of(file))).transpose()?;
        for row in &mut options.front_matter.schemas {
            row.text = reach.text(&path_of(&row.schema))?;
        }
        if let Some(dictionary) = &options.words.dictionary {
            options.words.listed = reach.text(&path_of(dictionary))?;
        }
        let site = Arc::new(Site::new(&options).map_err(&wrong)?);
        let mut excluded = GitignoreBuilder::new(&root);
        for pattern in &config.exclude {
            excluded.add_line(None, pattern).map_err(|error| wrong(error.to_string()))?;
        }
        let excluded = excluded.build().map_err(|error| wrong(error.to_string()))?;
        let content = content_of(&config, &root).map_err(&wrong)?;
        let overrides = overrides_of(&config).map_err(&wrong)?;
        let own = own_rules(&config, &layers)?;
        let (above, rule_sets, lacks_model) = Default::default();
        Ok(Self {
            layers,
            config,
            root,
            above,
            site,
            excluded,
            content,
            overrides,
            model,
            own,
            rule_sets,
            lacks_model,
            limits,
        })
    }

    /// Whether a path, relative to the config's folder, is excluded.
    pub fn excludes(&self, below: &Path) -> bool {
        self.excluded.matched_path_or_any_parents(below, false).is_ignore()
    }

    /// The layout of the site that the config names, if it names any content.
    pub fn content(&self) -> Option<Arc<SiteLayout>> {
        self.content.clone()
    }

    /// The indexes of the overrides that apply to a path, relative to the config's folder.
    pub fn applying(&self, below: &Path) -> Vec<usize> {
        (0..self.overrides.len()).filter(|&index| self.overrides[index].is_match(below)).collect()
    }

    /// The generator in the config where these overrides apply.
    pub fn generator(&self, applying: &[usize]) -> Option<Generator> {
        let overridden = applying.iter().rev().find_map(|&index| self.config.overrides[index].generator);
        overridden.or(self.config.generator)
    }

    /// Whether posts of this project were found.
    pub fn has_posts(&self) -> bool {
        !self.rule_sets.is_empty()
    }

    /// Whether a rule is on for any of the posts found.
    pub fn has_rule(&self, name: &str) -> bool {
        self.rule_sets.values().any(|rules| rules.severity(name).is_some())
    }

    /// Whether a rule needs data from all posts of the site.
    pub fn needs_usage(&self) -> bool {
        self.rule_sets.values().any(|rules| rules.needs_usage())
    }

    /// All files that this project depends on: configs, and the files that these name.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        let schemas = self.config.front_matter.schemas.iter().map(|row| row.schema.as_str());
        let named = self.config.words.dictionary.as_deref().into_iter().chain(schemas);
        let named = named.map(|file| self.root.join(file));
        self.layers.paths().map(Path::to_owned).chain(named).chain(self.model.clone())
    }

    /// The files of the config, and their merged values.
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// The rules that are enabled where these overrides apply.
    ///
    /// # Errors
    /// A rule does not exist, or has no such option, or a model is needed and cannot be used.
    pub fn rule_set(
        &mut self,
        applying: &[usize],
        selection: &RuleSelection,
    ) -> Result<Arc<RuleSet>, Trouble> {
        if let Some(rules) = self.rule_sets.get(applying) {
            return Ok(Arc::clone(rules));
        }
        let settings = self.layers.overridden(applying);
        let config = self.layers.read_as_config(&settings)?;
        self.names_are_known(&settings)?;
        let named = match &selection.deep {
            DeepModel::File(path) => Some(path.as_path()),
            DeepModel::Found | DeepModel::Configured => None,
        };
        let model = deep_model::path_to_use(named, self.model.as_deref());
        let choice = RuleChoice { selection, settings: &settings, has_model: model.is_some() };
        let wrong = |error: SettingError| self.wrong_option(&settings, &error);
        let mut options = config.rules;
        let own = self.own_rules(&choice, &mut options).map_err(wrong)?;
        let is_on = |info: &RuleInfo| choice.verdict(info.name, info.on_by_default).is_on;
        let rules = RuleSet::new(is_on, &options).map_err(wrong)?.with_own(own);
        let rules = rules.with_limits(self.limits.of_rules());
        let rules = if selection.no_comments { rules.without_comments() } else { rules };
        let with_model = RuleChoice { has_model: true, ..choice };
        self.lacks_model |= model.is_none() && with_model.verdict(deep_model::RULE, false).is_on;
        if rules.severity(deep_model::RULE).is_some() {
            self.site.set_deep_model(deep_model::open(model.as_deref())?);
        }
        let rules = Arc::new(rules);
        self.rule_sets.insert(applying.to_vec(), Arc::clone(&rules));
        Ok(rules)
    }

    /// The site's own rules with their options, which are removed from `options`.
    fn own_rules(
        &self,
        choice: &RuleChoice<'_>,
        options: &mut BTreeMap<String, toml::Table>,
    ) -> Result<Vec<(SiteRule, bool)>, SettingError> {
        let mut own = Vec::new();
        for rule in &self.own {
            let mut rule_options = options.remove(rule.name).unwrap_or_default();
            let common = CommonOptions::take(rule.name, &mut rule_options)?;
            if let Some(name) = rule_options.keys().next() {
                let message = format!("unknown option `{name}`, expected `severity` or `safety`");
                let (rule, option) = (rule.name.to_owned(), Some(name.clone()));
                return Err(SettingError { rule, option, item: None, message });
            }
            own.push((rule.with(common), choice.verdict(rule.name, true).is_on));
        }
        Ok(own)
    }

    /// A trouble for each example of the site's own rules that fails.
    pub fn failures(&self) -> Vec<Trouble> {
        let generator = self.config.generator.unwrap_or(Generator::None);
        let written = self.layers.settings.at(["rule"]).map(SourcedValue::items).unwrap_or_default();
        let (mut troubles, start) = (Vec::new(), (self.limits.of_rules().clock)());
        for (rule, written) in self.own.iter().zip(written) {
            for ExampleFailure { is_valid, number, message } in
                rule.failures(&self.site, generator, self.limits.of_rules(), start)
            {
                let list = if is_valid { "valid" } else { "invalid" };
                let position =
                    written.at([list]).and_then(|list| list.items().get(number)?.position.as_ref());
                let message = format!("rule `{}`, `{list}` example {}: {message}", rule.name, number + 1);
                troubles.push(
                    self.layers.trouble_at(position, Trouble::new(message, "fix the rule or the example")),
                );
            }
        }
        troubles
    }

    /// For each rule, its severity, and whether and why it is enabled where these overrides apply.
    pub fn verdicts(
        &self,
        settings: &SourcedValue,
        selection: &RuleSelection,
    ) -> Vec<(&'static str, Severity, Verdict)> {
        let has_model = deep_model::path_to_use(None, self.model.as_deref()).is_some();
        let choice = RuleChoice { selection, settings, has_model };
        let verdict = |info: &RuleInfo| choice.verdict(info.name, info.on_by_default);
        let own = self.own.iter().map(|rule| (rule.name, rule.severity, choice.verdict(rule.name, true)));
        ALL.iter().map(|info| (info.name, info.severity, verdict(info))).chain(own).collect()
    }

    /// The path of the config, as the user would write it.
    pub fn name(&self) -> String {
        self.layers.paths().last().map(|path| path.display().to_string()).unwrap_or_default()
    }

    /// Whether the site has its own rule with this name.
    pub fn has_own(&self, name: &str) -> bool {
        self.own.iter().any(|rule| rule.name == name)
    }

    /// Checks that each rule in the config exists.
    fn names_are_known(&self, settings: &SourcedValue) -> Result<(), Trouble> {
        let lists =
            ["select", "ignore"].map(|key| settings.at([key]).map(SourcedValue::items).unwrap_or_default());
        for item in lists.into_iter().flatten() {
            let name = item.text().unwrap_or_default();
            if !GROUPS.contains(&name) {
                check_rule_exists(name, &self.own)
                    .map_err(|trouble| self.layers.trouble_at(item.position.as_ref(), trouble))?;
            }
        }
        Ok(())
    }

    /// The trouble for an invalid option of a rule, shown at its position.
    fn wrong_option(&self, settings: &SourcedValue, error: &SettingError) -> Trouble {
        let rule = settings.at(["rules", &error.rule]);
        let option = error.option.as_deref().and_then(|name| rule?.at([name]));
        let item = error.item.and_then(|number| option?.items().get(number));
        let help = if rule_info(&error.rule).is_some() {
            format!("`postmend explain {}` lists its options", error.rule)
        } else if self.has_own(&error.rule) {
            "a custom rule takes only these here; its other keys belong in its `[[rule]]`".to_owned()
        } else {
            unknown_help(&error.rule, self.own.iter().map(|rule| rule.name))
        };
        let position = item.or(option).or(rule).and_then(|value| value.position.as_ref());
        self.layers.trouble_at(position, Trouble::new(error.to_string(), help))
    }
}

/// The patterns of the overrides.
fn overrides_of(config: &Config) -> Result<Vec<GlobSet>, String> {
    let overrides = config.overrides.iter().map(|over| globs(&over.paths));
    overrides.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// The inputs that decide whether a rule is enabled.
struct RuleChoice<'c> {
    selection: &'c RuleSelection,
    /// The values of the config where some overrides apply.
    settings: &'c SourcedValue,
    has_model: bool,
}

impl RuleChoice<'_> {
    fn verdict(&self, rule: &str, on_by_default: bool) -> Verdict {
        let no = |by| Verdict { is_on: false, by };
        if self.selection.ignore.iter().any(|name| name == rule) {
            return no(By::Argument("--ignore"));
        }
        if let Some(by) = self.names(self.settings.at(["ignore"]), |name| name == rule) {
            return no(by);
        }
        let severity = self.settings.at(["rules", rule, "severity"]);
        if let Some(SourcedValue { position: Some(position), .. }) =
            severity.filter(|value| value.text() == Some("off"))
        {
            return no(By::Config(position.clone()));
        }
        let yes = |by| Verdict { is_on: true, by };
        if WHOLE_FILE.contains(&rule) {
            return yes(By::Always);
        }
        if rule == deep_model::RULE && self.selection.deep != DeepModel::Configured {
            return yes(By::Argument("--deep"));
        }
        let names_rule = |name: &str| {
            name == rule
                || (name == "default" && on_by_default)
                // `all` means all rules that can run.
                || (name == "all" && (rule != deep_model::RULE || self.has_model))
        };
        if !self.selection.select.is_empty() {
            return Verdict {
                is_on: self.selection.select.iter().any(|name| names_rule(name)),
                by: By::Argument("--select"),
            };
        }
        let select = self.settings.at(["select"]);
        match self.names(select, names_rule) {
            Some(by) => yes(by),
            None => no(select.and_then(|list| list.position.clone()).map_or(By::Default, By::Config)),
        }
    }

    /// The source of the first name in a list that matches.
    fn names(&self, list: Option<&SourcedValue>, matches: impl Fn(&str) -> bool) -> Option<By> {
        let item = list?.items().iter().find(|item| item.text().is_some_and(&matches))?;
        Some(item.position.clone().map_or(By::Default, By::Config))
    }
}

/// The site's own rules in a config.
fn own_rules(config: &Config, layers: &Layers) -> Result<Vec<SiteRule>, Trouble> {
    let written = layers.settings.at(["rule"]).map(SourcedValue::items).unwrap_or_default();
    let mut own: Vec<SiteRule> = Vec::new();
    for (options, written) in config.rule.iter().zip(written) {
        let wrong = |option: &str, message: String| {
            let position = written.at([option]).and_then(|value| value.position.as_ref());
            let message = format!("rule `{}`, `{option}`: {message}", options.name);
            layers.trouble_at(
                position,
                Trouble::new(message, "docs/own-rules.md in postmend's repository has examples of all kinds"),
            )
        };
        let rule = SiteRule::new(options).map_err(|error| wrong(error.option, error.message))?;
        if own.iter().any(|earlier| earlier.name == rule.name) {
            return Err(wrong("name", "another rule has that name".to_owned()));
        }
        own.push(rule);
    }
    Ok(own)
}

/// Checks that there is a rule with this name, either postmend's or one of `own`.
///
/// # Errors
/// There is none; the help suggests the most similar name.
pub fn check_rule_exists<'n>(name: &str, own: impl IntoIterator<Item = &'n SiteRule>) -> Result<(), Trouble> {
    let own: Vec<&str> = own.into_iter().map(|rule| rule.name).collect();
    if rule_info(name).is_some() || own.contains(&name) {
        return Ok(());
    }
    Err(Trouble::new(format!("there is no rule `{name}`"), unknown_help(name, own)))
}

fn unknown_help<'n>(name: &str, own: impl IntoIterator<Item = &'n str>) -> String {
    nearest(name, ALL.iter().map(|info| info.name).chain(own))
        .map_or_else(|| "`postmend rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"))
}

fn globs(patterns: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern)?);
    }
    set.build()
}

/// The layout that the config names.
fn content_of(config: &Config, root: &Path) -> Result<Option<Arc<SiteLayout>>, String> {
    if config.content.is_empty() {
        return Ok(None);
    }
    let layout = SiteLayout::of_folders(&config.content)?;
    if let Some(missing) = config.content.iter().find(|folder| !root.join(folder).exists()) {
        return Err(format!("`content` names {missing}, which does not exist"));
    }
    Ok(Some(Arc::new(layout)))
}
