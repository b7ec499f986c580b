//! The sections of the rules' list.

use postmend_rules::{ALL, FAMILIES, RuleInfo};

/// Each heading with its rules, in the order of the list.
///
/// # Errors
/// A family has a name that is not a rule, or that is in another family too.
pub(super) fn families() -> Result<Vec<(&'static str, Vec<&'static RuleInfo>)>, String> {
    let named: Vec<&str> = FAMILIES.iter().flat_map(|(_, names)| *names).copied().collect();
    for (index, name) in named.iter().enumerate() {
        if !ALL.iter().any(|info| info.name == *name) || named[..index].contains(name) {
            return Err(format!("xtask/src/docs/families.rs: {name} is no rule, or named twice"));
        }
    }
    let of = |is_in: &dyn Fn(&str) -> bool| ALL.iter().copied().filter(|info| is_in(info.name)).collect();
    let mut families: Vec<(&str, Vec<&RuleInfo>)> =
        FAMILIES.iter().map(|(heading, names)| (*heading, of(&|name| names.contains(&name)))).collect();
    families.push(("Other rules", of(&|name| !named.contains(&name))));
    families.retain(|(_, cards)| !cards.is_empty());
    Ok(families)
}
