//! What the rules know of a site besides the post: its words, proxies, dates and schemas.

use crate::proxy::{Proxies, UrlTemplate};
use crate::schema::{Schema, Schemas};
use globset::{Glob, GlobSetBuilder};
use postmend_core::date::{Date, TimeZone, Zones};
use postmend_core::{FieldRole, Generator, Roles};
use postmend_typo::{Deep, Runs, Usage, Words};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A site's own words and proxies, as its config names them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SiteOptions {
    /// Words.
    pub words: WordOptions,
    /// Proxies.
    pub proxies: ProxyOptions,
    /// Dates.
    pub dates: DateOptions,
    /// Front matter.
    pub front_matter: FrontMatterOptions,
}

/// `[words]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WordOptions {
    /// Words that are right here, whatever the lists say.
    pub allow: Vec<String>,
    /// Wrong words and what they should be.
    pub replace: BTreeMap<String, String>,
    /// The file of the model that `likely-misspelling` asks, relative to the config's folder.
    pub model: Option<String>,
    /// A file of more of both, relative to the config's folder: each line is a word that is right, or
    /// `wrong->right`; `#` begins a comment.
    pub dictionary: Option<String>,
    /// What the file says; whoever reads the config reads it.
    #[serde(skip)]
    pub listed: String,
}

/// `[proxies]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProxyOptions {
    /// Templates of the site's own proxies: `https://proxy.example/?{origin}`.
    pub templates: Vec<String>,
}

/// `[dates]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DateOptions {
    /// The site's time zone, instead of the one that its own config names.
    pub time_zone: Option<String>,
    /// That of the machine that builds the site; UTC if nothing is said.
    pub machine_time_zone: Option<String>,
    /// That of clock times that do not name one.
    pub assume_time_zone: Option<String>,
    /// The day after which dates are in the future: `2026-11-23`.
    pub today: Option<String>,
    /// Whether Astro's schema says `z.date()`, which takes nothing but a YAML timestamp, instead of
    /// `z.coerce.date()`.
    pub needs_timestamps: bool,
}

/// `[front-matter]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct FrontMatterOptions {
    /// What fields are for, by path: `prose`, `identifier`, `list`, `url`, `date`.
    pub roles: BTreeMap<String, String>,
    /// The generator whose own fields are known, or `none`; that of the post if nothing is said.
    pub preset: Option<String>,
    /// JSON Schemas for some posts; the first that is for a post holds.
    pub schemas: Vec<SchemaOptions>,
}

/// `[[front-matter.schemas]]`
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemaOptions {
    /// Globs, relative to the config's folder.
    pub paths: Vec<String>,
    /// The file of the schema, relative to the config's folder.
    pub schema: String,
    /// What the file says; whoever reads the config reads it.
    #[serde(skip)]
    pub text: String,
}

/// A site's words and proxies, ready to be searched for. Made once and shared by all threads.
#[derive(Debug)]
pub struct Site {
    /// Wrong words.
    pub(crate) words: Words,
    /// What follows what, for those who asked for it.
    deep: OnceLock<Arc<Deep>>,
    /// What its posts have in common, for those who asked for it.
    usage: OnceLock<SiteUsage>,
    /// Words of other scripts than Latin that are right here.
    pub(crate) allowed: Vec<String>,
    /// Named proxies.
    pub(crate) proxies: Proxies,
    /// What fields of front matter are for.
    pub(crate) roles: Roles,
    /// How dates are meant and read.
    pub(crate) dates: Dates,
    /// What front matter should be.
    pub(crate) schemas: Schemas,
    /// The templates of its own proxies, as they were written.
    proxy_templates: Vec<String>,
}

/// What the posts of a site have in common.
#[derive(Debug)]
pub struct SiteUsage {
    /// The phrases that stand in many posts.
    pub phrases: Usage,
    /// Where each post is, by its number.
    pub paths: Vec<String>,
}

/// How dates are meant and read.
#[derive(Debug)]
pub(crate) struct Dates {
    pub(crate) zones: Zones,
    /// The time zone of clock times that name none.
    pub(crate) assumed: Option<TimeZone>,
    pub(crate) today: Option<Date>,
    pub(crate) needs_timestamps: bool,
}

impl Site {
    /// Builds the searches.
    ///
    /// # Errors
    /// A template, word, time zone, day, role or schema that cannot be used; the message names it.
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

    /// Lets `likely-misspelling` ask this model; without one it finds nothing. The first one stays.
    pub fn ask(&self, deep: Arc<Deep>) {
        let _ = self.deep.set(deep);
    }

    /// The model of words in a row, if there is one.
    pub(crate) fn deep(&self) -> Option<&Deep> {
        self.deep.get().map(Arc::as_ref)
    }

    /// Lets `inconsistent-wording` know what all posts have in common. What is told first stays.
    pub fn learn(&self, usage: SiteUsage) {
        let _ = self.usage.set(usage);
    }

    /// What all posts have in common, if it is known.
    pub(crate) fn usage(&self) -> Option<&SiteUsage> {
        self.usage.get()
    }

    /// Whether somebody said that what stands at a place of a text is right, or `misspelling` says that it
    /// is wrong.
    pub(crate) fn speaks_for(&self, text: &str, place: &Range<usize>) -> bool {
        // Words are short; the bound keeps this the same work for each place.
        const REACH: usize = 48;
        let start = text.floor_char_boundary(place.start.saturating_sub(REACH));
        let end = text.ceil_char_boundary((place.end + REACH).min(text.len()));
        let around = &text[start..end];
        let meets = |range: Range<usize>| start + range.start < place.end && place.start < start + range.end;
        let mut listed = false;
        self.words.find(&Runs::of(around), |wrong| listed |= meets(wrong.range));
        let mut allowed = self.allowed.iter();
        listed
            || allowed
                .any(|word| around.match_indices(word.as_str()).any(|(at, _)| meets(at..at + word.len())))
    }

    /// The templates of the site's own proxies, as they were written.
    pub fn proxy_templates(&self) -> &[String] {
        &self.proxy_templates
    }
}

/// So many words of its own a site may have.
const MOST_WORDS: usize = 100_000;

/// What somebody says of words: wrong ones with their right ones, and right ones.
type OwnWords<'o> = (Vec<(&'o str, &'o str)>, Vec<&'o str>);

fn own_words(options: &WordOptions) -> Result<OwnWords<'_>, String> {
    let mut replace: Vec<(&str, &str)> =
        options.replace.iter().map(|(wrong, right)| (wrong.as_str(), right.as_str())).collect();
    let mut allow: Vec<&str> = options.allow.iter().map(String::as_str).collect();
    for (number, line) in options.listed.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        match line.split_once("->") {
            Some((_, right)) if right.trim().is_empty() => {
                // Where, and not what: a config may name any file of the repository.
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

/// A time zone by its name in the IANA database.
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
