//! The terminal screenshot in the README: the current output of postmend, drawn as SVG.

use crate::commands::{copy_folder, postmend, root};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The commands, which run in a copy of the sample posts.
const COMMANDS: [&str; 4] =
    ["check --select misspelling", "fix --diff notes/knots.md", "fix notes/knots.md", "undo"];

/// The command that has no `--color` option.
const WITHOUT_COLOUR: &str = "undo";

/// The width of a column and the height of a line, and the margin around the text, in pixels.
const COLUMN: f32 = 8.4;
const LINE: f32 = 19.0;
const MARGIN: f32 = 20.0;

const STYLE: &str = "\
:root { --back: #ffffff; --edge: #d0d7de; --text: #1f2328; --grey: #59636e; --red: #cf222e; --green: #116329; \
--yellow: #7d4e00; --magenta: #8250df; --cyan: #0b6a75; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --edge: #3d444d; --text: #e6edf3; --grey: #9198a1; \
--red: #ff7b72; --green: #3fb950; --yellow: #d29922; --magenta: #bc8cff; --cyan: #39c5cf; } }
rect { fill: var(--back); stroke: var(--edge); }
text { fill: var(--text); white-space: pre; font: 14px ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', \
'Noto Sans Mono CJK SC', monospace; }
.c1 { font-weight: 700; } .c2 { fill: var(--grey); } .c4 { text-decoration: underline; } .c31 { fill: var(--red); }
.c32 { fill: var(--green); } .c33 { fill: var(--yellow); } .c35 { fill: var(--magenta); } .c36 { fill: var(--cyan); }
";

/// Makes the screenshot.
pub fn picture() -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    copy_folder(&root().join("tests/posts"), folder.path());
    let mut lines = Vec::new();
    for typed in COMMANDS {
        let mut command = postmend();
        command.args(typed.split(' ')).current_dir(folder.path());
        if typed != WITHOUT_COLOUR {
            command.args(["--color", "always"]);
        }
        let ran = command.output().expect("postmend runs");
        let printed = [ran.stdout, ran.stderr].concat();
        lines.push(format!("\x1b[2m$\x1b[0m \x1b[1mpostmend {typed}\x1b[0m"));
        lines.extend(
            String::from_utf8_lossy(&printed).trim_end().lines().map(|line| line.trim_end().to_owned()),
        );
        lines.push(String::new());
    }
    lines.pop();
    drawn(&lines)
}

fn drawn(lines: &[String]) -> String {
    let (mut columns, mut text) = (0, String::new());
    for (number, line) in lines.iter().enumerate() {
        let spans = Spans::of(line);
        let y = MARGIN + LINE * (number as f32 + 0.75);
        if !spans.out.is_empty() {
            text += &format!("<text y=\"{y:.1}\">{}</text>\n", spans.out);
        }
        columns = columns.max(spans.column);
    }
    let width = MARGIN * 2.0 + COLUMN * columns as f32;
    let height = MARGIN * 2.0 + LINE * lines.len() as f32;
    let (inner_width, inner_height) = (width - 1.0, height - 1.0);
    format!(
        "<!-- Made by the tests from what postmend prints. -->\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.1} {height:.1}\">\n<style>\n{STYLE}</style>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{inner_width:.1}\" height=\"{inner_height:.1}\" rx=\"8\"/>\n{text}</svg>\n"
    )
}

/// A line as `<tspan>` elements. Each has its position and width, so that they do not depend on the font; for wide
/// characters, every character has its position.
#[derive(Default)]
struct Spans {
    out: String,
    column: usize,
    classes: Vec<String>,
}

impl Spans {
    fn of(line: &str) -> Self {
        let mut spans = Self::default();
        let mut rest = line;
        while let Some((text, after)) = rest.split_once("\x1b[") {
            spans.add(text);
            let (codes, after) = after.split_once('m').unwrap_or(("0", after));
            for code in codes.split(';') {
                if matches!(code, "" | "0") {
                    spans.classes.clear();
                } else {
                    spans.classes.push(format!("c{code}"));
                }
            }
            rest = after;
        }
        spans.add(rest);
        spans
    }

    fn add(&mut self, text: &str) {
        for run in runs(text) {
            let (count, width) = (run.chars().count(), run.width());
            let x = |column: usize| format!("{:.1}", MARGIN + COLUMN * column as f32);
            let attribute = if width > count {
                let columns: Vec<String> = (0..count).map(|index| x(self.column + 2 * index)).collect();
                format!("x=\"{}\"", columns.join(" "))
            } else {
                format!("x=\"{}\" textLength=\"{:.1}\"", x(self.column), COLUMN * width as f32)
            };
            let class = match self.classes.join(" ") {
                none if none.is_empty() => none,
                classes => format!(" class=\"{classes}\""),
            };
            if !run.trim().is_empty() {
                self.out += &format!("<tspan {attribute}{class}>{}</tspan>", escaped(run));
            }
            self.column += width;
        }
    }
}

/// Splits text where wide characters and others meet.
fn runs(text: &str) -> Vec<&str> {
    let is_wide = |character: char| character.width() == Some(2);
    let pairs = text.char_indices().zip(text.char_indices().skip(1));
    let cuts =
        pairs.filter(|((_, before), (_, next))| is_wide(*before) != is_wide(*next)).map(|(_, (at, _))| at);
    let starts: Vec<usize> = [0].into_iter().chain(cuts).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
