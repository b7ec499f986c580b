//! The JSON Schema of a config, for editors.

use super::Config;
use postmend_rules::{ALL, CommonOptions, RuleInfo};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The config's JSON Schema.
pub fn schema() -> String {
    let settings = || SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings().into_generator().into_root_schema_for::<Config>();
    schema.insert("title".to_owned(), "postmend.toml".into());
    let mut generator = settings().into_generator();
    let mut definitions = properties(&CommonOptions::json_schema(&mut generator));
    definitions.insert("rules".to_owned(), rules(&mut generator));
    schema.insert("definitions".to_owned(), Value::Object(definitions));
    let mut schema = schema.to_value();
    adapt_to_toml(&mut schema);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}

/// Removes null values, which TOML does not have, and puts each description on one line.
fn adapt_to_toml(schema: &mut Value) {
    match schema {
        Value::Array(items) => {
            items.retain(|item| item != "null" && *item != json!({ "type": "null" }) && !item.is_null());
            items.iter_mut().for_each(adapt_to_toml);
        }
        Value::Object(object) => {
            object.retain(|key, value| key != "default" || !value.is_null());
            object.values_mut().for_each(adapt_to_toml);
            for key in ["type", "anyOf"] {
                let only = object.get(key).and_then(Value::as_array).filter(|items| items.len() == 1);
                match only.map(|items| items[0].clone()) {
                    Some(Value::Object(only)) => {
                        object.remove(key);
                        object.extend(only);
                    }
                    Some(only) => drop(object.insert(key.to_owned(), only)),
                    None => {}
                }
            }
            if let Some(Value::String(text)) = object.get_mut("description") {
                *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            }
        }
        _ => {}
    }
}

/// The options of each rule, and those that all rules share.
fn rules(generator: &mut SchemaGenerator) -> Value {
    let common = properties(&CommonOptions::json_schema(generator)).into_iter();
    let common: Map<String, Value> =
        common.map(|(name, _)| (name.clone(), json!({ "$ref": format!("#/definitions/{name}") }))).collect();
    let rule = |info: &&RuleInfo| {
        let mut all = common.clone();
        all.extend(properties(&(info.constructor.schema)(generator)));
        let rule = json!({
            "description": info.summary(),
            "type": "object",
            "properties": all,
            "additionalProperties": false,
        });
        (info.name.to_owned(), rule)
    };
    let rules: Map<String, Value> = ALL.iter().map(rule).collect();
    // A site's own rules have only the shared options.
    let own = json!({ "type": "object", "properties": common, "additionalProperties": false });
    json!({
        "description": "Options of rules, by name.",
        "type": "object",
        "properties": rules,
        "additionalProperties": own,
    })
}

fn properties(schema: &Schema) -> Map<String, Value> {
    schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}
