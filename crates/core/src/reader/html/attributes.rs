//! Attributes that contain URLs: of elements, of components, in `srcset` and in `style`.

use super::{is_component, value_of};
use crate::escaping::Escaping;
use crate::html::{Attribute, Quote, Tag, is_one_of, same};
use crate::image::{Alt, ImageSyntax};
use crate::reader::{Reader, ShownValue, ValueForm};
use crate::url::{Role, is_absolute, names_an_image};
use crate::{Format, Span};
use std::borrow::Cow;

/// Attributes that contain one URL: element (any if empty), attribute, role of the URL.
const URL_ATTRIBUTES: [(&str, &str, Role); 18] = [
    ("img", "src", Role::Image),
    ("input", "src", Role::Image),
    ("image", "href", Role::Image),
    ("image", "xlink:href", Role::Image),
    ("", "poster", Role::Image),
    ("", "background", Role::Image),
    ("a", "href", Role::Link),
    ("area", "href", Role::Link),
    ("video", "src", Role::Media),
    ("audio", "src", Role::Media),
    ("source", "src", Role::Media),
    ("track", "src", Role::Media),
    ("iframe", "src", Role::Media),
    ("embed", "src", Role::Media),
    ("object", "data", Role::Media),
    ("amp-img", "src", Role::Image),
    ("v-img", "src", Role::Image),
    ("nuxt-img", "src", Role::Image),
];

/// Attributes of an `<img>` whose URL is copied to `src` later by a script.
const LAZY: [&str; 14] = [
    "lazy-src",
    "data-zoom-src",
    "data-full-src",
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-actualsrc",
    "data-original-src",
    "data-echo",
    "data-url",
    "data-default-watermark-src",
    "data-croporisrc",
    "data-cover",
];

/// The alternative text as HTML writes it, and as frameworks bind it: Vue, Alpine, Angular.
const ALTS: [&str; 6] = ["alt", ":alt", "v-bind:alt", "x-bind:alt", "[alt]", "[attr.alt]"];

/// Attributes of components that readers see, by the names that they commonly have.
const COMPONENT_TEXTS: [&str; 10] = [
    "alt",
    "caption",
    "description",
    "heading",
    "label",
    "subtitle",
    "summary",
    "title",
    "tooltip",
    "aria-label",
];

/// Elements whose `title` readers see.
const TITLED: [&str; 18] = [
    "a", "abbr", "acronym", "area", "button", "cite", "dfn", "div", "iframe", "img", "input", "mark", "p",
    "span", "td", "th", "time", "video",
];

/// Attributes that contain a list of candidates.
const CANDIDATES: [&str; 4] = ["srcset", "data-srcset", "data-lazy-srcset", "imagesrcset"];

/// Attributes of components that contain an image if they look like one.
const COMPONENT_IMAGES: [&str; 10] =
    ["src", "image", "img", "cover", "poster", "thumbnail", "icon", "logo", "url", "photo"];

/// Parts of names of components that play or embed something and do not show an image.
const MEDIA_COMPONENTS: [&str; 14] = [
    "iframe", "frame", "video", "audio", "youtube", "vimeo", "bilibili", "embed", "player", "tweet",
    "codepen", "sandbox", "script", "podcast",
];

impl<'t> Reader<'t> {
    /// Adds the URLs of an opening tag, and the images that it shows.
    pub(super) fn tag_urls(&mut self, tag: &Tag, attributes: &[Attribute]) {
        let name = tag.name.of(self.text);
        let is_component = is_component(name);
        let is_input_image = same(name, "input") && self.attribute_says(attributes, "type", "image");
        let is_control = is_input_image || is_area_with_link(name, attributes, self.text);
        let shows_image = same(name, "img") || is_control;
        let mut first = None;
        for attribute in attributes {
            let Some(value) = attribute.value.filter(|value| !value.is_empty()) else { continue };
            let literal = self.string_literal(value);
            let (value, escaping) = literal
                .map_or((value, Escaping::Attribute(attribute.quote)), |inside| (inside, Escaping::Code));
            let attribute_name = attribute.name.of(self.text);
            let lazy = is_one_of(attribute_name, &LAZY);
            let role = if is_component {
                self.component_role(name, attribute_name, value)
            } else {
                let shows_later = lazy && (same(name, "img") || names_an_image(value.of(self.text)));
                plain_role(name, attribute_name)
                    .or_else(|| shows_later.then_some(Role::Image))
                    .or_else(|| self.role_by_rest(name, attributes, attribute_name))
            };
            if let Some(role) = role {
                let url = self.attribute_url(value, escaping, role);
                // A value in braces is templated, unless it is just a string.
                self.urls[url as usize].templated &= literal.is_none();
                if role != Role::Image {
                    continue;
                }
                let is_main = shows_image && same(attribute_name, "src") || is_component && first.is_none();
                if is_main {
                    first = Some(url);
                } else if !lazy {
                    self.other_image(tag, url);
                }
            } else if is_one_of(attribute_name, &CANDIDATES) {
                self.candidates(tag, value, attribute.quote);
            } else if self.is_text(name, is_component, attribute_name, value) {
                self.shown.push(ShownValue { span: value, form: ValueForm::Attribute });
            } else if same(attribute_name, "style") && value.of(self.text).contains("url(") {
                self.style(tag, value, attribute.quote);
            }
        }
        if shows_image || (is_component && first.is_some()) {
            let syntax = match (is_component, is_control) {
                (true, _) => ImageSyntax::Component,
                (_, true) => ImageSyntax::Control,
                _ => ImageSyntax::Html,
            };
            let labelled = self.is_labelled(attributes, is_control);
            let alt = self.alt_attribute(tag, attributes);
            self.html_image(tag, first, alt, syntax, labelled);
        }
    }

    /// Whether an attribute is text that readers see. The `alt` of an image is found with the image.
    fn is_text(&self, element: &str, is_component: bool, attribute: &str, value: Span) -> bool {
        if self.is_templated(value) {
            return false;
        }
        if !is_component {
            return same(attribute, "title") && is_one_of(element, &TITLED);
        }
        let value = value.of(self.text);
        let is_name = !value.contains(char::is_whitespace) && value.contains(['/', '.', '_', ':']);
        is_one_of(attribute, &COMPONENT_TEXTS) && !value.starts_with('{') && !is_name
    }

    fn attribute_says(&self, attributes: &[Attribute], name: &str, wanted: &str) -> bool {
        attributes.iter().any(|attribute| {
            same(attribute.name.of(self.text), name)
                && attribute.value.is_some_and(|value| same(value.of(self.text), wanted))
        })
    }

    fn is_labelled(&self, attributes: &[Attribute], is_control: bool) -> bool {
        let labels: &[&str] = match is_control {
            true => &["aria-label", "aria-labelledby", "title"],
            false => &["aria-label", "aria-labelledby"],
        };
        attributes.iter().any(|attribute| {
            is_one_of(attribute.name.of(self.text), labels)
                && attribute.value.is_some_and(|value| !value.of(self.text).trim().is_empty())
        })
    }

    fn component_role(&self, component: &str, attribute: &str, value: Span) -> Option<Role> {
        let value = value.of(self.text);
        if attribute == "src" && value.starts_with('{') {
            return ["Image", "Img", "Picture", "StaticImage"].contains(&component).then_some(Role::Image);
        }
        if is_one_of(attribute, &["href", "to"]) {
            return Some(Role::Link);
        }
        let lower = component.to_ascii_lowercase();
        let shows_media = MEDIA_COMPONENTS.iter().any(|part| lower.contains(part));
        if shows_media && attribute == "src" && !names_an_image(value) {
            return (!value.starts_with('{')).then_some(Role::Media);
        }
        let path = value.contains(['/', '.']) && !value.contains(char::is_whitespace);
        let image = is_one_of(attribute, &COMPONENT_IMAGES) && path && !value.starts_with('{');
        // A proxy's URL ends in a query, so its path does not have an image extension.
        let says_image = attribute != "url" && is_absolute(value);
        (image && (attribute == "src" || says_image || names_an_image(value))).then_some(Role::Image)
    }

    /// The role of a URL that is that of an image by the other attributes.
    fn role_by_rest(&self, element: &str, attributes: &[Attribute], attribute: &str) -> Option<Role> {
        let says = |name: &str, wanted: &[&str]| {
            let value = value_of(attributes, name, self.text).unwrap_or_default();
            value.split_ascii_whitespace().any(|word| is_one_of(word, wanted))
        };
        let is_image = if same(attribute, "href") && same(element, "link") {
            says("rel", &["icon", "apple-touch-icon", "image_src"])
                || says("rel", &["preload"]) && says("as", &["image"])
        } else {
            let names = ["og:image", "og:image:url", "og:image:secure_url", "twitter:image"];
            same(attribute, "content")
                && same(element, "meta")
                && (says("property", &names) || says("name", &names))
        };
        is_image.then_some(Role::Image)
    }

    /// The string in JSX's `src={"…"}`, if it has no escapes and no interpolation.
    fn string_literal(&self, value: Span) -> Option<Span> {
        if self.format != Format::Mdx {
            return None;
        }
        let inside = value.of(self.text).strip_prefix('{')?.strip_suffix('}')?;
        let string = inside.trim();
        let quote = string.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
        let text = string.strip_prefix(quote)?.strip_suffix(quote)?;
        let is_plain = !text.is_empty() && !text.contains([quote, '\\', '\n', '\r']) && !text.contains("${");
        let start = value.start as usize + 1 + (inside.len() - inside.trim_start().len()) + 1;
        is_plain.then(|| Span::new(start, start + text.len()))
    }

    fn attribute_url(&mut self, value: Span, escaping: Escaping, role: Role) -> u32 {
        let raw = value.of(self.text);
        let blanks = raw.len() - raw.trim_start().len();
        let start = value.start as usize + blanks;
        let span = Span::new(start, start + raw.trim().len());
        self.url(span, escaping, role)
    }

    fn other_image(&mut self, tag: &Tag, url: u32) {
        self.html_image(tag, Some(url), Alt::Unsaid, ImageSyntax::HtmlOther, false);
    }

    fn alt_attribute(&mut self, tag: &Tag, attributes: &[Attribute]) -> Alt<'t> {
        let found = attributes.iter().find(|attribute| is_one_of(attribute.name.of(self.text), &ALTS));
        let Some(attribute) = found else { return Alt::Absent };
        let Some(value) = attribute.value else {
            return Alt::Empty(Span::point(attribute.name.end as usize));
        };
        let text = value.of(self.text);
        if text.is_empty() {
            return Alt::Empty(value);
        }
        debug_assert!(tag.span.contains(value));
        if !same(attribute.name.of(self.text), "alt") || self.is_templated(value) {
            return Alt::Text(value, Cow::Borrowed("\u{FFFC}"));
        }
        if !is_component(tag.name.of(self.text)) {
            self.shown.push(ShownValue { span: value, form: ValueForm::Attribute });
        }
        Alt::Text(value, htmlize::unescape_attribute(text))
    }

    /// Adds the candidates of a `srcset`, split as HTML does.
    fn candidates(&mut self, tag: &Tag, value: Span, quote: Quote) {
        let raw = value.of(self.text);
        let mut at = 0;
        let blank = |c: char| c.is_ascii_whitespace();
        loop {
            at += raw[at..].len() - raw[at..].trim_start_matches(|c| blank(c) || c == ',').len();
            let length = raw[at..].find(blank).unwrap_or(raw.len() - at);
            if length == 0 {
                return;
            }
            let word = &raw[at..at + length];
            let address = word.trim_end_matches(',');
            let span = Span::new(at, at + address.len()).shifted(value.start as usize);
            let url = self.url(span, Escaping::Srcset(quote), Role::Image);
            self.other_image(tag, url);
            at += length;
            if word.len() == address.len() {
                at += raw[at..].find(',').unwrap_or(raw.len() - at);
            }
        }
    }

    /// Adds every `url()` of a `style` attribute.
    fn style(&mut self, tag: &Tag, value: Span, quote: Quote) {
        let raw = value.of(self.text);
        let mut at = 0;
        while let Some(next) = raw[at..].find("url(") {
            at += next + 4;
            let Some(length) = raw[at..].find(')') else { return };
            let mut inside = raw[at..at + length].trim();
            for mark in ["\"", "'", "&quot;", "&#39;", "&apos;"] {
                if let Some(bare) = inside.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark)) {
                    inside = bare;
                }
            }
            let start = at + raw[at..].find(inside).unwrap_or(0);
            if !inside.is_empty() {
                let span = Span::new(start, start + inside.len()).shifted(value.start as usize);
                let url = self.url(span, Escaping::Css(quote), Role::Image);
                self.other_image(tag, url);
            }
            at += length;
        }
    }
}

/// Whether an element is an area of an image map that leads somewhere.
fn is_area_with_link(element: &str, attributes: &[Attribute], text: &str) -> bool {
    same(element, "area") && attributes.iter().any(|attribute| same(attribute.name.of(text), "href"))
}

fn plain_role(element: &str, attribute: &str) -> Option<Role> {
    let of_both = |(wanted, attribute_name, _): &&(&str, &str, Role)| {
        (wanted.is_empty() || same(element, wanted)) && same(attribute, attribute_name)
    };
    URL_ATTRIBUTES.iter().find(of_both).map(|(_, _, role)| *role)
}
