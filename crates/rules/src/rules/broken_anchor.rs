//! Finds links to headings of the post that are not there.

use crate::finding::{Findings, Severity};
use crate::local_links::ShownUrls;
use crate::post::Post;
use crate::proxy::decode_path;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::html::tree::{Selector, selector};
use postmend_core::template::templates;
use postmend_core::{Format, Generator, Role, Url};
use std::collections::HashSet;
use std::sync::LazyLock;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "broken-anchor",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("broken_anchor.md"),
    constructor: Constructor::post::<BrokenAnchor>(),
};

#[derive(Debug, Default)]
struct BrokenAnchor;

/// What a link can lead to.
static PLACES: LazyLock<Option<Selector>> =
    LazyLock::new(|| selector("h1, h2, h3, h4, h5, h6, summary, dt, [id], [name]").ok());

impl Rule for BrokenAnchor {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let document = post.document;
        let is_read = post.context.generator == Generator::None && document.format == Format::Markdown;
        let links = || document.urls.iter().filter_map(|url| Some((url, anchor(url)?)));
        if !is_read || links().next().is_none() {
            return;
        }
        // What fills in templates may make headings too.
        let body = &document.text[document.front.body..];
        if HIDING.iter().any(|tag| body.contains(tag)) {
            return;
        }
        if !templates(body, 0, document.format, document.generator).is_empty() {
            return;
        }
        let Some(selector) = PLACES.as_ref() else { return };
        let mut places = HashSet::new();
        for element in post.elements().select(selector, &|| false) {
            let heading = essence(&element.text);
            // Some leave out the number of a heading, and some take an id in braces.
            places.insert(heading.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned());
            places.insert(heading);
            // `{#id}`, `{id="id"}`, or React's `{/*id*/}`.
            let own = element.text.rsplit_once('{').and_then(|(_, rest)| rest.split_once('}'));
            places.extend(own.map(|(id, _)| essence(id.trim_start_matches("id="))));
            let ids = element.attributes.iter().filter(|(name, _)| name == "id" || name == "name");
            places.extend(ids.map(|(_, id)| essence(id)));
        }
        let shown = ShownUrls::of(document);
        // A bot makes links that are to lead nowhere.
        let has_bot = document.text.contains("ALL-CONTRIBUTORS-");
        let is_of_bot = |url: &Url<'_>| document.text[..url.span.start as usize].ends_with("href=\"");
        for (url, anchor) in links() {
            if !shown.has(url) || (has_bot && is_of_bot(url)) || is_in_widget(document.text, url) {
                continue;
            }
            let decoded = decode_path(anchor);
            let wanted = essence(&decoded);
            // The second heading of a name has a number: `part-2-1` for the second "Part 2".
            let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let second = decoded.rsplit_once('-').filter(|(_, number)| is_number(number));
            let second = second.map(|(first, _)| essence(first)).unwrap_or_default();
            let unnumbered = wanted.trim_end_matches(|c: char| c.is_ascii_digit());
            let is_there =
                |wanted: &str| places.contains(wanted) || places.iter().any(|place| is_folded(place, wanted));
            if !is_there(&wanted) && !is_there(unnumbered) && (second.is_empty() || !is_there(&second)) {
                findings
                    .add(url.span, format!("no heading of the post is #{decoded}"))
                    .help("a click on the link does nothing");
            }
        }
    }
}

/// Whether a link is in HTML whose class a script may look for: tabs are written as links.
fn is_in_widget(text: &str, url: &Url<'_>) -> bool {
    /// How far before a link its container is looked for, in bytes.
    const NEAR: usize = 1000;
    let start = url.span.start as usize;
    let before = &text[text.floor_char_boundary(start.saturating_sub(NEAR))..start];
    let is_html = before.ends_with(['"', '\'', '=']);
    let open = before.rfind("<div class=").or_else(|| before.rfind("<nav"));
    is_html && open.is_some_and(|at| !before[at..].contains("</div>") && !before[at..].contains("</nav>"))
}

/// The anchor that a link to the post itself names.
fn anchor<'u>(url: &'u Url<'_>) -> Option<&'u str> {
    let anchor = url.value.strip_prefix('#').filter(|_| url.role == Role::Link && !url.templated)?;
    let anchor = anchor.strip_prefix("user-content-").unwrap_or(anchor);
    // Scripts and footnotes have anchors of their own.
    let is_other = anchor.is_empty()
        // GitHub's page has this one around the text.
        || anchor == "readme"
        || anchor.contains(['/', '=', '!', '{', '$', ':'])
        || ["top", "fn", "cite", "ref"].iter().any(|start| anchor.to_ascii_lowercase().starts_with(start));
    (!is_other).then_some(anchor)
}

/// Whether an anchor may be a heading whose letters were made ASCII: `ubersicht` for Übersicht.
fn is_folded(heading: &str, anchor: &str) -> bool {
    let is_latin = |c: char| !c.is_ascii() && c < '\u{2E80}';
    anchor.is_ascii()
        && heading.contains(is_latin)
        && heading.chars().count() == anchor.len()
        && heading.chars().zip(anchor.chars()).all(|(a, b)| a == b || is_latin(a))
}

/// What all ways to make an anchor of a heading keep: its letters and digits, but not `①` or the dot of `İ`.
fn essence(heading: &str) -> String {
    let lower = heading.chars().flat_map(char::to_lowercase);
    lower.filter(|c| c.is_alphabetic() || c.is_ascii_digit()).collect()
}

/// Elements that hide what follows them until they end; GitHub shows their tags as text.
const HIDING: [&str; 6] = ["<script", "<style", "<textarea", "<title", "<xmp", "<iframe"];
