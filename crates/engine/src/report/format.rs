//! The output formats for findings.

use std::str::FromStr;

/// An output format for findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// Each finding with an excerpt of its text.
    Human,
    /// One line per finding.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    JsonLines,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub Actions annotations.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// JUnit XML.
    Junit,
    /// Checkstyle XML.
    Checkstyle,
    /// reviewdog's JSON.
    Rdjson,
    /// A summary in Markdown.
    Markdown,
    /// One HTML page.
    Html,
}

impl ReportFormat {
    /// All formats, with name and description.
    pub const ALL: [(Self, &str, &str); 12] = [
        (Self::Human, "human", "Each finding in its text"),
        (Self::Concise, "concise", "One line each: path:line:column: severity rule: message"),
        (Self::Json, "json", "One JSON document, with fixes"),
        (Self::JsonLines, "json-lines", "A JSON document on each line, one for each finding, and a summary"),
        (Self::Sarif, "sarif", "SARIF 2.1.0, with fixes, for code scanning"),
        (Self::Github, "github", "Annotations of GitHub Actions"),
        (Self::Gitlab, "gitlab", "Code Quality report of GitLab"),
        (Self::Junit, "junit", "JUnit XML"),
        (Self::Checkstyle, "checkstyle", "Checkstyle XML"),
        (Self::Rdjson, "rdjson", "reviewdog's JSON, with suggestions"),
        (Self::Markdown, "markdown", "A summary for the page of a CI job"),
        (Self::Html, "html", "One HTML page with charts and a list to search"),
    ];

    /// The formats by file extension.
    pub const ENDINGS: [(&str, Self); 6] = [
        (".sarif", Self::Sarif),
        (".sarif.json", Self::Sarif),
        (".json", Self::Json),
        (".jsonl", Self::JsonLines),
        (".md", Self::Markdown),
        (".html", Self::Html),
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(format, ..)| *format == self).map_or("", |(_, name, _)| name)
    }

    /// The format for a file, by its extension.
    pub fn of_file(name: &str) -> Option<Self> {
        Self::ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| *format)
    }

    /// Whether it is meant for people, so that a summary may follow it.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Human | Self::Concise)
    }

    /// Whether it has fingerprints, for which findings are identified.
    pub fn has_fingerprints(self) -> bool {
        matches!(self, Self::Json | Self::JsonLines | Self::Sarif | Self::Gitlab)
    }

    /// Whether services read it that know files by their paths in the repository.
    pub fn is_of_repository(self) -> bool {
        matches!(self, Self::Github | Self::Gitlab | Self::Sarif | Self::Rdjson | Self::Checkstyle)
    }
}

impl FromStr for ReportFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, listed, _)| *listed == name);
        found.map(|(format, ..)| *format).ok_or_else(|| format!("there is no format `{name}`"))
    }
}
