//! What the attributes of an element say about all that is in it, read in one pass.

use crate::Span;
use crate::html::{Attribute, Name, is_one_of, same};
use crate::prose::is_foreign_language;

/// Roles of WAI-ARIA that an image may have. The first known one of a list counts.
const ROLES: [&str; 14] = [
    "none",
    "presentation",
    "img",
    "image",
    "button",
    "link",
    "figure",
    "checkbox",
    "menuitem",
    "option",
    "radio",
    "switch",
    "tab",
    "graphics-document",
];

/// What the attributes of an element say about it and about the text in it.
#[derive(Default)]
pub(super) struct Said<'t> {
    /// Whether the element and all in it are neither shown nor read aloud.
    pub(super) hidden: bool,
    /// Whether it sets the color of text.
    pub(super) coloured: bool,
    /// The values of `id` and `name`, by which links and scripts find it.
    pub(super) ids: [Option<Span>; 2],
    role: &'t str,
    lang: Option<&'t str>,
    xml_lang: Option<&'t str>,
    /// Whether its text is not to be translated.
    kept: bool,
}

impl<'t> Said<'t> {
    pub(super) fn of(attributes: &[Attribute], text: &'t str) -> Self {
        const ID: Name = Name::of("id");
        const NAME: Name = Name::of("name");
        const HIDDEN: [Name; 2] = Name::all(["hidden", "inert"]);
        const STYLE: Name = Name::of("style");
        const COLOR: Name = Name::of("color");
        const ROLE: Name = Name::of("role");
        const LANG: Name = Name::of("lang");
        const XML_LANG: Name = Name::of("xml:lang");
        let mut said = Self::default();
        // Of several attributes with the same name the first counts.
        for attribute in attributes.iter().rev() {
            let written = attribute.name.of(text);
            let value = attribute.value.map_or("", |value| value.of(text));
            match Name::of(written) {
                ID => said.ids[0] = attribute.value,
                NAME => said.ids[1] = attribute.value,
                name if name.is_in(&HIDDEN) => said.hidden = true,
                STYLE => said.add_style(value),
                COLOR => said.coloured = true,
                ROLE => said.role = value,
                LANG => said.lang = attribute.value.map(|value| value.of(text)),
                XML_LANG => said.xml_lang = attribute.value.map(|value| value.of(text)),
                name if name.is_long() => {
                    said.hidden |= same(written, "aria-hidden") && same(value.trim(), "true");
                    said.kept |= same(written, "translate") && same(value.trim(), "no");
                }
                _ => {}
            }
        }
        said
    }

    fn add_style(&mut self, style: &str) {
        for (property, value) in style.split(';').filter_map(|property| property.split_once(':')) {
            let (property, value) = (property.trim(), value.trim());
            let begins_with = |word: &str| value.get(..word.len()).is_some_and(|start| same(start, word));
            self.hidden |= same(property, "display") && begins_with("none");
            self.hidden |= same(property, "visibility") && begins_with("hidden");
            self.coloured |= same(property, "color");
        }
    }

    /// Whether the element is declared to have no meaning.
    pub(super) fn is_presentation(&self) -> bool {
        let first = self.role.split_ascii_whitespace().find(|role| is_one_of(role, &ROLES));
        first.is_some_and(|role| is_one_of(role, &["none", "presentation"]))
    }

    /// Whether its text is in a language other than the post's; `None` if it does not say so.
    pub(super) fn is_foreign(&self) -> Option<bool> {
        let declared = || self.lang.or(self.xml_lang).and_then(is_foreign_language);
        if self.kept { Some(true) } else { declared() }
    }
}
