//! Rules in the config's JSON Schema: their names, for completion in editors, and references to their options.

use super::sourced_value::REST;
use postmend_rules::ALL;
use schemars::{Schema, SchemaGenerator, json_schema};

/// The schema of a list of rules, whose names editors can complete.
pub fn of_names(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> =
        ["default", "all", REST].into_iter().chain(ALL.iter().map(|info| info.name)).collect();
    json_schema!({ "type": "array", "items": { "anyOf": [{ "enum": names }, { "type": "string" }] } })
}

/// The schema of the options of rules, for every place where they appear.
pub fn of_rules(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "$ref": "#/definitions/rules" })
}
