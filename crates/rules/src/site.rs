//! What the rules know about a site as a whole: its words, proxies, dates and schemas.

use crate::proxy::{Proxies, UrlTemplate};
use crate::schema::{Schema, Schemas};
use globset::{Glob, GlobSetBuilder};
use postmend_core::date::{Date, TimeZone, Zones};
use postmend_core::{FieldRole, Generator, Roles};
use postmend_typo::{Deep, Usage, Words};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A site's own words, proxies, dates and front matter, as its config describes them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SiteOptions {
    /// Words that are correct or wrong on this site.
    pub words: WordOptions,
    /// The site's own image proxies.
    pub proxies: ProxyOptions,
    /// How dates are read.
    pub dates: DateOptions,
    /// The roles of front matter fields, and schemas for them.
    pub front_matter: FrontMatterOptions,
}

/// `[words]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct WordOptions {
    /// Words that are correct on this site, even if the built-in lists say otherwise.
    pub allow: Vec<String>,
    /// Wrong words and their corrections.
    pub replace: BTreeMap<String, String>,
    /// The model file that `likely-misspelling` uses, relative to the config's folder.
    pub model: Option<String>,
    /// A file with more of both, relative to the config's folder: each line is a correct word or
    /// `wrong->right`; `#` starts a comment.
    pub dictionary: Option<String>,
    /// The contents of that file, filled in by the reader of the config.
    #[serde(skip)]
    pub listed: String,
}

/// `[proxies]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ProxyOptions {
    /// URL templates of the site's own proxies: `https://proxy.example/?{origin}`.
    pub templates: Vec<String>,
}

/// `[dates]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DateOptions {
    /// The site's time zone, overriding the one in the generator's config.
    pub time_zone: Option<String>,
    /// The time zone of the machine that builds the site; UTC by default.
    pub machine_time_zone: Option<String>,
    /// The time zone to assume for dates with a time but without a zone.
    pub assume_time_zone: Option<String>,
    /// Dates after this day are in the future: `2026-11-23`.
    pub today: Option<String>,
    /// Whether Astro's schema uses `z.date()`, which accepts only YAML timestamps, instead of
    /// `z.coerce.date()`.
    pub needs_timestamps: bool,
}

/// `[front-matter]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct FrontMatterOptions {
    /// The roles of fields, by path: `prose`, `identifier`, `list`, `url`, `date`.
    pub roles: BTreeMap<String, String>,
    /// The generator whose known fields apply, or `none`; by default the generator of the post.
    pub preset: Option<String>,
    /// JSON Schemas for some of the posts; the first one whose paths match a post applies.
    pub schemas: Vec<SchemaOptions>,
}

/// `[[front-matter.schemas]]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SchemaOptions {
    /// Globs of the posts, relative to the config's folder.
    pub paths: Vec<String>,
    /// The schema file, relative to the config's folder.
    pub schema: String,
    /// The contents of that file, filled in by the reader of the config.
    #[serde(skip)]
    pub text: String,
}

/// A site's words, proxies, dates and schemas, ready for use. Built once and shared by all threads.
#[derive(Debug)]
pub struct Site {
    /// Wrong words and their corrections.
    pub(crate) words: Words,
    /// The model of word sequences, for `likely-misspelling`.
    deep: OnceLock<Arc<Deep>>,
    /// The usage of all posts, for `inconsistent-wording`.
    usage: OnceLock<SiteUsage>,
    /// Allowed words that are not pure ASCII.
    pub(crate) allowed: Vec<String>,
    /// The known proxies.
    pub(crate) proxies: Proxies,
    /// The roles of front matter fields.
    pub(crate) roles: Roles,
    /// How dates are interpreted.
    pub(crate) dates: Dates,
    /// The schemas for front matter.
    pub(crate) schemas: Schemas,
    /// The templates of its own proxies, as written in the config.
    proxy_templates: Vec<String>,
}

/// What the posts of a site have in common.
#[derive(Debug)]
pub struct SiteUsage {
    /// The phrases that occur in many posts.
    pub phrases: Usage,
    /// The path of each post, by its number.
    pub paths: Vec<String>,
}

/// How dates are interpreted.
#[derive(Debug)]
pub(crate) struct Dates {
    pub(crate) zones: Zones,
    /// The time zone to assume for dates with a time but without a zone.
    pub(crate) assumed: Option<TimeZone>,
    pub(crate) today: Option<Date>,
    pub(crate) needs_timestamps: bool,
}

impl Site {
    /// Compiles the options of a site.
    ///
    /// # Errors
    /// A template, word, time zone, day, role or schema is invalid; the message names it.
    pub fn new(options: &SiteOptions) -> Result<Self, String> {
        let (replace, allow) = own_words(&options.words)?;
        let words = Words::new(replace.iter().copied(), allow.iter().copied())
            .map_err(|error| format!("[words] {error}"))?;
        let allowed = allow.iter().filter(|word| !word.is_ascii()).map(|word| (*word).to_owned()).collect();
        let templates = options.proxies.templates.iter().map(|template| UrlTemplate::parse(template));
        let templates = templates.collect::<Result<Vec<_>, _>>()?;
        let proxies = Proxies::catalogue().with_templates(&templates);
        Ok(Self {
            words,
            deep: OnceLock::new(),
            usage: OnceLock::new(),
            allowed,
            proxies,
            roles: roles(&options.front_matter)?,
            dates: dates(&options.dates)?,
            schemas: schemas(&options.front_matter)?,
            proxy_templates: options.proxies.templates.clone(),
        })
    }

    /// Sets the model for `likely-misspelling`, which finds nothing without one. Only the first call has an
    /// effect.
    pub fn set_deep_model(&self, deep: Arc<Deep>) {
        let _ = self.deep.set(deep);
    }

    /// The model of word sequences, if there is one.
    pub(crate) fn deep(&self) -> Option<&Deep> {
        self.deep.get().map(Arc::as_ref)
    }

    /// Sets the usage of all posts for `inconsistent-wording`. Only the first call has an effect.
    pub fn learn(&self, usage: SiteUsage) {
        let _ = self.usage.set(usage);
    }

    /// The usage of all posts, if it is known.
    pub(crate) fn usage(&self) -> Option<&SiteUsage> {
        self.usage.get()
    }

    /// Whether a range of a text touches a word that the config allows.
    pub(crate) fn allows(&self, text: &str, target: &Range<usize>) -> bool {
        // Words are short; limiting the context keeps the cost of each call constant.
        const REACH: usize = 48;
        let start = text.floor_char_boundary(target.start.saturating_sub(REACH));
        let end = text.ceil_char_boundary((target.end + REACH).min(text.len()));
        let around = &text[start..end];
        let meets =
            |range: Range<usize>| start + range.start < target.end && target.start < start + range.end;
        let is_here =
            |word: &String| around.match_indices(word.as_str()).any(|(at, _)| meets(at..at + word.len()));
        self.allowed.iter().any(is_here)
    }

    /// The templates of the site's own proxies, as written in the config.
    pub fn proxy_templates(&self) -> &[String] {
        &self.proxy_templates
    }
}

/// Maximum number of words that a site may configure.
const MOST_WORDS: usize = 100_000;

/// Words from the config: wrong words with their corrections, and allowed words.
type OwnWords<'o> = (Vec<(&'o str, &'o str)>, Vec<&'o str>);

fn own_words(options: &WordOptions) -> Result<OwnWords<'_>, String> {
    let mut replace: Vec<(&str, &str)> =
        options.replace.iter().map(|(wrong, right)| (wrong.as_str(), right.as_str())).collect();
    let mut allow: Vec<&str> = options.allow.iter().map(String::as_str).collect();
    for (number, line) in options.listed.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        match line.split_once("->") {
            Some((_, right)) if right.trim().is_empty() => {
                // Only the line number, not the text: a config may name any file of the repository.
                return Err(format!("[words] dictionary: line {} lacks the right word", number + 1));
            }
            Some((wrong, right)) => replace.push((wrong.trim(), right.trim())),
            None if line.is_empty() => {}
            None => allow.push(line),
        }
        if replace.len() + allow.len() > MOST_WORDS {
            return Err(format!("[words] has more than {MOST_WORDS} words"));
        }
    }
    Ok((replace, allow))
}

fn dates(options: &DateOptions) -> Result<Dates, String> {
    let zone = |name: &Option<String>| name.as_deref().map(time_zone).transpose();
    let machine = zone(&options.machine_time_zone)?.unwrap_or(TimeZone::UTC);
    let zones = Zones { site: zone(&options.time_zone)?, machine };
    let day = |day: &String| day.parse().map_err(|_| format!("`{day}` is not a day like 2026-11-23"));
    let today = options.today.as_ref().map(day).transpose()?;
    let assumed = zone(&options.assume_time_zone)?;
    Ok(Dates { zones, assumed, today, needs_timestamps: options.needs_timestamps })
}

/// Looks up a time zone by its IANA name.
///
/// # Errors
/// No zone has that name; the message says so.
pub fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name)
        .map_err(|_| format!("unknown time zone `{name}`, expected a name such as Asia/Shanghai"))
}

fn schemas(options: &FrontMatterOptions) -> Result<Schemas, String> {
    let preset = options
        .preset
        .as_deref()
        .map(|name| name.parse::<Generator>().map_err(|error| format!("preset `{name}`: {error}")));
    let own = options.schemas.iter().map(|row| {
        let mut paths = GlobSetBuilder::new();
        for pattern in &row.paths {
            paths.add(Glob::new(pattern).map_err(|error| error.to_string())?);
        }
        let paths = paths.build().map_err(|error| error.to_string())?;
        let schema = Schema::parse(&row.text).map_err(|error| format!("schema {}: {error}", row.schema))?;
        Ok((paths, Arc::new(schema)))
    });
    Ok(Schemas { own: own.collect::<Result<Vec<_>, String>>()?, preset: preset.transpose()? })
}

fn roles(options: &FrontMatterOptions) -> Result<Roles, String> {
    let roles = options.roles.iter().map(|(path, name)| {
        let role = FieldRole::ALL.into_iter().find(|role| role.name() == name);
        let names = FieldRole::ALL.map(FieldRole::name).join("`, `");
        role.map(|role| (path.clone(), role))
            .ok_or_else(|| format!("`{path}` cannot be `{name}`, expected one of `{names}`"))
    });
    roles.collect::<Result<Vec<_>, _>>().map(Roles::new)
}
