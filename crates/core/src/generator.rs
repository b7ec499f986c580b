//! The generators whose parsing of posts is known.

use std::fmt;
use std::str::FromStr;

/// The program that turns posts into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Generator {
    /// Unknown: posts are read leniently, and judged by how all generators would read them.
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

    /// Its name in command line options and the config.
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

    /// Its official name.
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

/// The error for an unknown generator name.
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
        Self::ALL.iter().find(|generator| generator.name() == name).copied().ok_or(UnknownGenerator)
    }
}
