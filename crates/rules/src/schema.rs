//! Front matter against JSON Schemas: the site's own, and what each generator knows.

mod cost;

use crate::names::listed;
use cost::{Cost, DEEPEST_OF_LOOPS, cost};
use globset::GlobSet;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, Validator};
use postmend_core::Generator;
use postmend_core::front::{Field, FrontMatter, Key, Value};
use serde_json::{Map, Value as Json};
use std::sync::{Arc, LazyLock};

/// A schema, ready to be held against front matter.
#[derive(Debug)]
pub(crate) struct Schema {
    validator: Validator,
    /// Its fields' names.
    pub(crate) names: Vec<String>,
    descriptions: Map<String, Json>,
    /// How many of its parts are looked at for each value.
    cost: u64,
    /// How deep values are compared with it.
    deepest: usize,
}

/// The schemas of a site.
#[derive(Debug, Default)]
pub(crate) struct Schemas {
    /// The site's own, each with the paths that it is for.
    pub(crate) own: Vec<(GlobSet, Arc<Schema>)>,
    /// The generator whose fields are known where none of them applies; that of the post if nothing
    /// is said.
    pub(crate) preset: Option<Generator>,
}

/// What is nested deeper is not looked at.
const DEEPEST: usize = 64;

/// So many parts of a schema are looked at for all fields of a post: some seconds.
const MOST_LOOKS: u64 = 200_000_000;

/// A place where front matter does not fit its schema.
#[derive(Debug)]
pub(crate) struct Misfit {
    /// The field; `None` for the front matter as a whole.
    pub(crate) field: Option<usize>,
    pub(crate) kind: MisfitKind,
}

/// What does not fit.
#[derive(Debug)]
pub(crate) enum MisfitKind {
    /// A value: what is wrong with it, and what the schema says of the field.
    Invalid { what: String, description: String },
    /// A field that the schema forbids.
    Unknown,
    /// A field that the schema demands, and which is not there.
    Missing { name: String },
}

impl Schema {
    /// Reads a schema.
    ///
    /// # Errors
    /// It is no schema; the message says where, and nothing of what is there: a config may name any file of the
    /// repository.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let schema: Json = serde_json::from_str(text)
            .map_err(|error| format!("not JSON, at line {} column {}", error.line(), error.column()))?;
        let Cost { parts, loops } = cost(&schema)?;
        // An engine whose time does not grow with more than the text; a schema may come from anybody.
        let validator = jsonschema::options()
            .with_pattern_options(jsonschema::PatternOptions::regex().size_limit(1 << 20))
            .build(&schema)
            .map_err(|error| format!("not a JSON Schema, at `{}`", error.instance_path()))?;
        let properties = schema.get("properties").and_then(Json::as_object);
        let described = properties
            .into_iter()
            .flatten()
            .filter_map(|(name, property)| Some((name.clone(), property.get("description")?.clone())));
        let descriptions = described.collect();
        let names = properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default();
        let deepest = if loops { DEEPEST_OF_LOOPS } else { DEEPEST };
        Ok(Self { validator, names, descriptions, cost: parts, deepest })
    }

    /// Where the front matter does not fit.
    pub(crate) fn misfits(&self, matter: &FrontMatter<'_>, generator: Generator) -> Vec<Misfit> {
        if (matter.fields.len() as u64).saturating_mul(self.cost) > MOST_LOOKS {
            let what = "the front matter has too many fields to be checked against its schema".to_owned();
            return vec![Misfit {
                field: None,
                kind: MisfitKind::Invalid { what, description: String::new() },
            }];
        }
        let instance = self.instance(matter, generator);
        let mut misfits = Vec::new();
        for error in self.validator.iter_errors(&instance) {
            // What is deeper was left out.
            if error.instance_path().as_str().matches('/').count() > self.deepest {
                continue;
            }
            let field = field_at(matter, error.instance_path().as_str());
            // What an alias stands for is not known here.
            if field.is_some_and(|index| matter.fields[index].value == Value::Alias) {
                continue;
            }
            match error.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected } => {
                    let children = unexpected.iter().filter_map(|name| child(matter, field, name));
                    misfits.extend(
                        children.map(|index| Misfit { field: Some(index), kind: MisfitKind::Unknown }),
                    );
                }
                ValidationErrorKind::Required { property } => {
                    let name = property.as_str().unwrap_or_default().to_owned();
                    misfits.push(Misfit { field, kind: MisfitKind::Missing { name } });
                }
                _ => {
                    let what = match error.kind() {
                        ValidationErrorKind::Type { kind } => format!("the value is not {}", types(kind)),
                        ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. } => {
                            "the value has none of the allowed forms".to_owned()
                        }
                        ValidationErrorKind::Not { .. } => "the value is not allowed".to_owned(),
                        _ => error.masked_with("the value").to_string(),
                    };
                    let description = field.map(|index| self.description(matter, index)).unwrap_or_default();
                    misfits.push(Misfit { field, kind: MisfitKind::Invalid { what, description } });
                }
            }
        }
        misfits
    }

    /// The front matter as JSON, typed as the generator's parser does.
    fn instance(&self, matter: &FrontMatter<'_>, generator: Generator) -> Json {
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); matter.fields.len() + 1];
        for (index, field) in matter.fields.iter().enumerate() {
            children[field.parent.map_or(0, |parent| parent as usize + 1)].push(index);
        }
        let Json::Object(fields) = object(matter, &children, 0, self.deepest) else { return Json::Null };
        // Hugo's keys have no case.
        let canonical = |name: String| match generator {
            Generator::Hugo => {
                self.names.iter().find(|known| known.eq_ignore_ascii_case(&name)).cloned().unwrap_or(name)
            }
            _ => name,
        };
        Json::Object(fields.into_iter().map(|(name, value)| (canonical(name), value)).collect())
    }

    /// What the schema says of the outermost field around a value.
    fn description(&self, matter: &FrontMatter<'_>, mut index: usize) -> String {
        while let Some(parent) = matter.fields[index].parent {
            index = parent as usize;
        }
        let Key::Name(name, _) = &matter.fields[index].key else { return String::new() };
        self.descriptions.get(&**name).and_then(Json::as_str).unwrap_or_default().to_owned()
    }
}

impl Schemas {
    /// The schema of a post: the first of the site's own that is for its path, or else its
    /// generator's.
    pub(crate) fn of(&self, path: &str, generator: Generator) -> Option<&Schema> {
        let own = self.own.iter().find(|(paths, _)| paths.is_match(path));
        own.map(|(_, schema)| &**schema).or_else(|| preset(self.preset.unwrap_or(generator)))
    }
}

/// What a generator itself knows of front matter.
pub(crate) fn preset(generator: Generator) -> Option<&'static Schema> {
    static PRESETS: [LazyLock<Schema>; 8] = [
        LazyLock::new(|| built_in(include_str!("../data/schemas/hexo.json"))),
        LazyLock::new(|| built_in(include_str!("../data/schemas/hugo.json"))),
        LazyLock::new(|| built_in(include_str!("../data/schemas/jekyll.json"))),
        LazyLock::new(|| built_in(include_str!("../data/schemas/docusaurus.json"))),
        LazyLock::new(|| built_in(include_str!("../data/schemas/eleventy.json"))),
        LazyLock::new(|| built_in(include_str!("../data/schemas/astro.json"))),
        LazyLock::new(|| built_in(include_str!("../data/schemas/vitepress.json"))),
        LazyLock::new(|| built_in(include_str!("../data/schemas/zola.json"))),
    ];
    let index = Generator::ALL.iter().position(|known| *known == generator)?;
    PRESETS.get(index.checked_sub(1)?).map(|schema| &**schema)
}

fn built_in(text: &str) -> Schema {
    Schema::parse(text).expect("a test reads every built-in schema")
}

fn object(matter: &FrontMatter<'_>, children: &[Vec<usize>], slot: usize, left: usize) -> Json {
    let pair = |&index: &usize| {
        let Key::Name(name, _) = &matter.fields[index].key else { return None };
        Some((name.clone().into_owned(), value(matter, children, index, left)))
    };
    Json::Object(children[slot].iter().filter_map(pair).collect())
}

fn value(matter: &FrontMatter<'_>, children: &[Vec<usize>], index: usize, left: usize) -> Json {
    match &matter.fields[index].value {
        Value::Null | Value::Alias => Json::Null,
        Value::List | Value::Map if left == 0 => Json::Null,
        Value::Bool(yes) => Json::Bool(*yes),
        Value::Integer(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Text(text) | Value::Timestamp(text) => Json::String(text.clone().into_owned()),
        Value::List => {
            let items = children[index + 1].iter().map(|&item| value(matter, children, item, left - 1));
            Json::Array(items.collect())
        }
        Value::Map => object(matter, children, index + 1, left - 1),
    }
}

/// "text or a list"
fn types(kind: &TypeKind) -> String {
    let name = |kind: JsonType| match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "a map",
        JsonType::String => "text",
    };
    let names: Vec<&str> = match kind {
        TypeKind::Single(kind) => vec![name(*kind)],
        // That a value may be left out is not news.
        TypeKind::Multiple(kinds) => kinds.iter().filter(|kind| *kind != JsonType::Null).map(name).collect(),
    };
    listed(&names, "or")
}

/// The field that a JSON Pointer leads to.
fn field_at(matter: &FrontMatter<'_>, pointer: &str) -> Option<usize> {
    let mut at = None;
    for segment in pointer.split('/').skip(1) {
        at = Some(child(matter, at, &segment.replace("~1", "/").replace("~0", "~"))?);
    }
    at
}

fn child(matter: &FrontMatter<'_>, parent: Option<usize>, name: &str) -> Option<usize> {
    let is_named = |field: &Field<'_>| match &field.key {
        Key::Name(key, _) => key.eq_ignore_ascii_case(name),
        Key::Index(index) => name.parse() == Ok(*index),
    };
    let is_child = |field: &Field<'_>| field.parent.map(|parent| parent as usize) == parent;
    let exact = |field: &Field<'_>| matches!(&field.key, Key::Name(key, _) if key == name);
    let found = matter.fields.iter().position(|field| is_child(field) && exact(field));
    // Hugo's keys have no case.
    found.or_else(|| matter.fields.iter().position(|field| is_child(field) && is_named(field)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_schema_is_one() {
        for generator in Generator::ALL.iter().filter(|generator| **generator != Generator::None) {
            let schema = preset(*generator).expect("each has one");
            assert!(
                schema.names.len() > 10 && schema.descriptions.len() == schema.names.len(),
                "{generator:?}"
            );
        }
        assert!(preset(Generator::None).is_none());
    }
}
