//! The generators whose reading of a post is known.

use std::fmt;
use std::str::FromStr;

/// Who turns posts into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Generator {
    /// Not known: posts are read leniently, and judged by what any generator would make of them.
    None,
    /// hexo.io
    Hexo,
    /// gohugo.io
    Hugo,
    /// jekyllrb.com
    Jekyll,
    /// docusaurus.io
    Docusaurus,
    /// 11ty.dev
    Eleventy,
    /// astro.build
    Astro,
    /// vitepress.dev, and VuePress, which reads posts the same way.
    VitePress,
    /// getzola.org
    Zola,
}

impl Generator {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::None,
        Self::Hexo,
        Self::Hugo,
        Self::Jekyll,
        Self::Docusaurus,
        Self::Eleventy,
        Self::Astro,
        Self::VitePress,
        Self::Zola,
    ];

    /// Its name in options and the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Hexo => "hexo",
            Self::Hugo => "hugo",
            Self::Jekyll => "jekyll",
            Self::Docusaurus => "docusaurus",
            Self::Eleventy => "eleventy",
            Self::Astro => "astro",
            Self::VitePress => "vitepress",
            Self::Zola => "zola",
        }
    }

    /// Its name as it writes it itself.
    pub fn title(self) -> &'static str {
        match self {
            Self::None => "the generator",
            Self::Hexo => "Hexo",
            Self::Hugo => "Hugo",
            Self::Jekyll => "Jekyll",
            Self::Docusaurus => "Docusaurus",
            Self::Eleventy => "Eleventy",
            Self::Astro => "Astro",
            Self::VitePress => "VitePress",
            Self::Zola => "Zola",
        }
    }
}

/// No generator has that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownGenerator;

impl fmt::Display for UnknownGenerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown generator")
    }
}

impl FromStr for Generator {
    type Err = UnknownGenerator;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().find(|known| known.name() == name).copied().ok_or(UnknownGenerator)
    }
}
