//! A post as rules see it.

use crate::dates::{self, Dated, Defect};
use crate::page_language;
use crate::post_context::PostContext;
use crate::proxy::Proxied;
use crate::schema::Misfit;
use postmend_core::front::FrontMatter;
use postmend_core::{Document, Elements, Mark, NamedParts, Role, Url};
use postmend_typo::{Inconsistency, Model, Runs, inconsistencies};
use std::cell::OnceCell;
use std::ops::Range;

/// A post as rules see it.
pub struct Post<'p> {
    /// The facts of the post.
    pub document: &'p Document<'p>,
    /// Its path, format, generator and site.
    pub context: PostContext<'p>,
    /// Results that more than one rule uses, computed once.
    proxied: OnceCell<Vec<(&'p Url<'p>, Proxied<'p>)>>,
    dates: OnceCell<Vec<Dated<'p>>>,
    misfits: OnceCell<Vec<Misfit>>,
    runs: OnceCell<Runs<'p>>,
    elements: OnceCell<Elements>,
    inconsistencies: OnceCell<Vec<Inconsistency>>,
    names: OnceCell<NamedParts>,
    foreign: OnceCell<bool>,
}

impl<'p> Post<'p> {
    /// A post with these facts.
    pub fn new(document: &'p Document<'p>, context: PostContext<'p>) -> Self {
        let (proxied, dates, misfits) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (runs, elements, inconsistencies) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (names, foreign) = (OnceCell::new(), OnceCell::new());
        Self { document, context, proxied, dates, misfits, runs, elements, inconsistencies, names, foreign }
    }

    /// The phrases of its prose that are inconsistent with the rest of it, without exempt ones: see
    /// [`Self::is_exempt`].
    pub(crate) fn inconsistencies(&self) -> &[Inconsistency] {
        self.inconsistencies
            .get_or_init(|| inconsistencies(self.runs(), Model::embedded(), |range| self.is_exempt(range)))
    }

    /// Whether a range of its prose is exempt from reports: it is not read as words, or the config allows the word.
    pub(crate) fn is_exempt(&self, range: &Range<usize>) -> bool {
        self.context.site.allows(&self.document.prose.text, range) || self.is_no_word(range)
    }

    /// Whether a range of its prose is not to be read as words of English or Chinese: it is code, a name, a formula,
    /// struck out, or in another language.
    pub(crate) fn is_no_word(&self, range: &Range<usize>) -> bool {
        let prose = &self.document.prose;
        prose.has(Mark::Listing, range)
            || prose.has(Mark::Struck, range)
            || prose.is_foreign(range.start)
            || *self.foreign.get_or_init(|| page_language::is_foreign(self.document, &self.context))
            || self.names.get_or_init(|| NamedParts::of(prose, self.document.text)).contain(prose, range)
    }

    /// The runs of Chinese text in its prose.
    pub(crate) fn runs(&self) -> &Runs<'p> {
        self.runs.get_or_init(|| Runs::of(&self.document.prose.text))
    }

    /// Its elements, for CSS selectors.
    pub(crate) fn elements(&self) -> &Elements {
        self.elements.get_or_init(|| Elements::of(self.document))
    }

    /// The places where its front matter violates its schema.
    pub(crate) fn misfits(&self) -> &[Misfit] {
        self.misfits.get_or_init(|| {
            let both = self
                .context
                .schema()
                .zip(self.untemplated_front_matter().filter(|matter| matter.fault.is_none()));
            both.map(|(schema, matter)| schema.misfits(matter, self.context.generator)).unwrap_or_default()
        })
    }

    /// Its front matter, unless it is a template that has to be filled in before a generator reads it.
    pub(crate) fn untemplated_front_matter(&self) -> Option<&'p FrontMatter<'p>> {
        let matter = self.document.front.matter.as_ref()?;
        let content = matter.content.of(self.document.text);
        (!content.contains("{{") && !content.contains("<%")).then_some(matter)
    }

    /// The dates of its front matter, with how generators read them.
    pub(crate) fn dates(&self) -> &[Dated<'p>] {
        self.dates.get_or_init(|| dates::judged(self.document, &self.context))
    }

    /// Its dates with this defect.
    pub(crate) fn dates_with(&self, defect: Defect) -> impl Iterator<Item = &Dated<'p>> {
        self.dates().iter().filter(move |dated| dated.defect == Some(defect))
    }

    /// The image URLs that go through a known proxy, each with that proxy.
    pub(crate) fn proxied(&self) -> &[(&'p Url<'p>, Proxied<'p>)] {
        self.proxied.get_or_init(|| {
            let images = self.document.urls.iter().filter(|url| url.role == Role::Image && !url.templated);
            images.filter_map(|url| Some((url, self.context.site.proxies.find(&url.value)?))).collect()
        })
    }
}
