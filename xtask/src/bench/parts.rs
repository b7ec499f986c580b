//! The parts of the page with their goals.

use super::corpus::Corpus;
use super::jobs::{self, FLOOR, MD045, MIGRATE, Own, WHOLE};
use super::measure::MeasuredCommand;
use super::page::{BenchPage, Goal, thousands};
use super::peers::PeerTools;
use super::rounds::{self, Measurements};
use super::server::type_into;
use postmend_tests::made::{self, PostKind};
use std::fs;
use std::path::{Path, PathBuf};

/// The parameters of all parts.
pub(super) struct BenchSetup<'b> {
    /// The folder for all files of the benchmarks.
    pub(super) below: &'b Path,
    pub(super) own: Own,
    pub(super) tools: PeerTools,
    /// The number of posts in each corpus, ascending.
    pub(super) sizes: Vec<usize>,
    pub(super) rounds: usize,
    /// Whether this is only a trial.
    pub(super) quick: bool,
}

impl BenchSetup<'_> {
    /// A corpus for which the findings of postmend were verified.
    fn corpus(&self, posts: usize) -> Result<Corpus, String> {
        let corpus = Corpus::read_or_make(self.below, posts)?;
        corpus.prove(&self.own.postmend)?;
        Ok(corpus)
    }

    fn small(&self) -> usize {
        self.sizes[0]
    }

    fn middle(&self) -> usize {
        self.sizes[1.min(self.sizes.len() - 1)]
    }

    fn printed(&self, part: &str) -> Result<PathBuf, String> {
        let folder = self.below.join("printed").join(part);
        fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        Ok(folder)
    }

    fn take(&self, part: &str, jobs: &[MeasuredCommand], rounds: usize) -> Result<Vec<Measurements>, String> {
        rounds::take(&self.own.measure, jobs, rounds, &self.printed(part)?, |_| Ok(()))
    }
}

/// The index of a command's row.
fn row(taken: &[Measurements], name: &str) -> Option<usize> {
    taken.iter().position(|measured| measured.name == name)
}

fn described(corpus: &Corpus) -> String {
    format!("{} posts, {:.1} MB, in the page cache", thousands(corpus.posts), corpus.bytes as f64 / 1e6)
}

pub(super) fn check(bench: &BenchSetup<'_>, page: &mut BenchPage) -> Result<(), String> {
    let corpus = bench.corpus(bench.middle())?;
    let alarms = corpus.prove(&bench.own.postmend)?;
    let tried = jobs::fast(&bench.own, &bench.tools, &corpus);
    let commands: Vec<MeasuredCommand> = tried.iter().map(|tried| tried.job.clone()).collect();
    let taken = bench.take("check", &commands, bench.rounds)?;
    let (Some(floor), Some(whole)) = (row(&taken, FLOOR), row(&taken, WHOLE)) else { return Ok(()) };
    page.section(
        "Checking",
        &format!("{}. Each command prints every finding, into a file.", described(&corpus)),
    );
    page.add_measurements(&taken, Some(floor), (whole, "postmend"), None);
    page.add("\nWhat they find of what was put into the posts:\n");
    page.found(&tried, &corpus, &bench.printed("check")?)?;
    if bench.tools.program("ripgrep").is_some() {
        page.add(
            "\n`rg` also finds proxied URLs in code, which are no content; its pattern for images fits this bot's shape \
             of `<img>` only, and that for dates one form of three. `lychee` lists URLs and judges none of them. `rumdl` \
             would remember unchanged files from one run to the next, which postmend does not, so its cache is off.",
        );
    }
    let alarms: Vec<String> =
        alarms.iter().map(|(rule, count)| format!("{rule} {}", thousands(*count))).collect();
    if !alarms.is_empty() {
        page.add(&format!("\nFalse alarms of `postmend check` in these posts: {}.", alarms.join(", ")));
    }
    let most =
        format!("all default rules on {} posts: at most 8 times the floor's CPU", thousands(corpus.posts));
    page.targets.push(Goal::at_most(&most, taken[whole].cpu_ratio(&taken[floor]), 8.0, "×"));
    if let Some(rumdl) = row(&taken, MD045) {
        let ratio = taken[whole].cpu_ratio(&taken[rumdl]);
        page.targets.push(Goal::at_most("at most half the CPU of `rumdl check -e MD045`", ratio, 0.5, "×"));
    }
    Ok(())
}

pub(super) fn slow(bench: &BenchSetup<'_>, page: &mut BenchPage) -> Result<(), String> {
    let corpus = bench.corpus(bench.small())?;
    let tried = jobs::slow(&bench.own, &bench.tools, &corpus)?;
    let commands: Vec<MeasuredCommand> = tried.iter().map(|tried| tried.job.clone()).collect();
    let taken = bench.take("slow", &commands, bench.rounds.min(3))?;
    let (Some(floor), Some(whole)) = (row(&taken, FLOOR), row(&taken, WHOLE)) else { return Ok(()) };
    let about = format!(
        "{}: these tools would take minutes for more. The last column is computed, not measured.",
        described(&corpus)
    );
    page.section("Checking, beside slower tools", &about);
    page.add_measurements(&taken, Some(floor), (whole, "postmend"), Some(10_000.0 / corpus.posts as f64));
    page.add("\nWhat they find of what was put into the posts:\n");
    page.found(&tried, &corpus, &bench.printed("slow")?)
}

pub(super) fn rewrite(bench: &BenchSetup<'_>, page: &mut BenchPage) -> Result<(), String> {
    // Disks are slow, and more posts would not change the result.
    let corpus = bench.corpus(bench.small())?;
    let copy = bench.below.join("copy");
    let jobs = jobs::rewriting(&bench.own, &bench.tools, &copy);
    let printed = bench.printed("rewrite")?;
    let taken = rounds::take(&bench.own.measure, &jobs, bench.rounds, &printed, |_| corpus.copy(&copy))?;
    let Some(ours) = row(&taken, MIGRATE) else { return Ok(()) };
    let about = format!(
        "Taking the proxies away in a new copy of {}. postmend writes each post anew and renames it, with a journal \
         that can undo the run; `sed` and `sd` write a new file and rename it too, without a flush or a journal.",
        described(&corpus)
    );
    page.section("Writing", &about);
    page.add_measurements(&taken, None, (ours, "migrate"), None);
    page.add("\nPosts in which the images have their own URLs and nothing else changed, code included:\n");
    page.row(["command", "right"]);
    page.row(["---", "--:"]);
    // `fix` fixes more than that.
    for job in jobs.iter().filter(|job| job.name != "`postmend fix`") {
        corpus.copy(&copy)?;
        job.run(&bench.own.measure, &printed.join("proof.txt"))?;
        let right = corpus.unwrapped(&copy)?;
        if job.name.starts_with("`postmend") && right != corpus.posts {
            return Err(format!("{} leaves {} posts wrong", job.name, corpus.posts - right));
        }
        page.row([job.name.as_str(), &format!("{} of {}", thousands(right), thousands(corpus.posts))]);
    }
    fs::remove_dir_all(&copy).map_err(|error| format!("cannot remove {}: {error}", copy.display()))
}

pub(super) fn threads(bench: &BenchSetup<'_>, page: &mut BenchPage) -> Result<(), String> {
    let corpus = bench.corpus(bench.middle())?;
    let with = |jobs: &str| {
        let mut job = jobs::whole(&bench.own, &corpus.folder);
        job.name = format!("`postmend check --jobs {jobs}`");
        job.arguments.extend(["--jobs".into(), jobs.into()]);
        job
    };
    let taken = bench.take("threads", &[with("1"), with("2")], bench.rounds)?;
    page.section("One thread and two", &format!("{}.", described(&corpus)));
    page.add_measurements(&taken, None, (0, "one thread"), None);
    let faster = taken[0].wall_ratio(&taken[1]);
    page.targets.push(Goal {
        goal: "two threads: at least 1.8 times as fast as one".to_owned(),
        measured: format!("{faster:.2}×"),
        is_met: faster >= 1.8,
    });
    Ok(())
}

pub(super) fn scale(bench: &BenchSetup<'_>, page: &mut BenchPage) -> Result<(), String> {
    page.section("Few posts and many", "`postmend check`, in posts of the same kind.");
    page.row(["posts", "wall s", "CPU s", "CPU µs a post", "peak MB", "CPU ÷ floor"]);
    page.row(["--:"; 6]);
    let mut per_post = Vec::new();
    for posts in &bench.sizes {
        let corpus = bench.corpus(*posts)?;
        let jobs = [jobs::floor(&bench.own, "2", &corpus.folder), jobs::whole(&bench.own, &corpus.folder)];
        let taken =
            bench.take("scale", &jobs, if *posts > 10_000 { bench.rounds.min(3) } else { bench.rounds })?;
        let (cpu, wall) = (taken[1].cpu().median(), taken[1].wall().median());
        let microseconds = cpu / *posts as f64 * 1e6;
        let numbers = [wall, cpu].map(|number| format!("{number:.3}"));
        let others = [microseconds, taken[1].peak()].map(|number| format!("{number:.1}"));
        let to_floor = format!("{:.2}", taken[1].cpu_ratio(&taken[0]));
        let cells = [thousands(*posts), numbers.join(" | "), others.join(" | "), to_floor];
        page.row(cells.iter().map(String::as_str));
        per_post.push((*posts, microseconds, taken[1].peak()));
    }
    let (Some(first), Some(last)) = (per_post.first(), per_post.last()) else { return Ok(()) };
    let (few, many) = (thousands(first.0), thousands(last.0));
    let memory = format!("peak memory with {many} posts: under 150 MB");
    page.targets.push(Goal::at_most(&memory, last.2, 150.0, " MB"));
    let flat = format!("CPU of a post of {many}: at most 1.2 times that of one of {few}");
    page.targets.push(Goal::at_most(&flat, last.1 / first.1, 1.2, "×"));
    Ok(())
}

pub(super) fn start(bench: &BenchSetup<'_>, page: &mut BenchPage) -> Result<(), String> {
    let folder = bench.below.join("one");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
    };
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    write("postmend.toml", "# Everything as it is by default.\n")?;
    write("clean.md", "---\ntitle: Spring tide\ndate: 2022-02-07T15:06:26+08:00\n---\n\nThe sea came up.\n")?;
    let mut check = MeasuredCommand::new(
        "`postmend check clean.md`",
        &bench.own.postmend,
        &["check", "--quiet", "clean.md"],
        &folder,
    );
    check.codes = &[0];
    let jobs = [check, MeasuredCommand::new("`true`", Path::new("true"), &[], &folder)];
    let rounds = if bench.quick { 1 } else { 41 };
    let taken = bench.take("start", &jobs, rounds)?;
    page.section("Starting", "One clean post. `true` shows what any process takes.");
    page.add_measurements(&taken, None, (0, "postmend"), None);
    let median = taken[0].wall().median() * 1000.0;
    page.targets.push(Goal::at_most(
        "one clean post: under 15 ms, the median of 41 runs",
        median,
        15.0,
        " ms",
    ));
    Ok(())
}

pub(super) fn output(bench: &BenchSetup<'_>, page: &mut BenchPage) -> Result<(), String> {
    // This many posts have slightly more than 100,000 findings.
    let posts = if bench.middle() < 10_000 { bench.middle() } else { 13_500 };
    let corpus = bench.corpus(posts)?;
    let printing = |name: &str, arguments: &[&str]| {
        let arguments = [&["check", "--quiet"][..], arguments].concat();
        MeasuredCommand::new(name, &bench.own.postmend, &arguments, &corpus.folder)
    };
    let jobs = [
        printing("`--format concise`", &["--format", "concise"]),
        printing("`--format human --max-per-rule 0`", &["--format", "human", "--max-per-rule", "0"]),
        printing("`--format human`", &["--format", "human"]),
        printing("`--format json-lines`", &["--format", "json-lines"]),
        printing("`--format sarif`", &["--format", "sarif"]),
        printing("`--statistics`", &["--statistics"]),
    ];
    let taken = bench.take("output", &jobs, bench.rounds)?;
    let findings = thousands(corpus.by_rule().values().sum());
    page.section("Reports", &format!("{findings} findings in {}.", described(&corpus)));
    page.add_measurements(&taken, None, (0, "concise"), None);
    let goal = format!("{findings} findings for people: at most twice the time of `--format concise`");
    page.targets.push(Goal::at_most(&goal, taken[1].wall_ratio(&taken[0]), 2.0, "×"));
    Ok(())
}

pub(super) fn server(bench: &BenchSetup<'_>, page: &mut BenchPage) -> Result<(), String> {
    let (size, changes) = if bench.quick { (1 << 16, 5) } else { (1 << 20, 50) };
    page.section(
        "The language server",
        &format!("{changes} characters typed into the middle of a post, each with the time until its diagnostics are there."),
    );
    page.row(["post", "KB", "findings", "median ms", "most ms"]);
    page.row(["---", "--:", "--:", "--:", "--:"]);
    for (name, kind) in
        [("Chinese paragraphs", PostKind::Prose), ("a bot's HTML in long lines", PostKind::Mirror)]
    {
        let text = made::long_post(kind, size);
        let answers = type_into(&bench.own.postmend, &text, changes)?;
        let (median, most) = (answers.milliseconds.median(), answers.milliseconds.most());
        let size = text.len() / 1024;
        page.row([
            name,
            &size.to_string(),
            &thousands(answers.findings),
            &format!("{median:.1}"),
            &format!("{most:.1}"),
        ]);
        let goal = format!("a change in a post of {size} KB, {name}: answered within 50 ms, the median");
        page.targets.push(Goal::at_most(&goal, median, 50.0, " ms"));
    }
    Ok(())
}
