//! The context of a post: its path, its generator and its site.

use crate::schema::Schema;
use crate::site::Site;
use crate::site_files::SiteFiles;
use postmend_core::date::{DateReader, TimeZone, Zones};
use postmend_core::front::Value;
use postmend_core::{Document, Format, Generator, UnknownFormat};

/// The context of a post: what is known about it apart from its text.
#[derive(Debug, Clone, Copy)]
pub struct PostContext<'p> {
    /// Its path, with `/` as separator; empty if it has none.
    pub path: &'p str,
    /// The format of the file.
    pub format: Format,
    /// The generator that renders it.
    pub generator: Generator,
    /// The time zone that the generator's config sets, if any.
    pub time_zone: Option<&'p TimeZone>,
    /// The permalink that the generator's config sets, if any.
    pub permalink: Option<&'p str>,
    /// The files beside it, if they can be asked for.
    pub files: Option<&'p dyn SiteFiles>,
    /// The site's words, proxies, dates and schemas.
    pub site: &'p Site,
}

impl<'p> PostContext<'p> {
    /// The context of the post at `path`, relative to the site's folder, with `/` as separator. The extension
    /// determines the format.
    ///
    /// # Errors
    /// `path` does not have the extension of a post.
    pub fn of(site: &'p Site, path: &'p str, generator: Generator) -> Result<Self, UnknownFormat> {
        let format = Format::of_path(path)?;
        Ok(Self { path, ..Self::without_path(site, format, generator) })
    }

    /// The context of a post without a path, in this format.
    pub fn without_path(site: &'p Site, format: Format, generator: Generator) -> Self {
        Self { path: "", format, generator, time_zone: None, permalink: None, files: None, site }
    }

    /// Whether any of its parent folders has that name.
    pub(crate) fn is_below(&self, folder: &str) -> bool {
        self.path.rsplit_once('/').is_some_and(|(above, _)| above.split('/').any(|part| part == folder))
    }

    /// Parses the text of the post into its facts.
    pub fn read<'t>(&self, text: &'t str) -> Document<'t> {
        Document::read_with(text, self.format, self.generator, &self.site.roles)
    }

    /// A reader for a date value of the post, for any generator.
    pub(crate) fn date_reader<'v>(&self, value: &'v Value<'v>, zones: &'v Zones) -> DateReader<'v> {
        DateReader::new(value, zones).needing_timestamps(self.site.dates.needs_timestamps)
    }

    /// The time zones in which its dates are read.
    pub(crate) fn zones(&self) -> Zones {
        let Zones { site, machine } = &self.site.dates.zones;
        Zones { site: site.as_ref().or(self.time_zone).cloned(), machine: machine.clone() }
    }

    /// The schema for its front matter, if there is one.
    pub(crate) fn schema(&self) -> Option<&'p Schema> {
        self.site.schemas.of(self.path, self.generator)
    }
}
