//! The part that `check` and `fix` share: find posts, examine them, and report.

use crate::args::report::RunArguments;
use crate::diff::{LiveText, diff};
use crate::left_out::{MOST_PATHS, print_left_out};
use crate::print::{eprint_line, is_colored, stdout, write_raw};
use crate::progress_bar::Bar;
use crate::summary::{summary, undo_hint};
use crate::terminal::{columns, output_failed, print_all, start};
use postmend_core::LineIndex;
use postmend_engine::baseline::{BaselineUse, Baselines, StaleFinding};
use postmend_engine::check::find_to_check;
use postmend_engine::examine::{self, Examined, Task};
use postmend_engine::find_posts::{FindOptions, Finder, PostFile};
use postmend_engine::git::TouchedLines;
use postmend_engine::paths;
use postmend_engine::report::{Report, Tally};
use postmend_engine::site_usage;
use postmend_engine::store::{About, Writer};
use postmend_engine::survey::{Bundle, Stop, Survey};
use postmend_engine::trouble::Trouble;
use postmend_rules::{Finding, REFUSED_FIX};
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

/// What to do with the posts.
pub struct Job {
    /// The task for each of them.
    pub task: Task,
    /// When a diff keeps control characters.
    pub live_text: LiveText,
    /// Whether files with several hard links are written.
    pub break_hard_links: bool,
}

impl Job {
    /// The job of `check`.
    pub const CHECK: Self = Self {
        task: Task { fix: None, identifies: false },
        live_text: LiveText::Auto,
        break_hard_links: false,
    };

    /// The task, in which findings are identified if a report or a baseline needs it.
    fn task_for(&self, arguments: &RunArguments, baselines: &Baselines<'_>) -> Task {
        Task { identifies: arguments.has_fingerprints() || !baselines.is_empty(), ..self.task.clone() }
    }

    /// Whether the fixes are only shown as a diff.
    fn is_diff(&self) -> bool {
        self.task.fix.as_ref().is_some_and(|options| !options.write)
    }

    fn is_fix(&self) -> bool {
        self.task.fix.is_some()
    }

    /// What the summary says of fixes; `None` if there are none.
    fn fixing(&self) -> Option<&'static str> {
        self.is_fix().then_some(if self.is_diff() { "would fix" } else { "fixed" })
    }

    /// The writer, if posts are written.
    fn writer(&self) -> Option<Writer> {
        let writes = self.is_fix() && !self.is_diff();
        writes.then(|| Writer::new(About::now("fix"), self.break_hard_links))
    }

    /// The rules whose fixes are applied; empty for all.
    fn named_rules(&self) -> &[String] {
        self.task.fix.as_ref().map_or(&[], |options| &options.only)
    }

    /// Prints the changes of a fix to a post.
    fn diff(&self, path: &Path, examined: &Examined) -> io::Result<()> {
        let before = examined.before.as_ref();
        before.map_or(Ok(()), |before| {
            let edits = examine::edits_of(&examined.undo, &examined.text);
            diff(path, before, &edits, self.live_text)
        })
    }
}

/// Runs `check` or `fix`.
///
/// # Errors
/// The run failed.
pub fn run(arguments: &RunArguments, job: &Job) -> Result<ExitCode, Trouble> {
    start(&arguments.selection.posts)?;
    if job.is_fix() && arguments.selection.git.staged {
        let message = "staged content cannot be fixed: the working tree may differ";
        return Err(Trouble::new(message, "fix the files with `fix --changed`, and stage them again"));
    }
    if job.is_fix() && arguments.lines {
        let message = "`--lines` is for `check`: a fix is one of the whole post";
        return Err(Trouble::new(message, "fix the posts with `fix --changed`, and look at the diff"));
    }
    let paths = &arguments.selection.posts.paths;
    let is_standard_input = *paths == [Path::new(STANDARD_INPUT)];
    if paths.len() > 1 && paths.iter().any(|path| path == Path::new(STANDARD_INPUT)) {
        let message = "`-` is standard input, which is one post, and cannot be read with other paths";
        return Err(Trouble::new(message, "name a file that is called `-` as `./-`"));
    }
    let standard = is_standard_input.then_some(Path::new(STANDARD_INPUT));
    if let Some(name) = arguments.stdin_filename.as_deref().or(standard) {
        return standard_input(arguments, job, name);
    }
    over_posts(arguments, job).map(|ended| ended.code)
}

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// The result of a run over posts.
pub struct Ended {
    /// The exit code.
    pub code: ExitCode,
    /// Whether the output was still open; a closed pipe ends a watch.
    #[cfg_attr(not(feature = "watch"), expect(dead_code, reason = "only a watch goes on"))]
    pub is_output_open: bool,
}

/// One run over all posts that the arguments name.
///
/// # Errors
/// The run failed.
pub fn over_posts(arguments: &RunArguments, job: &Job) -> Result<Ended, Trouble> {
    let find = arguments.selection.find();
    let mut finder = Finder::new(&find);
    let (posts, troubles) = find_to_check(&mut finder, job.named_rules())?;
    finder.names_are_on(job.named_rules())?;
    let bar = Bar::new(arguments.selection.posts.quiet);
    let mut writer = job.writer();
    let mut run = Run {
        job,
        report: Report::new(stdout(), &arguments.report(is_colored(), columns()))?,
        baselines: baselines(arguments, &find, &posts)?,
        lines: touched_lines(arguments, &find)?,
        troubles,
        had_findings: Vec::with_capacity(posts.len()),
        diffs: 0,
    };
    let task = job.task_for(arguments, &run.baselines);
    let survey = Survey { posts: &posts, task: &task, shard: arguments.shard, progress: &bar };
    let surveyed = survey.run(writer.as_mut(), &mut |bundle| run.take(bundle, &bar));
    let notes = writer.as_mut().map(Writer::notes).unwrap_or_default();
    notes.iter().for_each(|note| eprint_line(format_args!("note: {note}")));
    let printed = match surveyed {
        Ok(()) => {
            if job.is_diff() {
                Ok(())
            } else {
                run.report.end()
            }
        }
        Err(Stop::Output(error)) => Err(error),
        Err(Stop::Job(trouble)) => {
            output_failed(run.report.end())?;
            return Err(trouble);
        }
    };
    if let Some(code) = output_failed(printed)? {
        return Ok(Ended { code, is_output_open: false });
    }
    run.troubles.extend(run.baselines.damaged());
    print_all(&run.troubles);
    let is_nothing = posts.is_empty() && !run.troubles.is_empty();
    if !arguments.selection.posts.quiet && !is_nothing && arguments.format.is_for_people() {
        run.summarize(writer.as_ref());
        print_left_out(finder.left_out(), MOST_PATHS);
        print_lacking_model(&finder);
    }
    let is_stale = arguments.stale_baseline && run.print_stale();
    let fails = arguments.gate.fails(&run.report.tally) || run.diffs > 0 || is_stale;
    let code = ExitCode::from(if !run.troubles.is_empty() { 2 } else { u8::from(fails) });
    Ok(Ended { code, is_output_open: true })
}

/// Names the rule that did not run although `all` was to include it.
fn print_lacking_model(finder: &Finder<'_>) {
    if finder.lacks_model() {
        eprint_line(format_args!(
            "`likely-misspelling` did not run, as there is no model for it: `cargo xtask model --deep` builds one"
        ));
    }
}

/// The lines whose findings are reported; `None` for all.
fn touched_lines(arguments: &RunArguments, find: &FindOptions) -> Result<Option<TouchedLines>, Trouble> {
    if !arguments.lines {
        return Ok(None);
    }
    let Some(selection) = &find.selection else {
        let message = "`--lines` needs a change to compare with";
        return Err(Trouble::new(message, "add `--since BRANCH`, `--changed` or `--staged`"));
    };
    let first = paths::absolute(find.first_path());
    let folder = if first.is_dir() { first.as_path() } else { paths::parent(&first) };
    TouchedLines::of(folder, selection).map(Some)
}

/// The baselines of the posts; none if they are disabled.
fn baselines<'r>(
    arguments: &'r RunArguments,
    find: &'r FindOptions,
    posts: &'r [PostFile],
) -> Result<Baselines<'r>, Trouble> {
    match arguments.no_baseline {
        true => Ok(Baselines::empty(None, find, BaselineUse::Check)),
        false => Baselines::of(posts, arguments.selection.baseline.as_deref(), find),
    }
}

/// The state of a run.
struct Run<'a> {
    job: &'a Job,
    report: Report<'a>,
    baselines: Baselines<'a>,
    /// The lines whose findings are reported; `None` for all.
    lines: Option<TouchedLines>,
    troubles: Vec<Trouble>,
    /// Whether each post has findings, in the order in which they were reported.
    had_findings: Vec<bool>,
    /// The number of posts that a fix would change.
    diffs: usize,
}

impl Run<'_> {
    /// Reports the findings of some posts.
    fn take(&mut self, bundle: Bundle<'_>, bar: &Bar) -> io::Result<()> {
        let Bundle { posts, mut examined, first, is_contested } = bundle;
        for (post, examined) in posts.iter().zip(&mut examined) {
            let trouble = examined.trouble.take();
            let is_read = trouble.is_none();
            self.troubles.extend(trouble);
            if is_read && !examined.only_claims {
                let hidden = self.baselines.hide(post, examined);
                self.report.tally.add_known(hidden.iter().map(|(finding, _)| finding));
                if let Some(lines) = &self.lines {
                    let path = paths::absolute(&post.path);
                    let numbers = LineIndex::of_line_feeds(&examined.text);
                    let line = |at: u32| numbers.number(at as usize);
                    examined.findings.retain(|(Finding { span, .. }, ..)| {
                        lines.touches(&path, line(span.start)..=line(span.end))
                    });
                }
            }
        }
        let paths = posts.iter().map(|post| post.path.as_path());
        let found = paths.zip(&examined).filter(|(_, examined)| !examined.only_claims);
        let found: Vec<(&Path, &Examined)> = found.collect();
        if self.job.is_diff() {
            return self.take_diffs(&found);
        }
        if is_contested {
            let is_first =
                examined.iter().any(|result| !result.findings.is_empty()) && !self.had_findings[first];
            self.report.tally.posts_with_findings += usize::from(is_first);
            return self.report.add_more(&found);
        }
        self.had_findings.extend(examined.iter().map(|examined| !examined.findings.is_empty()));
        bar.suspend(|| self.report.add_all(&found))
    }

    /// Prints what fixes would change, and which are refused.
    fn take_diffs(&mut self, found: &[(&Path, &Examined)]) -> io::Result<()> {
        for (path, examined) in found {
            self.report.tally.posts += 1;
            self.report.tally.posts_with_findings += usize::from(!examined.findings.is_empty());
            self.report.tally.add(examined);
            self.diffs += usize::from(examined.before.is_some());
            self.job.diff(path, examined)?;
            print_refused(path, examined);
        }
        Ok(())
    }

    /// Names the known findings that are no longer found; returns whether there are any.
    fn print_stale(&self) -> bool {
        let stale = self.baselines.stale();
        for StaleFinding { baseline, post, known } in &stale {
            let (file, what) = (baseline.display(), known.in_words());
            eprint_line(format_args!("{file}: no longer found: {post}: {what}"));
        }
        !stale.is_empty()
    }

    /// Prints the summary of the run.
    fn summarize(&self, writer: Option<&Writer>) {
        eprint_line(format_args!("{}", summary(&self.report.tally, self.job.fixing())));
        // A diff says what would be, and what is known is there still.
        if !self.job.is_diff() {
            self.baselines.summary().iter().for_each(|line| eprint_line(format_args!("{line}")));
        }
        let runs = writer.into_iter().flat_map(Writer::runs);
        runs.for_each(|(root, number)| eprint_line(format_args!("{}", undo_hint(root, number))));
    }
}

/// Names the fixes that are missing in a diff.
fn print_refused(path: &Path, examined: &Examined) {
    for (finding, start, _) in examined.findings.iter().filter(|(finding, ..)| finding.rule == REFUSED_FIX) {
        let position = format_args!("{}:{}:{}", path.display(), start.line, start.column);
        eprint_line(format_args!(
            "{position}: {} {}: {}",
            finding.severity.name(),
            finding.rule,
            finding.message
        ));
    }
}

/// Processes one post from standard input. When it is fixed, the post is written to standard output, and its findings
/// are not.
fn standard_input(arguments: &RunArguments, job: &Job, name: &Path) -> Result<ExitCode, Trouble> {
    let find = arguments.selection.find();
    let bytes = read_standard_input(&find, job)?;
    let mut finder = Finder::new(&find);
    let is_quiet = arguments.selection.posts.quiet;
    let Some(post) = finder.post_at(name)? else {
        if job.is_fix() && !job.is_diff() {
            output_failed(write_raw(&bytes))?;
        }
        if !is_quiet {
            eprint_line(format_args!("not read, as `exclude` of the config matches: {}", name.display()));
        }
        return Ok(ExitCode::SUCCESS);
    };
    finder.names_are_known(job.named_rules())?;
    site_usage::gather(&mut finder)?;
    let mut baselines = baselines(arguments, &find, std::slice::from_ref(&post))?;
    let task = job.task_for(arguments, &baselines);
    let mut examined = examine::examine(&post, &bytes, &task);
    baselines.hide(&post, &mut examined);
    if job.is_fix() {
        let ended =
            if job.is_diff() { job.diff(name, &examined) } else { write_raw(&examined.bytes(&bytes)) };
        output_failed(ended)?;
        print_refused(name, &examined);
        let has_findings = !examined.findings.is_empty();
        let mut tally = Tally { posts: 1, posts_with_findings: has_findings.into(), ..Tally::default() };
        tally.add(&examined);
        if has_findings && !is_quiet {
            eprint_line(format_args!("{}", summary(&tally, job.fixing())));
        }
        let is_changed = job.is_diff() && examined.before.is_some();
        return Ok(ExitCode::from(u8::from(arguments.gate.fails(&tally) || is_changed)));
    }
    let mut report = Report::new(stdout(), &arguments.report(is_colored(), columns()))?;
    output_failed(report.add(&post.path, &examined).and_then(|()| report.end()))?;
    Ok(ExitCode::from(u8::from(arguments.gate.fails(&report.tally))))
}

fn read_standard_input(find: &FindOptions, job: &Job) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    let most = find.limits.post() + 1;
    io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(|error| {
        Trouble::new(format!("cannot read standard input: {error}"), "pass the post on standard input")
    })?;
    if job.is_fix() && bytes.len() as u64 >= most {
        // A truncated post must not be written as if it were complete.
        let message = format!("standard input has more than {} MB", find.limits.max_post_size);
        return Err(Trouble::new(message, "raise `--max-post-size` to allow it"));
    }
    Ok(bytes)
}
