//! The cost of validating a value against a schema: a subschema with several references to it is evaluated once
//! for each, so even a small file can take too long.

use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

/// Maximum number of subschemas, each counted as often as it is evaluated.
const MOST: u64 = 100_000;

/// How deep values are validated if the schema refers to itself.
pub(super) const DEEPEST_OF_LOOPS: usize = 8;

/// Maximum number of nested subschemas and references.
const LONGEST_WAY: usize = 256;

/// Keywords with subschemas for the same value.
const HERE: [&str; 4] = ["not", "if", "then", "else"];
const ALL_HERE: [&str; 5] = ["allOf", "anyOf", "oneOf", "dependentSchemas", "dependencies"];
const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// Keywords with subschemas for the values inside it.
const BELOW: [&str; 7] = [
    "additionalProperties",
    "additionalItems",
    "items",
    "contains",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
];
const ALL_BELOW: [&str; 4] = ["properties", "patternProperties", "prefixItems", "items"];

/// The cost of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// Number of subschemas that are evaluated.
    pub(super) parts: u64,
    /// Whether it refers to itself, for nested values.
    pub(super) loops: bool,
}

/// Counts the subschemas of a schema.
///
/// # Errors
/// There are too many, they are endless, or they are in another file.
pub(super) fn cost(schema: &Json) -> Result<Cost, String> {
    let mut anchors = HashMap::new();
    find_anchors(schema, &mut anchors);
    let mut count = Count { root: schema, anchors, left: None, cached: HashMap::new(), open: HashSet::new() };
    let unrolled = count.of(schema, 0, 0);
    let (parts, loops) = match unrolled {
        Err(CountStop::Loop) => {
            count.left = Some(DEEPEST_OF_LOOPS);
            count.cached.clear();
            count.open.clear();
            (count.of(schema, DEEPEST_OF_LOOPS, 0), true)
        }
        parts => (parts, false),
    };
    match parts {
        Ok(parts) if parts <= MOST => Ok(Cost { parts, loops }),
        Ok(_) => Err(format!("its references expand to more than {MOST} parts")),
        Err(CountStop::Loop) => Err("a part refers to itself for the same value".to_owned()),
        Err(CountStop::TooLong) => Err(format!("references are nested more than {LONGEST_WAY} deep")),
        Err(CountStop::Elsewhere) => Err("`$ref` refers to another file, or to nothing".to_owned()),
        Err(CountStop::NamedInside) => Err("it contains a nested `$id`".to_owned()),
    }
}

enum CountStop {
    Loop,
    TooLong,
    Elsewhere,
    NamedInside,
}

struct Count<'s> {
    root: &'s Json,
    anchors: HashMap<&'s str, &'s Json>,
    /// Number of nesting levels of values to count; `None` for all.
    left: Option<usize>,
    /// Counts by address of the subschema and number of nesting levels left.
    cached: HashMap<(*const Json, usize), u64>,
    open: HashSet<(*const Json, usize)>,
}

impl<'s> Count<'s> {
    fn of(&mut self, part: &'s Json, left: usize, way: usize) -> Result<u64, CountStop> {
        let Json::Object(keywords) = part else { return Ok(1) };
        let here = (std::ptr::from_ref(part), left);
        if let Some(cached) = self.cached.get(&here) {
            return Ok(*cached);
        }
        if way > LONGEST_WAY {
            return Err(CountStop::TooLong);
        }
        if !self.open.insert(here) {
            return Err(CountStop::Loop);
        }
        // A nested `$id` would change the target of references.
        if !std::ptr::eq(part, self.root) && keywords.get("$id").is_some_and(Json::is_string) {
            return Err(CountStop::NamedInside);
        }
        let mut parts = keywords.get("enum").and_then(Json::as_array).map_or(1, |list| 1 + list.len() as u64);
        let mut add = |more: u64| parts = parts.saturating_add(more);
        for name in HERE {
            if let Some(inner) = keywords.get(name) {
                add(self.of(inner, left, way + 1)?);
            }
        }
        for inner in ALL_HERE.iter().filter_map(|name| keywords.get(*name)).flat_map(subschemas) {
            add(self.of(inner, left, way + 1)?);
        }
        for reference in REFERENCES.iter().filter_map(|name| keywords.get(*name)?.as_str()) {
            let target = self.target(reference).ok_or(CountStop::Elsewhere)?;
            add(self.of(target, left, way + 1)?);
        }
        let below = match self.left {
            None => Some(0),
            Some(_) => left.checked_sub(1),
        };
        if let Some(below) = below {
            let single =
                BELOW.iter().filter_map(|name| keywords.get(*name)).filter(|inner| inner.is_object());
            let all = ALL_BELOW.iter().filter_map(|name| {
                let inner = keywords.get(*name)?;
                (*name != "items" || inner.is_array()).then_some(inner)
            });
            for inner in single.chain(all.flat_map(subschemas)) {
                add(self.of(inner, below, way + 1)?);
            }
        }
        self.open.remove(&here);
        self.cached.insert(here, parts);
        Ok(parts)
    }

    fn target(&self, reference: &str) -> Option<&'s Json> {
        // Escaped names count as missing, since the validator might resolve them to something else.
        let fragment = reference.strip_prefix('#').filter(|fragment| !fragment.contains('%'))?;
        match fragment.is_empty() || fragment.starts_with('/') {
            true => self.root.pointer(fragment),
            false => self.anchors.get(fragment).copied(),
        }
    }
}

/// The items of a list or the values of a map.
fn subschemas(value: &Json) -> Box<dyn Iterator<Item = &Json> + '_> {
    match value {
        Json::Array(list) => Box::new(list.iter()),
        Json::Object(map) => Box::new(map.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn find_anchors<'s>(part: &'s Json, anchors: &mut HashMap<&'s str, &'s Json>) {
    if let Json::Object(keywords) = part {
        let names = ["$anchor", "$dynamicAnchor"].iter().filter_map(|name| keywords.get(*name)?.as_str());
        anchors.extend(names.map(|name| (name, part)));
    }
    subschemas(part).for_each(|inner| find_anchors(inner, anchors));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn counts_each_way_to_a_part() {
        assert_eq!(cost(&json!({})), Ok(Cost { parts: 1, loops: false }));
        let twice = json!({
            "allOf": [{ "$ref": "#/$defs/a" }, { "$ref": "#named" }],
            "$defs": { "a": { "enum": [1, 2] }, "b": { "$anchor": "named", "not": { "type": "null" } } },
        });
        assert_eq!(cost(&twice), Ok(Cost { parts: 1 + (1 + 3) + (1 + 2), loops: false }));
        let menu = json!({ "properties": { "title": true, "items": { "items": { "$ref": "#" } } } });
        assert!(cost(&menu).is_ok_and(|cost| cost.loops && cost.parts < 100));
    }

    #[test]
    fn refuses_what_never_ends() {
        let both = |name: String| json!({ "allOf": [{ "$ref": name }, { "$ref": name }] });
        let mut parts: serde_json::Map<String, Json> =
            (0..40).map(|level| (level.to_string(), both(format!("#/$defs/{}", level + 1)))).collect();
        parts.insert("40".to_owned(), json!({ "type": "string" }));
        let anchored = json!({ "$anchor": "a", "allOf": [{ "$ref": "#a" }, { "$ref": "#a" }] });
        let below = json!({ "additionalProperties": { "$ref": "#" }, "patternProperties": {
            "a": { "$ref": "#" }, "b": { "$ref": "#" }, "c": { "$ref": "#" }, "d": { "$ref": "#" } } });
        let mut chain: serde_json::Map<String, Json> = (0..1000)
            .map(|level: usize| (level.to_string(), json!({ "$ref": format!("#/$defs/{}", level + 1) })))
            .collect();
        chain.insert("1000".to_owned(), json!({}));
        let refused = [
            json!({ "$ref": "#/$defs/0", "$defs": parts }),
            json!({ "$ref": "#/$defs/0", "$defs": chain }),
            both("#".to_owned()),
            anchored,
            below,
            json!({ "$ref": "other.json" }),
            json!({ "$ref": "https://example.com/a.json" }),
            json!({ "$ref": "#/none" }),
            json!({ "properties": { "a": { "$id": "b.json", "$ref": "#" } } }),
        ];
        for schema in refused {
            assert!(cost(&schema).is_err(), "{schema}");
        }
    }
}
