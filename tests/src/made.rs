//! Generated posts like those of bots and importers, with a count of the errors in each.

mod random;
mod words;

pub use random::Random;

use crate::date_forms;
use postmend_core::date::Instant;
use std::fmt::Write;
use words::{CAPTIONS, CATEGORIES, DETAILS, ENGLISH, OPENINGS, PLACES, STATES, THINGS, WRONG_ENGLISH};

/// An error, or something similar to one, that is put into posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// An image URL that goes through a proxy.
    ProxiedUrl,
    /// The same in a code block, where it is not an error.
    ProxiedUrlInCode,
    /// An `<img>` without alternative text.
    HtmlWithoutAlt,
    /// A Markdown image with an empty alternative text.
    MarkdownWithoutAlt,
    /// 开个建设 instead of 开工建设.
    ChineseTypo,
    /// "recieve" and similar misspellings.
    EnglishTypo,
    /// A date that some generators cannot read.
    BadDate,
    /// A day that does not exist.
    ImpossibleDate,
    /// A blank line before the front matter.
    BlankBefore,
    /// A last line without a line ending.
    OpenEnd,
}

impl Flaw {
    /// All flaws, with a name and the rule that finds each; `None` if it is not an error, or no rule finds it by
    /// default.
    pub const ALL: [(Self, &'static str, Option<&'static str>); 10] = [
        (Self::ProxiedUrl, "proxied URL", Some("proxied-url")),
        (Self::ProxiedUrlInCode, "proxied URL in code", None),
        (Self::HtmlWithoutAlt, "img without alt", Some("missing-alt")),
        (Self::MarkdownWithoutAlt, "empty Markdown alt", None),
        (Self::ChineseTypo, "Chinese typo", Some("misspelling")),
        (Self::EnglishTypo, "English typo", Some("misspelling")),
        (Self::BadDate, "bad date", Some("malformed-date")),
        (Self::ImpossibleDate, "impossible date", Some("impossible-date")),
        (Self::BlankBefore, "blank before front matter", Some("blank-before-front-matter")),
        (Self::OpenEnd, "no final newline", Some("missing-final-newline")),
    ];
}

/// The number of each flaw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flaws([usize; Flaw::ALL.len()]);

impl Flaws {
    /// The number of one flaw.
    pub fn count(&self, flaw: Flaw) -> usize {
        self.0[flaw as usize]
    }

    /// Adds to the number of one flaw.
    pub fn add(&mut self, flaw: Flaw, count: usize) {
        self.0[flaw as usize] += count;
    }

    /// Adds the numbers for another post.
    pub fn add_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += other);
    }
}

/// The kind of author of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostKind {
    /// A bot that mirrors a news site: HTML in a single long line.
    Mirror,
    /// An importer: paragraphs, Markdown images, some code.
    Import,
    /// A person: paragraphs only.
    Prose,
}

/// A generated post.
#[derive(Debug)]
pub struct MadePost {
    /// Its path in the site, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The flaws in it.
    pub flaws: Flaws,
}

/// The post with this number: the text is always the same, and different for each number. Three of four are of the
/// kind `Mirror`.
pub fn post(number: usize) -> MadePost {
    let kind = if number % 4 == 3 { PostKind::Import } else { PostKind::Mirror };
    let mut draft = Draft::new(number, kind);
    draft.front();
    draft.body();
    draft.end();
    let path = format!("source/_posts/{:03}/{number:06}-{}.md", number / 1000, kind.name());
    MadePost { path, text: draft.text, flaws: draft.flaws }
}

/// A post of a kind with at least this many bytes, to measure the time for long posts.
pub fn long_post(kind: PostKind, bytes: usize) -> String {
    let mut draft = Draft::new(0, kind);
    draft.front();
    while draft.text.len() < bytes {
        draft.body();
    }
    draft.text
}

impl PostKind {
    fn name(self) -> &'static str {
        match self {
            Self::Mirror => "mirror",
            Self::Import => "import",
            Self::Prose => "prose",
        }
    }
}

/// Proxies whose URLs contain the image's URL unchanged, so that `sed` can remove them.
pub const PROXIES: [&str; 2] = ["https://cors.zfour.workers.dev/?", "https://cors-anywhere.herokuapp.com/"];

/// The formats of dates in posts. Not every generator reads the bad ones.
const GOOD_DATES: [&str; 4] = ["Y-M-D h:i:s", "Y-M-DTh:i:s+08:00", "Y-M-D", "Y-M-DTh:i:sZ"];
const BAD_DATES: [&str; 4] = ["W, D N Y h:i:s GMT", "Y/m/d h:i", "Y.M.D", "Y年m月d日"];

/// A post while it is generated.
struct Draft {
    number: usize,
    kind: PostKind,
    random: Random,
    text: String,
    flaws: Flaws,
}

impl Draft {
    fn new(number: usize, kind: PostKind) -> Self {
        let random = Random::new(20_220_207 + number as u64 * 3 + kind as u64);
        Self { number, kind, random, text: String::new(), flaws: Flaws::default() }
    }

    fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Decides whether a flaw is put in, on average once in `times` posts, and counts it.
    fn due(&mut self, flaw: Flaw, times: usize) -> bool {
        let due = self.random.once_in(times);
        self.flaws.add(flaw, usize::from(due));
        due
    }

    fn front(&mut self) {
        if self.kind == PostKind::Mirror && self.due(Flaw::BlankBefore, 7) {
            self.add("\n");
        }
        let (place, thing) = (self.random.one_of(&PLACES), self.random.one_of(&THINGS));
        let number = self.number;
        let date = self.date();
        let first = self.random.below(CATEGORIES.len());
        let second = (first + 1 + self.random.below(CATEGORIES.len() - 1)) % CATEGORIES.len();
        let (first, second) = (CATEGORIES[first], CATEGORIES[second]);
        let head = if self.kind == PostKind::Mirror {
            let (large, small) = (self.image_url(), self.image_url());
            format!(
                "---\ntitle: '{place}{thing}：第{number}号报告'\ncategories:\n - {first}\n - {second}\nheadimg: '{large}'\n\
                 author: 城市报\ncomments: false\ndate: {date}\nthumbnail: '{small}'\n---\n"
            )
        } else {
            format!("---\ntitle: \"{place}见闻 {number}\"\ndate: {date}\ntags: [{first}, {second}]\n---\n")
        };
        self.add(&head);
    }

    fn date(&mut self) -> String {
        let minutes = self.random.below(3_000_000) as i64;
        // Dates from 2018 on, in whole minutes, so that formats without seconds lose nothing.
        let clock = Instant((1_514_764_800 + minutes * 60) * 1000);
        if self.due(Flaw::ImpossibleDate, 90) {
            return format!("{}-02-30 10:20:00", 2018 + minutes % 6);
        }
        let bad = self.due(Flaw::BadDate, 3);
        let forms = if bad { &BAD_DATES } else { &GOOD_DATES };
        date_forms::write(self.random.one_of(forms), clock)
    }

    fn body(&mut self) {
        match self.kind {
            PostKind::Mirror => self.mirror_body(),
            PostKind::Import => self.import_body(),
            PostKind::Prose => (0..20).for_each(|_| {
                let paragraph = self.paragraph();
                write!(self.text, "\n{paragraph}\n").expect("a string takes everything");
            }),
        }
    }

    /// `<p>` elements in a single line.
    fn mirror_body(&mut self) {
        self.add("\n<div>   \n");
        for _ in 0..20 + self.random.below(5) {
            let paragraph = self.paragraph();
            write!(self.text, "<p>{paragraph}<br></p>").expect("a string takes everything");
            if self.random.once_in(5) {
                let image = self.html_image();
                write!(self.text, "<p>{image}</p>").expect("a string takes everything");
            }
        }
        let word = self.work();
        write!(self.text, "<p><strong>道路整修，多所学校{word}</strong></p>")
            .expect("a string takes everything");
        self.add(
            "<p>教育方面，两所中学开工建设，一所小学完成扩建。<br></p><p>另有三座桥梁开工建设。</p>\n</div>",
        );
    }

    /// 开工建设, or the misspelling of it; the correct word is always elsewhere in the post.
    fn work(&mut self) -> &'static str {
        if self.due(Flaw::ChineseTypo, 12) { "开个建设" } else { "开工建设" }
    }

    fn import_body(&mut self) {
        for _ in 0..20 + self.random.below(5) {
            let part = match self.random.below(12) {
                0 => self.english(),
                1 => self.markdown_image(),
                2 => self.html_image(),
                3 if self.random.once_in(8) => self.code(),
                _ => self.paragraph(),
            };
            write!(self.text, "\n{part}\n").expect("a string takes everything");
        }
        let word = self.work();
        write!(self.text, "\n多所学校{word}，两所中学开工建设。\n\n另有三座桥梁开工建设。\n")
            .expect("a string takes everything");
    }

    fn end(&mut self) {
        if self.kind == PostKind::Mirror {
            let open = self.due(Flaw::OpenEnd, 4);
            self.add(if open { "" } else { "\n" });
        } else if self.random.once_in(6) {
            self.text = self.text.replace('\n', "\r\n");
        }
    }

    fn paragraph(&mut self) -> String {
        (0..2 + self.random.below(3)).map(|_| self.sentence()).collect()
    }

    fn sentence(&mut self) -> String {
        let random = &mut self.random;
        let (opening, place, thing) =
            (random.one_of(&OPENINGS), random.one_of(&PLACES), random.one_of(&THINGS));
        let (state, detail) = (random.one_of(&STATES), random.one_of(&DETAILS));
        let (first, second) = (random.below(90) + 10, random.below(9) + 1);
        match random.below(5) {
            0 => format!("{opening}{place}的{thing}{state}，{detail}。"),
            1 => format!("{opening}{thing}{state}，总长{first}.{second}公里。"),
            2 => format!("{place}方面，{thing}{state}；{detail}，投入约{first}万元。"),
            3 => format!("“{detail}，”{place}的一位居民说，“{thing}{state}。”"),
            _ => format!("{opening}{detail}，{place}的{thing}也{state}。"),
        }
    }

    fn english(&mut self) -> String {
        let wrong = self.due(Flaw::EnglishTypo, 10);
        let first = self.random.one_of(&ENGLISH);
        let second = if wrong { self.random.one_of(&WRONG_ENGLISH) } else { self.random.one_of(&ENGLISH) };
        format!("{first} {second}")
    }

    /// The URL of an image, usually through a proxy.
    fn image_url(&mut self) -> String {
        let proxied = !self.random.once_in(5);
        self.flaws.add(Flaw::ProxiedUrl, usize::from(proxied));
        let proxy = if proxied { self.random.one_of(&PROXIES) } else { "" };
        format!("{proxy}{}", self.origin())
    }

    fn origin(&mut self) -> String {
        let random = &mut self.random;
        let (host, year, month) = (random.below(4), 2018 + random.below(6), 1 + random.below(12));
        let (name, ending) = (random.number(), random.one_of(&["jpeg", "jpg", "png"]));
        format!("http://static{host}.example.com/{year}/{month:02}/{name:016x}.{ending}")
    }

    fn html_image(&mut self) -> String {
        let url = self.image_url();
        let size = self.random.one_of(&["640,360", "800,534", "1080,720"]);
        let rest = format!("data-size=\"{size}\" referrerpolicy=\"no-referrer\"");
        if self.random.once_in(3) {
            let caption = self.random.one_of(&CAPTIONS);
            return format!("<img src=\"{url}\" alt=\"{caption}\" {rest}>");
        }
        self.flaws.add(Flaw::HtmlWithoutAlt, 1);
        format!("<img src=\"{url}\" {rest}>")
    }

    fn markdown_image(&mut self) -> String {
        let url = self.image_url();
        let empty = self.due(Flaw::MarkdownWithoutAlt, 2);
        let caption = if empty { "" } else { self.random.one_of(&CAPTIONS) };
        format!("![{caption}]({url})")
    }

    fn code(&mut self) -> String {
        self.flaws.add(Flaw::ProxiedUrlInCode, 1);
        let origin = self.origin();
        format!("```sh\n{CODE}{}{origin}' -o pier.jpeg\n```", PROXIES[0])
    }
}

/// The text of a generated post with the image URLs instead of the proxied ones; code blocks are unchanged.
pub fn unwrapped(text: &str) -> String {
    let without = |part: &str| PROXIES.iter().fold(part.to_owned(), |part, proxy| part.replace(proxy, ""));
    let mut parts = text.split(CODE);
    let mut out = without(parts.next().unwrap_or_default());
    for part in parts {
        let (code, rest) = part.split_once('\'').unwrap_or((part, ""));
        out.extend([CODE, code, "'", &without(rest)]);
    }
    out
}

/// The text before a URL in code blocks.
const CODE: &str = "curl -L '";
