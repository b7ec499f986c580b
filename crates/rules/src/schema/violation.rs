//! What is wrong with a value, in the words that both validators use.

use crate::names::listed;
use serde::Deserialize;

/// A value that does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// The JSON Pointer that leads to it.
    pub(super) pointer: String,
    pub(super) kind: ViolationKind,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ViolationKind {
    /// What is wrong with the value.
    Invalid(String),
    /// Fields that the schema forbids.
    Unknown(Vec<String>),
    /// A field that the schema demands.
    Missing(String),
}

/// A type of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum JsonType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

pub(super) const NONE_OF_THE_FORMS: &str = "the value has none of the allowed forms";
pub(super) const NOT_ALLOWED: &str = "the value is not allowed";

pub(super) fn key_not_allowed(name: &str) -> String {
    format!("the key `{name}` is not allowed")
}

/// "the value is not text or a list"
pub(super) fn wrong_type(types: &[JsonType]) -> String {
    let mut types = types.to_vec();
    types.sort_unstable();
    // That a value may be left out is not worth saying.
    if types.len() > 1 {
        types.retain(|kind| *kind != JsonType::Null);
    }
    let names: Vec<&str> = types.iter().map(|kind| kind.name()).collect();
    format!("the value is not {}", listed(&names, "or"))
}

impl JsonType {
    fn name(self) -> &'static str {
        match self {
            Self::Array => "a list",
            Self::Boolean => "true or false",
            Self::Integer => "a whole number",
            Self::Null => "nothing",
            Self::Number => "a number",
            Self::Object => "a map",
            Self::String => "text",
        }
    }
}
