//! The tables of the page in Markdown.

use super::corpus::Corpus;
use super::jobs::{Find, Tried};
use super::rounds::{Measurements, Sample, printed_by};
use postmend_tests::made::Flaw;
use std::fmt::Write;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A goal, and whether it is met.
#[derive(Debug, Clone)]
pub(super) struct Goal {
    pub(super) goal: String,
    pub(super) measured: String,
    pub(super) is_met: bool,
}

impl Goal {
    /// A goal with a maximum.
    pub(super) fn at_most(goal: &str, measured: f64, most: f64, unit: &str) -> Self {
        Self { goal: goal.to_owned(), measured: format!("{measured:.2}{unit}"), is_met: measured <= most }
    }
}

/// The page while it is written.
#[derive(Debug, Default)]
pub(super) struct BenchPage {
    pub(super) text: String,
    pub(super) targets: Vec<Goal>,
}

impl BenchPage {
    pub(super) fn add(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    pub(super) fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        let cells: Vec<&str> = cells.into_iter().collect();
        writeln!(self.text, "| {} |", cells.join(" | ")).expect("a string takes everything");
    }

    /// Adds a heading and a description of the section.
    pub(super) fn section(&mut self, title: &str, about: &str) {
        writeln!(self.text, "\n## {title}\n\n{about}\n").expect("a string takes everything");
    }

    /// A table of measurements, with ratios to the floor's and to those of another row, which is called `name` in the
    /// heading.
    pub(super) fn add_measurements(
        &mut self,
        taken: &[Measurements],
        floor: Option<usize>,
        (other, name): (usize, &str),
        scale: Option<f64>,
    ) {
        let scaled = scale.map(|_| "CPU s, scaled to 10,000 posts");
        let head = ["command", "wall s: median", "least", "quartiles", "CPU s: median", "least", "quartiles"];
        let (cpu, wall) = (format!("CPU ÷ {name}"), format!("wall ÷ {name}"));
        let ratios = [floor.map(|_| "CPU ÷ floor"), Some(cpu.as_str()), Some(wall.as_str())];
        let head: Vec<&str> =
            head.into_iter().chain(["peak MB"]).chain(ratios.into_iter().flatten()).chain(scaled).collect();
        self.row(head.iter().copied());
        self.row(head.iter().enumerate().map(|(number, _)| if number == 0 { "---" } else { "--:" }));
        for measured in taken {
            let mut cells = vec![measured.name.clone()];
            for sample in [measured.wall(), measured.cpu()] {
                cells.extend([seconds(sample.median()), seconds(sample.least()), quartiles(&sample)]);
            }
            cells.push(format!("{:.0}", measured.peak()));
            cells.extend(floor.map(|floor| ratio(measured.cpu_ratio(&taken[floor]))));
            cells.push(ratio(measured.cpu_ratio(&taken[other])));
            cells.push(ratio(measured.wall_ratio(&taken[other])));
            cells.extend(scale.map(|scale| format!("{:.1}", measured.cpu().median() * scale)));
            self.row(cells.iter().map(String::as_str));
        }
    }

    /// A table with the number of flaws that each command found.
    pub(super) fn found(&mut self, tried: &[Tried], corpus: &Corpus, printed: &Path) -> Result<(), String> {
        const SHOWN: [Flaw; 6] = [
            Flaw::ProxiedUrl,
            Flaw::HtmlWithoutAlt,
            Flaw::MarkdownWithoutAlt,
            Flaw::ChineseTypo,
            Flaw::EnglishTypo,
            Flaw::BadDate,
        ];
        let titles = [
            "proxied URLs",
            "`<img>` without `alt`",
            "`![](…)`",
            "Chinese typo",
            "English typos",
            "bad dates",
        ];
        self.row(["command"].into_iter().chain(titles));
        self.row(["---"].into_iter().chain(SHOWN.map(|_| "--:")));
        let truth = SHOWN.map(|flaw| thousands(corpus.flaws.count(flaw)));
        self.row(["in the posts"].into_iter().chain(truth.iter().map(String::as_str)));
        for (number, attempt) in
            tried.iter().enumerate().filter(|(_, attempt)| !attempt.job.name.starts_with("walk"))
        {
            let mut cells = vec![attempt.job.name.clone()];
            for flaw in SHOWN {
                cells.push(match attempt.finds.iter().find(|find| find.flaws.contains(&flaw)) {
                    None => "not looked for".to_owned(),
                    Some(find) if find.flaws[0] != flaw => "←".to_owned(),
                    Some(find) => {
                        let both = if find.flaws.len() > 1 { " of both" } else { "" };
                        format!("{}{both}", thousands(count(find, &printed_by(printed, number))?))
                    }
                });
            }
            self.row(cells.iter().map(String::as_str));
        }
        Ok(())
    }

    /// The table of goals.
    pub(super) fn goals(&self) -> String {
        let mut table = Self::default();
        table.row(["goal", "measured", ""]);
        table.row(["---", "--:", "---"]);
        for target in &self.targets {
            table.row([
                target.goal.as_str(),
                &target.measured,
                if target.is_met { "pass" } else { "**miss**" },
            ]);
        }
        table.text
    }
}

/// The number of times that a tool reported what it looks for.
fn count(find: &Find, printed: &Path) -> Result<usize, String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", printed.display());
    let mut lines = BufReader::new(File::open(printed).map_err(failed)?);
    let (mut line, mut count) = (Vec::new(), 0);
    // Line by line, as the output may not fit into memory.
    while lines.read_until(b'\n', &mut line).map_err(failed)? > 0 {
        let text = String::from_utf8_lossy(&line);
        count += find.needles.iter().map(|needle| text.matches(needle).count()).sum::<usize>();
        line.clear();
    }
    Ok(count)
}

fn seconds(seconds: f64) -> String {
    if seconds < 10.0 { format!("{seconds:.3}") } else { format!("{seconds:.1}") }
}

fn quartiles(sample: &Sample) -> String {
    format!("{}–{}", seconds(sample.at(0.25)), seconds(sample.at(0.75)))
}

fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}") } else { format!("{ratio:.0}") }
}

/// Formats `12345` as `12,345`.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
