//! The roles of front matter fields: text for readers, names for machines, URLs, dates.

use crate::Generator::{self, Docusaurus, Eleventy, Hexo, Hugo, Jekyll, Zola};
use crate::front::{FrontMatter, Key};

/// The role of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldRole {
    /// Text that readers see: a title, a description.
    Prose,
    /// A name by which a page is found: a slug, a permalink.
    Identifier,
    /// A list of such names: tags, categories.
    List,
    /// A URL.
    Url,
    /// A date.
    Date,
}

impl FieldRole {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Prose, Self::Identifier, Self::List, Self::Url, Self::Date];

    /// Its name in the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prose => "prose",
            Self::Identifier => "identifier",
            Self::List => "list",
            Self::Url => "url",
            Self::Date => "date",
        }
    }
}

const PROSE: [&str; 9] =
    ["title", "subtitle", "description", "summary", "excerpt", "abstract", "caption", "lead", "linktitle"];

const IDENTIFIERS: [&str; 10] =
    ["slug", "permalink", "url", "id", "layout", "type", "template", "path", "lang", "translationkey"];

const LISTS: [&str; 7] = ["tags", "tag", "categories", "category", "keywords", "aliases", "series"];

/// Keys that contain a date in some theme.
const DATES: [&str; 20] = [
    "date",
    "updated",
    "lastmod",
    "pubdate",
    "pubdatetime",
    "publishdate",
    "published",
    "modified",
    "moddatetime",
    "expirydate",
    "unpublishdate",
    "updateddate",
    "last_modified_at",
    "created",
    "createtime",
    "lastupdated",
    "publishedat",
    "updatedat",
    "createdat",
    "createdate",
];

/// The keys that a generator itself reads as dates. Others are only used by themes.
const OWN_DATES: [(Generator, &[&str]); 6] = [
    (Hexo, &["date", "updated"]),
    (
        Hugo,
        &[
            "date",
            "publishdate",
            "pubdate",
            "published",
            "lastmod",
            "modified",
            "expirydate",
            "unpublishdate",
        ],
    ),
    (Jekyll, &["date"]),
    (Docusaurus, &["date", "last_update.date"]),
    (Eleventy, &["date"]),
    (Zola, &["date", "updated"]),
];

/// The roles from a site's config, which take precedence over the default roles of keys.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    by_path: Vec<(String, FieldRole)>,
}

impl Roles {
    /// The roles of fields by path: `event.starts`, or `speakers.name` for every item of a list.
    pub fn new(by_path: impl IntoIterator<Item = (String, FieldRole)>) -> Self {
        Self { by_path: by_path.into_iter().collect() }
    }

    /// The role of a field, if it is known.
    pub fn of(&self, matter: &FrontMatter<'_>, index: usize) -> Option<FieldRole> {
        self.configured_role(matter, index).or_else(|| {
            let key = nearest_name(matter, index);
            let table: [(&[&str], FieldRole); 3] = [
                (&PROSE, FieldRole::Prose),
                (&IDENTIFIERS, FieldRole::Identifier),
                (&LISTS, FieldRole::List),
            ];
            let is_in = |keys: &[&str]| keys.iter().any(|listed| listed.eq_ignore_ascii_case(key));
            let found = table.iter().find(|(keys, _)| is_in(keys)).map(|(_, role)| *role);
            found.or_else(|| (is_in(&DATES) && is_outer(matter, index)).then_some(FieldRole::Date))
        })
    }

    /// Whether this generator, and not only its theme, reads a field's value as a date.
    pub fn is_read_as_date(&self, matter: &FrontMatter<'_>, index: usize, generator: Generator) -> bool {
        let Some((_, keys)) = OWN_DATES.iter().find(|(owner, _)| *owner == generator) else { return true };
        let path = dotted_path(matter, index);
        self.configured_role(matter, index) == Some(FieldRole::Date)
            || keys.iter().any(|listed| listed.eq_ignore_ascii_case(&path))
    }

    fn configured_role(&self, matter: &FrontMatter<'_>, index: usize) -> Option<FieldRole> {
        if self.by_path.is_empty() {
            return None;
        }
        let path = dotted_path(matter, index);
        self.by_path.iter().find(|(configured, _)| *configured == path).map(|(_, role)| *role)
    }
}

/// Whether a field is at the top level, or is the only nested date that a generator reads.
fn is_outer(matter: &FrontMatter<'_>, index: usize) -> bool {
    let Some(parent) = matter.fields[index].parent.map(|parent| &matter.fields[parent as usize]) else {
        return true;
    };
    parent.parent.is_none() && matches!(&parent.key, Key::Name(name, _) if name == "last_update")
}

/// The names of a field's parents and its own, without list indices.
fn dotted_path(matter: &FrontMatter<'_>, index: usize) -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut at = Some(index);
    while let Some(field) = at.map(|index| &matter.fields[index]) {
        if let Key::Name(name, _) = &field.key {
            names.push(name);
        }
        at = field.parent.map(|parent| parent as usize);
    }
    names.reverse();
    names.join(".")
}

/// The nearest name of a value: its own key, or that of the list that contains it.
pub(crate) fn nearest_name<'m>(matter: &'m FrontMatter<'_>, mut index: usize) -> &'m str {
    loop {
        let field = &matter.fields[index];
        match (&field.key, field.parent) {
            (Key::Name(name, _), _) => return name,
            (Key::Index(_), Some(parent)) => index = parent as usize,
            (Key::Index(_), None) => return "",
        }
    }
}
