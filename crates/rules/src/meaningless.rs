//! Alternative texts that say nothing about the image.

use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Why a text says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaningless {
    FileName,
    Address,
    Placeholder,
    Digits,
    Hash,
}

impl Meaningless {
    /// The predicate for a message.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::FileName => "is a file name",
            Self::Address => "is a URL",
            Self::Placeholder => "is a placeholder",
            Self::Digits => "is only digits",
            Self::Hash => "is a hash",
        }
    }
}

#[derive(Deserialize)]
struct Lists {
    placeholders: HashSet<String>,
    file_stems: Vec<StemPattern>,
}

/// A pattern in which `#` stands for digits and the separators between them.
#[derive(Deserialize)]
#[serde(from = "String")]
struct StemPattern {
    head: String,
    /// What follows the `#`; `None` if there is none.
    tail: Option<String>,
}

impl From<String> for StemPattern {
    fn from(pattern: String) -> Self {
        match pattern.split_once('#') {
            Some((head, tail)) => Self { head: head.to_owned(), tail: Some(tail.to_owned()) },
            None => Self { head: pattern, tail: None },
        }
    }
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/meaningless-alt.toml")).expect("the embedded file is read by a test")
});

/// Tests an alternative text in lower case.
type Test = fn(&str) -> bool;

/// Why an alternative text as a whole says nothing; `None` if it may say something.
pub(crate) fn meaningless(alt: &str) -> Option<Meaningless> {
    // File names are short; longer texts are descriptions or URLs.
    let text = alt.trim();
    let lower = text.to_lowercase();
    let rows: [(Test, Meaningless); 5] = [
        (is_address, Meaningless::Address),
        (is_digits, Meaningless::Digits),
        (is_hash, Meaningless::Hash),
        (is_file_name, Meaningless::FileName),
        (is_placeholder, Meaningless::Placeholder),
    ];
    rows.iter().find(|(is, _)| is(&lower)).map(|(_, why)| *why)
}

fn is_placeholder(text: &str) -> bool {
    LISTS.placeholders.contains(text) || is_upload(text)
}

/// What GitHub's editor writes while it uploads an image.
fn is_upload(text: &str) -> bool {
    text.starts_with("uploading ") && text.ends_with(['…', '.'])
}

fn is_address(text: &str) -> bool {
    let starts = ["http://", "https://", "data:image/", "//"].iter().any(|scheme| text.starts_with(scheme));
    starts && !text.contains(char::is_whitespace)
}

/// `640`, `1 - 2`; not a year or a date, which may be intended.
fn is_digits(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = text.chars().all(|c| c.is_ascii_digit() || " -_.()".contains(c));
    let is_year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    digits > 0 && others && !is_year && !is_date(text)
}

/// `2021-08-04`, `2021.8`.
fn is_date(text: &str) -> bool {
    let parts: Option<Vec<u32>> = text.split(['-', '.', '/']).map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some([year, month]) => (1800..2100).contains(year) && (1..=12).contains(month),
        Some([year, month, day]) => {
            (1800..2100).contains(year) && (1..=12).contains(month) && (1..=31).contains(day)
        }
        _ => false,
    }
}

/// At least 16 hexadecimal digits or hyphens, with at least one decimal digit.
fn is_hash(text: &str) -> bool {
    let hex = text.chars().filter(|c| c.is_ascii_hexdigit() || *c == '-').count();
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    text.len() >= 16 && hex == text.len() && has_digit
}

const ENDINGS: [&str; 13] =
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif", "ico", "tif", "tiff", "awebp", "image"];

/// A short name with an image extension, an image service's query string, or a default file name such as a
/// camera's.
fn is_file_name(text: &str) -> bool {
    let stem = match text.rsplit_once('.') {
        Some((stem, ending)) if ENDINGS.contains(&ending) => {
            if !stem.is_empty() && !is_sentence(stem) {
                return true;
            }
            stem
        }
        _ => text,
    };
    let has_query =
        text.contains("?wx_fmt=") || text.contains("?imageview") || text.contains("?x-oss-process");
    has_query || LISTS.file_stems.iter().any(|pattern| fits(pattern, stem))
}

/// Whether the words before a file extension are more than a name: "this is the file logo.png".
fn is_sentence(stem: &str) -> bool {
    stem.split_whitespace().count() > 3 || stem.contains(['，', '。', '、', ',', ';', '：'])
}

/// Whether a text matches a pattern.
fn fits(StemPattern { head, tail }: &StemPattern, text: &str) -> bool {
    let Some(rest) = text.strip_prefix(head.as_str()) else { return false };
    let Some(tail) = tail else { return rest.is_empty() };
    let Some(inside) = rest.strip_suffix(tail.as_str()) else { return false };
    let inside = inside.strip_suffix("@2x").unwrap_or(inside);
    let inside = inside.strip_suffix(" pm").or_else(|| inside.strip_suffix(" am")).unwrap_or(inside);
    if !inside.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    // As macOS says "at" in other languages.
    let at = [" um ", " à ", " alle ", " a las ", " om ", " kl. ", " às ", " в "];
    let inside = at.iter().fold(inside.to_owned(), |inside, word| inside.replacen(word, " ", 1));
    let marks = |c: char| c.is_ascii_digit() || " -_.:()at上下午".contains(c);
    inside.chars().all(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_names_from_descriptions() {
        let says_nothing = [
            "1.png",
            "2-3.png",
            "image.png",
            "捕获.PNG",
            "podman-vs-docker.jpg",
            "微信图片_20210804170321.jpg",
            "img",
            "Image",
            "8dfb6d06gy1gzpckmebdzj20rs0fmdi0.jpg",
            "图片",
            "在这里插入图片描述",
            "640?wx_fmt=png",
            "640",
            "IMG_1234",
            "image-20211018160009690",
            "DSC_0001",
            "屏幕快照 2018-03-02 下午3.12.11",
            "Screenshot 2023-01-02 at 10.11.12",
            "clip_image004",
            "undefined",
            "https://a.example/b.png",
            "0cc175b9c0f1b6a831c399e269772661",
            " image ",
            "Screen Shot 2020-02-03 at 4.05.06 PM",
            "image (1).png",
            "Screenshot from 2022-02-07 10-00-00",
            "CleanShot 2022-02-07 at 10.00.00@2x",
            "Pasted image 20220207100000",
            "Bildschirmfoto 2022-02-07 um 10.00.00",
            "Capture d’écran 2022-02-07 à 10.00.00",
            "Uploading pier.png…",
        ];
        for text in says_nothing {
            assert!(meaningless(text).is_some(), "{text}");
        }
        let says_something = [
            "",
            "The old harbour",
            "架构图",
            "图一：产业集群",
            "the image of a saint",
            "README",
            "logo",
            "2022",
            "2022-02-07",
            "2022.2",
            "Uploading files",
            "v1.0.png 说明",
            "deadbeef",
            "Figure 3",
            "how to open the file logo.png",
            "微信",
            "P 波",
            "image of 3 cats",
            "Node.js",
            "accede",
        ];
        for text in says_something {
            assert_eq!(meaningless(text), None, "{text}");
        }
    }
}
