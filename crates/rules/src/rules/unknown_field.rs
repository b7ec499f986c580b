//! Finds unknown fields in front matter.

use crate::finding::{Findings, Severity};
use crate::names::nearest;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::schema::{MisfitKind, preset};
use postmend_core::front::{FrontMatter, Key};
use postmend_core::{FieldRole, Generator};
use serde::Deserialize;
use std::collections::HashSet;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "unknown-field",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("unknown_field.md"),
    constructor: Constructor::post_with_options::<UnknownField>(),
};

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
struct UnknownField {
    /// Additional known fields.
    allow: Vec<String>,
}

impl Rule for UnknownField {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(matter) = post.untemplated_front_matter().filter(|matter| matter.fault.is_none()) else {
            return;
        };
        let names: &[String] = post.context.schema().map_or(&[], |schema| schema.names.as_slice());
        let forbidden = post.misfits().iter().filter(|misfit| matches!(misfit.kind, MisfitKind::Unknown));
        let forbidden: HashSet<usize> = forbidden.filter_map(|misfit| misfit.field).collect();
        for (index, field) in matter.fields.iter().enumerate() {
            let Key::Name(name, span) = &field.key else { continue };
            let is_forbidden = forbidden.contains(&index);
            let near = if is_forbidden {
                nearest(name, names.iter().map(String::as_str))
            } else {
                slip_of(name, names)
            };
            // A name that is correct elsewhere is not a typo.
            let is_slip = field.parent.is_none() && near.is_some() && !is_known(post, matter, index, name);
            if !(is_forbidden || is_slip) || self.allow.iter().any(|allowed| allowed == name) {
                continue;
            }
            let finding = findings.add(*span, format!("`{name}` is not a known field"));
            if let Some(near) = near {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }
}

/// The known name of which this one is a typo: one letter wrong, missing, extra or swapped. Singular and plural
/// (`tag`, `images`) are not typos of each other, and short names are skipped.
fn slip_of<'n>(name: &str, names: &'n [String]) -> Option<&'n str> {
    const SHORTEST: usize = 5;
    if name.len() < SHORTEST
        || !name.is_ascii()
        || names.iter().any(|listed| listed.eq_ignore_ascii_case(name))
    {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let is_slip = |listed: &&String| {
        let listed = listed.to_ascii_lowercase();
        let same_but_number = lower.trim_end_matches('s') == listed.trim_end_matches('s');
        listed.len() >= SHORTEST && !same_but_number && strsim::osa_distance(&lower, &listed) == 1
    };
    names.iter().find(is_slip).map(String::as_str)
}

/// Names that themes use and that are similar to names of a generator.
const COMMON: [&str; 2] = ["featured", "linked"];

fn is_known(post: &Post<'_>, matter: &FrontMatter<'_>, index: usize, name: &str) -> bool {
    let mut by_some = Generator::ALL.iter().filter_map(|generator| preset(*generator));
    let has_role = post.context.site.roles.of(matter, index).is_some_and(|role| role != FieldRole::Url);
    has_role
        || COMMON.contains(&name)
        || by_some.any(|schema| schema.names.iter().any(|listed| listed == name))
}
