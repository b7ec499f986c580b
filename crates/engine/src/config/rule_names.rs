//! Rules in the config's JSON Schema: their names, which editors complete, and where their options are described.

use super::sourced_value::REST;
use postmend_rules::ALL;
use schemars::{Schema, SchemaGenerator, json_schema};

/// A list of rules, whose names editors complete.
pub fn of_names(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> =
        ["default", "all", REST].into_iter().chain(ALL.iter().map(|card| card.name)).collect();
    json_schema!({ "type": "array", "items": { "anyOf": [{ "enum": names }, { "type": "string" }] } })
}

/// The options of rules, wherever they stand.
pub fn of_rules(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "$ref": "#/definitions/rules" })
}
