//! What it costs to hold a value against a schema: parts that refer to others are looked at once for each way to them,
//! which a small file can make more than there is time for.

use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

/// The most parts that a schema may have, each counted as often as it is looked at.
const MOST: u64 = 100_000;

/// How deep values are compared with a schema that refers to itself.
pub(super) const DEEPEST_OF_LOOPS: usize = 8;

/// How many parts may lead from one to the next.
const LONGEST_WAY: usize = 256;

/// What holds for the same value.
const HERE: [&str; 4] = ["not", "if", "then", "else"];
const ALL_HERE: [&str; 5] = ["allOf", "anyOf", "oneOf", "dependentSchemas", "dependencies"];
const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// What holds for the values in it.
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

/// What a schema costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// How many parts are looked at.
    pub(super) parts: u64,
    /// Whether it refers to itself, for values in values.
    pub(super) loops: bool,
}

/// Counts the parts of a schema.
///
/// # Errors
/// They are too many, without end, or in another file.
pub(super) fn cost(schema: &Json) -> Result<Cost, String> {
    let mut anchors = HashMap::new();
    find_anchors(schema, &mut anchors);
    let mut count = Count { root: schema, anchors, left: None, known: HashMap::new(), open: HashSet::new() };
    let unrolled = count.of(schema, 0, 0);
    let (parts, loops) = match unrolled {
        Err(CountStop::Loop) => {
            count.left = Some(DEEPEST_OF_LOOPS);
            count.known.clear();
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
    /// How many values in values are looked at; none if all are.
    left: Option<usize>,
    /// By the part's address, and how many values in values are left.
    known: HashMap<(*const Json, usize), u64>,
    open: HashSet<(*const Json, usize)>,
}

impl<'s> Count<'s> {
    fn of(&mut self, part: &'s Json, left: usize, way: usize) -> Result<u64, CountStop> {
        let Json::Object(keywords) = part else { return Ok(1) };
        let here = (std::ptr::from_ref(part), left);
        if let Some(known) = self.known.get(&here) {
            return Ok(*known);
        }
        if way > LONGEST_WAY {
            return Err(CountStop::TooLong);
        }
        if !self.open.insert(here) {
            return Err(CountStop::Loop);
        }
        // Another name for what is in it would change where references lead.
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
        for inner in ALL_HERE.iter().filter_map(|name| keywords.get(*name)).flat_map(each) {
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
            let one = BELOW.iter().filter_map(|name| keywords.get(*name)).filter(|inner| inner.is_object());
            let all = ALL_BELOW.iter().filter_map(|name| {
                let inner = keywords.get(*name)?;
                (*name != "items" || inner.is_array()).then_some(inner)
            });
            for inner in one.chain(all.flat_map(each)) {
                add(self.of(inner, below, way + 1)?);
            }
        }
        self.open.remove(&here);
        self.known.insert(here, parts);
        Ok(parts)
    }

    fn target(&self, reference: &str) -> Option<&'s Json> {
        // Names with escapes are taken for none, rather than for others than the validator takes them for.
        let fragment = reference.strip_prefix('#').filter(|fragment| !fragment.contains('%'))?;
        match fragment.is_empty() || fragment.starts_with('/') {
            true => self.root.pointer(fragment),
            false => self.anchors.get(fragment).copied(),
        }
    }
}

/// What is in a list or map.
fn each(value: &Json) -> Box<dyn Iterator<Item = &Json> + '_> {
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
    each(part).for_each(|inner| find_anchors(inner, anchors));
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
