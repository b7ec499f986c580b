//! Names in messages: lists of names, and suggestions for unknown names.

use postmend_core::Generator;

/// The name most similar to `got`, if any is similar enough.
pub fn nearest<'n>(got: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let scored = names.map(|name| (strsim::jaro_winkler(got, name), name));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.75).then_some(best.1)
}

/// "Docusaurus, Eleventy and Zola"
pub(crate) fn generators(generators: &[Generator]) -> String {
    let titles: Vec<&str> = generators.iter().map(|generator| generator.title()).collect();
    listed(&titles, "and")
}

/// "text, a number or a list"
pub(crate) fn listed(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [others @ .., last] => format!("{} {word} {last}", others.join(", ")),
    }
}
