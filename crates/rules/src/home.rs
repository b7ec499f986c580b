//! Where a post lives: its path, its generator and its site.

use crate::schema::Schema;
use crate::site::Site;
use postmend_core::date::{DateReader, TimeZone, Zones};
use postmend_core::front::Value;
use postmend_core::{Document, Format, Generator, UnknownFormat};

/// Where a post lives: what is known of it besides its text.
#[derive(Debug, Clone, Copy)]
pub struct Home<'p> {
    /// Its path, with `/`; empty if it has none.
    pub path: &'p str,
    /// What the file is.
    pub format: Format,
    /// Who turns it into a page.
    pub generator: Generator,
    /// The time zone that the site's own config names.
    pub time_zone: Option<&'p TimeZone>,
    /// The site's words, proxies and habits.
    pub site: &'p Site,
}

impl<'p> Home<'p> {
    /// That of the post at a path, with `/`, from the site's folder on. Its extension tells the format.
    ///
    /// # Errors
    /// The path has none of the extensions that posts have.
    pub fn of(site: &'p Site, path: &'p str, generator: Generator) -> Result<Self, UnknownFormat> {
        let format = Format::of_path(path)?;
        Ok(Self { path, ..Self::without_path(site, format, generator) })
    }

    /// That of a post without a path, in this format.
    pub fn without_path(site: &'p Site, format: Format, generator: Generator) -> Self {
        Self { path: "", format, generator, time_zone: None, site }
    }

    /// Whether one of the folders above it has that name.
    pub(crate) fn is_below(&self, folder: &str) -> bool {
        self.path.rsplit_once('/').is_some_and(|(above, _)| above.split('/').any(|part| part == folder))
    }

    /// The post's facts.
    pub fn read<'t>(&self, text: &'t str) -> Document<'t> {
        Document::read_with(text, self.format, self.generator, &self.site.roles)
    }

    /// Reads a date of the post, for any generator.
    pub(crate) fn date_reader<'v>(&self, value: &'v Value<'v>, zones: &'v Zones) -> DateReader<'v> {
        DateReader::new(value, zones).needing_timestamps(self.site.dates.needs_timestamps)
    }

    /// The time zones that its dates are read in.
    pub(crate) fn zones(&self) -> Zones {
        let Zones { site, machine } = &self.site.dates.zones;
        Zones { site: site.as_ref().or(self.time_zone).cloned(), machine: machine.clone() }
    }

    /// The schema that its front matter is held against.
    pub(crate) fn schema(&self) -> Option<&'p Schema> {
        self.site.schemas.of(self.path, self.generator)
    }
}
