//! A site's own schemas, which may use all of JSON Schema.

mod cost;

use super::violation::{
    JsonType, NONE_OF_THE_FORMS, NOT_ALLOWED, Violation, ViolationKind, key_not_allowed, wrong_type,
};
use cost::{Cost, DEEPEST_OF_LOOPS, cost};
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

/// A compiled schema.
pub(super) struct JsonSchema {
    pub(super) json: Json,
    pub(super) validator: jsonschema::Validator,
    /// Number of its parts that are evaluated for each value.
    pub(super) parts: u64,
    /// The nesting depth down to which values are validated, if the schema refers to itself.
    pub(super) deepest: Option<usize>,
}

/// Reads a schema from an untrusted source.
pub(super) fn parse(text: &str) -> Result<JsonSchema, String> {
    let json: Json = serde_json::from_str(text)
        .map_err(|error| format!("not JSON, at line {} column {}", error.line(), error.column()))?;
    let Cost { parts, loops } = cost(&json)?;
    // A regex engine whose time is linear in the length of the text.
    let validator = jsonschema::options()
        .with_pattern_options(jsonschema::PatternOptions::regex().size_limit(1 << 20))
        .build(&json)
        .map_err(|error| format!("not a JSON Schema, at `{}`", error.instance_path()))?;
    Ok(JsonSchema { json, validator, parts, deepest: loops.then_some(DEEPEST_OF_LOOPS) })
}

pub(super) fn violations(validator: &jsonschema::Validator, value: &Json) -> Vec<Violation> {
    validator.iter_errors(value).map(|error| violation(&error)).collect()
}

fn violation(error: &ValidationError<'_>) -> Violation {
    let kind = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            ViolationKind::Unknown(unexpected.iter().map(ToString::to_string).collect())
        }
        ValidationErrorKind::Required { property } => {
            ViolationKind::Missing(property.as_str().unwrap_or_default().to_owned())
        }
        _ => ViolationKind::Invalid(describe_error(error)),
    };
    Violation { pointer: error.instance_path().as_str().to_owned(), kind }
}

fn describe_error(error: &ValidationError<'_>) -> String {
    match error.kind() {
        ValidationErrorKind::Type { kind } => {
            let types: Vec<JsonType> = match kind {
                TypeKind::Single(kind) => vec![(*kind).into()],
                TypeKind::Multiple(kinds) => kinds.iter().map(JsonType::from).collect(),
            };
            wrong_type(&types)
        }
        ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. } => {
            NONE_OF_THE_FORMS.to_owned()
        }
        ValidationErrorKind::Not { .. } => NOT_ALLOWED.to_owned(),
        ValidationErrorKind::PropertyNames { error } => {
            key_not_allowed(error.instance().as_str().unwrap_or_default())
        }
        _ => error.masked_with("the value").to_string(),
    }
}

impl From<jsonschema::JsonType> for JsonType {
    fn from(kind: jsonschema::JsonType) -> Self {
        match kind {
            jsonschema::JsonType::Array => Self::Array,
            jsonschema::JsonType::Boolean => Self::Boolean,
            jsonschema::JsonType::Integer => Self::Integer,
            jsonschema::JsonType::Null => Self::Null,
            jsonschema::JsonType::Number => Self::Number,
            jsonschema::JsonType::Object => Self::Object,
            jsonschema::JsonType::String => Self::String,
        }
    }
}
