//! Validates front matter against JSON Schemas: the site's own, and one for the fields that each generator
//! knows.

mod built_in;
#[cfg(feature = "schema")]
mod json_schema;
mod violation;

use built_in::BuiltInSchema;
use globset::GlobSet;
use postmend_core::Generator;
use postmend_core::front::{Field, FrontMatter, Key, Value};
use serde::Deserialize as _;
use serde_json::{Map, Value as Json};
use std::sync::{Arc, OnceLock};
use violation::{Violation, ViolationKind};

/// A schema, ready to validate front matter.
#[derive(Debug)]
pub(crate) struct Schema {
    validator: Validator,
    /// The names of its properties.
    pub(crate) names: Vec<String>,
    descriptions: Map<String, Json>,
    /// Number of schema parts that are evaluated for each value.
    cost: u64,
    /// Nesting depth down to which values are validated.
    deepest: usize,
}

/// The schemas of a site.
#[derive(Debug, Default)]
pub(crate) struct Schemas {
    /// The site's own schemas, each with the paths it applies to.
    pub(crate) own: Vec<(GlobSet, Arc<Schema>)>,
    /// The generator whose built-in schema applies to the other posts; if `None`, that of the post.
    pub(crate) preset: Option<Generator>,
}

/// Decides whether a value is valid.
#[derive(Debug)]
enum Validator {
    BuiltIn(Box<BuiltInSchema>),
    #[cfg(feature = "schema")]
    Any(Box<jsonschema::Validator>),
}

/// Values nested more deeply are not validated.
const DEEPEST: usize = 64;

/// Maximum number of schema parts evaluated for all fields of a post: some seconds of work.
const MOST_LOOKS: u64 = 200_000_000;

/// A place where front matter violates its schema.
#[derive(Debug)]
pub(crate) struct Misfit {
    /// The index of the field; `None` for the front matter as a whole.
    pub(crate) field: Option<usize>,
    pub(crate) kind: MisfitKind,
}

/// How it violates the schema.
#[derive(Debug)]
pub(crate) enum MisfitKind {
    /// An invalid value: what is wrong with it, and the schema's description of the field.
    Invalid { what: String, description: String },
    /// A field that the schema does not allow.
    Unknown,
    /// A required field that is missing.
    Missing { name: String },
}

impl Schema {
    /// Reads a site's own schema.
    ///
    /// # Errors
    /// It is not a valid schema, or this build does not support JSON Schemas. The message says where the error
    /// is but quotes nothing from the file: a config may name any file of the repository.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        #[cfg(feature = "schema")]
        return json_schema::parse(text).map(|schema| {
            let deepest = schema.deepest.unwrap_or(DEEPEST);
            Self::new(&schema.json, Validator::Any(Box::new(schema.validator)), schema.parts, deepest)
        });
        #[cfg(not(feature = "schema"))]
        {
            let _ = text;
            Err("this postmend was built without JSON Schemas; build it with `--features schema`".to_owned())
        }
    }

    /// Reads one of the built-in schemas.
    fn built_in(text: &str) -> Self {
        let read = "a test reads every built-in schema";
        let json: Json = serde_json::from_str(text).expect(read);
        let parts = text.matches('{').count() as u64;
        let part = BuiltInSchema::deserialize(&json).expect(read);
        Self::new(&json, Validator::BuiltIn(Box::new(part)), parts, DEEPEST)
    }

    fn new(json: &Json, validator: Validator, cost: u64, deepest: usize) -> Self {
        let properties = json.get("properties").and_then(Json::as_object);
        let described = properties
            .into_iter()
            .flatten()
            .filter_map(|(name, property)| Some((name.clone(), property.get("description")?.clone())));
        let descriptions = described.collect();
        let names = properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default();
        Self { validator, names, descriptions, cost, deepest }
    }

    /// The places where the front matter violates the schema.
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
        for Violation { pointer, kind } in self.validator.violations(&instance) {
            // Values nested more deeply were left out of the instance.
            if pointer.matches('/').count() > self.deepest {
                continue;
            }
            let field = field_at(matter, &pointer);
            // The value that an alias refers to is not known here.
            if field.is_some_and(|index| matter.fields[index].value == Value::Alias) {
                continue;
            }
            match kind {
                ViolationKind::Unknown(names) => {
                    let children = names.iter().filter_map(|name| child(matter, field, name));
                    misfits.extend(
                        children.map(|index| Misfit { field: Some(index), kind: MisfitKind::Unknown }),
                    );
                }
                ViolationKind::Missing(name) => {
                    misfits.push(Misfit { field, kind: MisfitKind::Missing { name } })
                }
                ViolationKind::Invalid(what) => {
                    let description = field.map(|index| self.description(matter, index)).unwrap_or_default();
                    misfits.push(Misfit { field, kind: MisfitKind::Invalid { what, description } });
                }
            }
        }
        misfits
    }

    /// The front matter as JSON, with the types that the generator's parser gives to values.
    fn instance(&self, matter: &FrontMatter<'_>, generator: Generator) -> Json {
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); matter.fields.len() + 1];
        for (index, field) in matter.fields.iter().enumerate() {
            children[field.parent.map_or(0, |parent| parent as usize + 1)].push(index);
        }
        let Json::Object(fields) = object(matter, &children, 0, self.deepest) else { return Json::Null };
        // Hugo's keys are case-insensitive.
        let canonical = |name: String| match generator {
            Generator::Hugo => {
                self.names.iter().find(|listed| listed.eq_ignore_ascii_case(&name)).cloned().unwrap_or(name)
            }
            _ => name,
        };
        Json::Object(fields.into_iter().map(|(name, value)| (canonical(name), value)).collect())
    }

    /// The schema's description of the top-level field that contains a value.
    fn description(&self, matter: &FrontMatter<'_>, mut index: usize) -> String {
        while let Some(parent) = matter.fields[index].parent {
            index = parent as usize;
        }
        let Key::Name(name, _) = &matter.fields[index].key else { return String::new() };
        self.descriptions.get(&**name).and_then(Json::as_str).unwrap_or_default().to_owned()
    }
}

impl Validator {
    fn violations(&self, value: &Json) -> Vec<Violation> {
        match self {
            Self::BuiltIn(part) => part.violations(value),
            #[cfg(feature = "schema")]
            Self::Any(validator) => json_schema::violations(validator, value),
        }
    }
}

impl Schemas {
    /// The schema for a post: the first of the site's own whose globs match its path, or else the built-in one
    /// of its generator.
    pub(crate) fn of(&self, path: &str, generator: Generator) -> Option<&Schema> {
        let own = self.own.iter().find(|(paths, _)| paths.is_match(path));
        own.map(|(_, schema)| &**schema).or_else(|| preset(self.preset.unwrap_or(generator)))
    }
}

/// The fields that each generator knows, in the order of [`Generator::ALL`] without `None`.
const PRESETS: [&str; 8] = [
    include_str!("../data/schemas/hexo.json"),
    include_str!("../data/schemas/hugo.json"),
    include_str!("../data/schemas/jekyll.json"),
    include_str!("../data/schemas/docusaurus.json"),
    include_str!("../data/schemas/eleventy.json"),
    include_str!("../data/schemas/astro.json"),
    include_str!("../data/schemas/vitepress.json"),
    include_str!("../data/schemas/zola.json"),
];

/// The built-in schema of the front matter fields that a generator knows.
pub(crate) fn preset(generator: Generator) -> Option<&'static Schema> {
    static READ: [OnceLock<Schema>; PRESETS.len()] = [const { OnceLock::new() }; PRESETS.len()];
    let index = Generator::ALL.iter().position(|listed| *listed == generator)?.checked_sub(1)?;
    Some(READ.get(index)?.get_or_init(|| Schema::built_in(PRESETS[index])))
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
    // Hugo's keys are case-insensitive.
    found.or_else(|| matter.fields.iter().position(|field| is_child(field) && is_named(field)))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "schema")]
    use serde_json::json;

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

    /// Values of all kinds, at every property and below, checked with both validators.
    #[cfg(feature = "schema")]
    #[test]
    fn the_built_in_validator_says_what_the_library_says() {
        let values = |schema: &Json| {
            let mut values = vec![
                json!(null),
                json!(true),
                json!(false),
                json!(0),
                json!(-1),
                json!(3),
                json!(7),
                json!(2.0),
                json!(2.5),
                json!(""),
                json!(" "),
                json!("a b"),
                json!("a"),
                json!("true"),
                json!("TRUE"),
                json!("http://a"),
                json!("deep"),
                json!("date"),
                json!("12"),
                json!("c:d e"),
                json!("1.5"),
                json!("left"),
                // Spaces and line ends that JavaScript and Rust see differently.
                json!("a\u{85}b"),
                json!("a\u{A0}b"),
                json!("a\u{180E}b"),
                json!("a\u{FEFF}b"),
                json!("c:d \u{2028}e"),
                json!("c:d\n\re"),
                json!([]),
                json!({}),
            ];
            let simple = values.clone();
            values.extend(simple.iter().map(|value| json!([value])));
            values.extend(simple.iter().map(|value| json!(["a", value, value, 1])));
            values.extend(simple.iter().map(|value| json!([{ "a/b~c": value, "date": value }])));
            let mut names = Vec::new();
            all_names(schema, &mut names);
            for name in names {
                values.extend(simple.iter().map(|value| json!({ name: value })));
                values.extend(simple.iter().map(|value| json!([{ name: value, "x": [value] }])));
                values.extend(simple.iter().map(|value| json!({ name: { name: value }, "x": [value] })));
            }
            values
        };
        let mut compared = 0;
        for text in PRESETS {
            let schema: Json = serde_json::from_str(text).expect("it is JSON");
            let (built_in, full) = (Schema::built_in(text), Schema::parse(text).expect("it is a schema"));
            let values = values(&schema);
            for name in built_in.names.iter().map(String::as_str).chain(["x"]) {
                for value in &values {
                    let instance = json!({ name: value });
                    let sorted = |schema: &Schema| {
                        let mut all = schema.validator.violations(&instance);
                        all.sort_by(|a, b| (&a.pointer, &a.kind).cmp(&(&b.pointer, &b.kind)));
                        all
                    };
                    assert_eq!(sorted(&built_in), sorted(&full), "{instance} in {}", schema["title"]);
                    compared += usize::from(!sorted(&full).is_empty());
                }
            }
        }
        assert!(compared > 10_000, "{compared}");
    }

    #[cfg(feature = "schema")]
    fn all_names<'s>(schema: &'s Json, names: &mut Vec<&'s str>) {
        match schema {
            Json::Object(parts) => {
                if let Some(properties) = parts.get("properties").and_then(Json::as_object) {
                    names.extend(
                        properties
                            .keys()
                            .map(String::as_str)
                            .filter(|name| !names.contains(name))
                            .collect::<Vec<_>>(),
                    );
                }
                parts.values().for_each(|part| all_names(part, names));
            }
            Json::Array(parts) => parts.iter().for_each(|part| all_names(part, names)),
            _ => {}
        }
    }
}
