//! A validator for the subset of JSON Schema that the built-in schemas use. Checking needs no more, and the
//! full library takes a third of the build time of everything else.

use super::violation::{
    JsonType, NONE_OF_THE_FORMS, NOT_ALLOWED, Violation, ViolationKind, key_not_allowed, wrong_type,
};
use crate::names::listed;
use regex::Regex;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// A schema or a subschema. An unsupported keyword is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct BuiltInSchema {
    #[serde(rename = "$schema")]
    _dialect: IgnoredAny,
    #[serde(rename = "title")]
    _title: IgnoredAny,
    #[serde(rename = "description")]
    _description: IgnoredAny,
    #[serde(rename = "deprecated")]
    _deprecated: IgnoredAny,
    #[serde(rename = "type")]
    types: Option<Types>,
    #[serde(rename = "const", deserialize_with = "some")]
    constant: Option<Json>,
    #[serde(rename = "enum")]
    options: Option<Vec<Json>>,
    any_of: Option<Vec<BuiltInSchema>>,
    not: Option<Box<BuiltInSchema>>,
    min_length: Option<usize>,
    pattern: Option<JavaScriptPattern>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    min_items: Option<usize>,
    max_items: Option<usize>,
    prefix_items: Vec<BuiltInSchema>,
    items: Option<Box<BuiltInSchema>>,
    required: Vec<String>,
    properties: BTreeMap<String, BuiltInSchema>,
    additional_properties: Option<Additional>,
    property_names: Option<Box<BuiltInSchema>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Types {
    One(JsonType),
    Many(Vec<JsonType>),
}

/// The schema for properties without their own.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Additional {
    Allowed(bool),
    Like(Box<BuiltInSchema>),
}

impl BuiltInSchema {
    /// All violations of the schema in a value.
    pub(super) fn violations(&self, value: &Json) -> Vec<Violation> {
        let mut found = Violations { pointer: String::new(), violations: Vec::new() };
        self.check(value, &mut found);
        found.violations
    }

    fn fits(&self, value: &Json) -> bool {
        self.violations(value).is_empty()
    }

    fn check(&self, value: &Json, found: &mut Violations) {
        if let Some(types) = &self.types {
            let types = types.as_slice();
            if !types.iter().any(|kind| has_type(value, *kind)) {
                found.invalid(wrong_type(types));
            }
        }
        if let Some(constant) = self.constant.as_ref().filter(|constant| *constant != value) {
            found.invalid(format!("{constant} was expected"));
        }
        if let Some(options) = &self.options
            && !options.iter().any(|option| option == value)
        {
            found.invalid(format!("the value is not one of {}", list_some(options)));
        }
        if self.any_of.as_ref().is_some_and(|parts| !parts.iter().any(|part| part.fits(value))) {
            found.invalid(NONE_OF_THE_FORMS.to_owned());
        }
        if self.not.as_ref().is_some_and(|part| part.fits(value)) {
            found.invalid(NOT_ALLOWED.to_owned());
        }
        match value {
            Json::String(text) => self.check_text(text, found),
            Json::Number(number) => self.check_number(number.as_f64().unwrap_or_default(), found),
            Json::Array(items) => self.check_items(items, found),
            Json::Object(fields) => self.check_fields(fields, found),
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn check_text(&self, text: &str, found: &mut Violations) {
        if let Some(least) = self.min_length.filter(|least| text.chars().count() < *least) {
            found.invalid(format!("the value is shorter than {}", counted(least, "character")));
        }
        if let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.regex.is_match(text)) {
            found.invalid(format!("the value does not match \"{}\"", pattern.source));
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "limits are small")]
    fn check_number(&self, number: f64, found: &mut Violations) {
        if let Some(least) = self.minimum.filter(|least| number < *least as f64) {
            found.invalid(format!("the value is less than the minimum of {least}"));
        }
        if let Some(most) = self.maximum.filter(|most| number > *most as f64) {
            found.invalid(format!("the value is greater than the maximum of {most}"));
        }
    }

    fn check_items(&self, items: &[Json], found: &mut Violations) {
        if let Some(least) = self.min_items.filter(|least| items.len() < *least) {
            found.invalid(format!("the value has less than {}", counted(least, "item")));
        }
        if let Some(most) = self.max_items.filter(|most| items.len() > *most) {
            found.invalid(format!("the value has more than {}", counted(most, "item")));
        }
        for (index, item) in items.iter().enumerate() {
            if let Some(part) = self.prefix_items.get(index).or(self.items.as_deref()) {
                found.below(&index.to_string(), |found| part.check(item, found));
            }
        }
    }

    fn check_fields(&self, fields: &Map<String, Json>, found: &mut Violations) {
        for name in self.required.iter().filter(|name| !fields.contains_key(*name)) {
            found.add(ViolationKind::Missing(name.clone()));
        }
        let mut unknown = Vec::new();
        for (name, value) in fields {
            if self.property_names.as_ref().is_some_and(|part| !part.fits(&Json::from(name.as_str()))) {
                found.invalid(key_not_allowed(name));
            }
            let part = match (self.properties.get(name), &self.additional_properties) {
                (Some(part), _) => part,
                (None, Some(Additional::Like(part))) => part,
                (None, Some(Additional::Allowed(false))) => {
                    unknown.push(name.clone());
                    continue;
                }
                (None, _) => continue,
            };
            found.below(name, |found| part.check(value, found));
        }
        if !unknown.is_empty() {
            found.add(ViolationKind::Unknown(unknown));
        }
    }
}

/// The violations found so far, and the pointer to the current value.
struct Violations {
    pointer: String,
    violations: Vec<Violation>,
}

impl Violations {
    fn add(&mut self, kind: ViolationKind) {
        self.violations.push(Violation { pointer: self.pointer.clone(), kind });
    }

    fn invalid(&mut self, what: String) {
        self.add(ViolationKind::Invalid(what));
    }

    /// Validates a value inside of the current value.
    fn below(&mut self, name: &str, check: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        check(self);
        self.pointer.truncate(length);
    }
}

impl Types {
    fn as_slice(&self) -> &[JsonType] {
        match self {
            Self::One(kind) => std::slice::from_ref(kind),
            Self::Many(kinds) => kinds,
        }
    }
}

/// Whether a value has a JSON type.
fn has_type(value: &Json, kind: JsonType) -> bool {
    match (kind, value) {
        (JsonType::Array, Json::Array(_))
        | (JsonType::Boolean, Json::Bool(_))
        | (JsonType::Null, Json::Null)
        | (JsonType::Number, Json::Number(_))
        | (JsonType::Object, Json::Object(_))
        | (JsonType::String, Json::String(_)) => true,
        // 3.0 is an integer.
        (JsonType::Integer, Json::Number(number)) => {
            number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        _ => false,
    }
}

/// `"always", "never" or 4 other candidates`
fn list_some(options: &[Json]) -> String {
    const MOST: usize = 3;
    let mut texts: Vec<String> = options.iter().map(Json::to_string).collect();
    if texts.len() > MOST {
        let others = texts.split_off(MOST - 1).len();
        texts.push(format!("{others} other candidates"));
    }
    listed(&texts.iter().map(String::as_str).collect::<Vec<_>>(), "or")
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A value that is present, even if it is null.
fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// A pattern in the syntax of JavaScript, in which `\S` and `.` match other characters than in Rust.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct JavaScriptPattern {
    source: String,
    regex: Regex,
}

impl TryFrom<String> for JavaScriptPattern {
    type Error = regex::Error;

    fn try_from(source: String) -> Result<Self, Self::Error> {
        const NOT_SPACE: &str = r"[^\t-\r\p{Zs}\u{2028}\u{2029}\u{FEFF}]";
        const NOT_LINE_END: &str = r"[^\n\r\u{2028}\u{2029}]*";
        let regex = Regex::new(&source.replace(r"\S", NOT_SPACE).replace(".*", NOT_LINE_END))?;
        Ok(Self { source, regex })
    }
}
