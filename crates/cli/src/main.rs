//! The command line of postmend.

mod args;
mod config;
mod posts;
mod report;
mod run;
mod site;
mod store;
mod trouble;

use anstream::{AutoStream, eprintln, println};
use args::{
    Arguments, CheckArguments, ColorChoice, Command, FixArguments, ReportFormat, RunArguments, UndoArguments,
};
use clap::Parser;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use miette::{GraphicalReportHandler, GraphicalTheme};
use postmend_rules::{ALL, Claims, Safety};
use posts::{Finder, PostFile};
use report::{Report, Tally};
use run::{Examined, Mending, Stop, Task};
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use store::{About, Store, Writer};
use trouble::Trouble;

/// What a config to start from says.
const STARTING_CONFIG: &str = include_str!("starting_config.toml");

fn main() -> ExitCode {
    // A panic inside a post is caught and told as a finding of that post.
    std::panic::set_hook(Box::new(|_| {}));
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Check(CheckArguments { run }) => examine(&run, &Task::Check),
        Command::Fix(FixArguments { run, review, diff, only }) => {
            only.iter().try_for_each(|name| posts::known(name).map(drop)).and_then(|()| {
                let asked = if review { Safety::Review } else { Safety::Safe };
                examine(&run, &Task::Fix(Mending { asked, only, write: !diff }))
            })
        }
        Command::Undo(UndoArguments { run, folder }) => undo(&folder, run),
        Command::Explain { rule } => explain(&rule),
        Command::Rules => rules(),
        Command::Init => init(),
    };
    done.unwrap_or_else(|trouble| {
        tell(&trouble);
        ExitCode::from(2)
    })
}

/// Checks or mends what the arguments name.
fn examine(arguments: &RunArguments, task: &Task) -> Result<ExitCode, Trouble> {
    choose_color(arguments.color);
    rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.jobs)
        .build_global()
        .map_err(|error| Trouble::new(format!("cannot start threads: {error}"), "try `--jobs 1`"))?;
    if let Some(name) = &arguments.stdin_filename {
        return standard_input(arguments, task, name);
    }
    let (posts, mut troubles) = Finder::new(arguments).find()?;
    let is_diff = matches!(task, Task::Fix(mending) if !mending.write);
    let colored = is_colored();
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut report = Report::new(out, arguments, colored);
    let mut diffs = 0;
    let bar = progress_bar(arguments, posts.len());
    let mut claims = Claims::default();
    let mut had_findings = Vec::with_capacity(posts.len());
    let near = arguments.paths.first().map_or(Path::new("."), |path| path.as_path());
    let mut writer = Writer::new(about("fix"), near);
    let stopped = run::run(
        &posts,
        task,
        &mut writer,
        |post, mut examined| {
            troubles.extend(examined.trouble.take());
            for (rule, claim) in &examined.claims {
                claims.add(had_findings.len(), post.site_number, rule, &claim.key);
            }
            had_findings.push(!examined.findings.is_empty());
            if is_diff {
                diffs += usize::from(examined.before.is_some());
                return diff(&post.path, &examined);
            }
            bar.suspend(|| report.add(post, &examined))
        },
        |count| bar.inc(count as u64),
    );
    bar.finish_and_clear();
    let mut told = match stopped {
        Ok(()) => Ok(()),
        Err(Stop::Output(error)) => Err(error),
        Err(Stop::Job(trouble)) => {
            output_failed(report.end())?;
            return Err(trouble);
        }
    };
    if told.is_ok() && !is_diff {
        told = tell_contested(&posts, &mut claims, &had_findings, &mut report, &mut troubles);
    }
    let ended = told.and_then(|()| if is_diff { Ok(()) } else { report.end() });
    if let Some(code) = output_failed(ended)? {
        return Ok(code);
    }
    troubles.iter().for_each(tell);
    if !arguments.quiet && !is_diff && arguments.format != ReportFormat::Json {
        eprintln!("{}", summary(&report.tally, task));
        if let Some(number) = writer.number() {
            eprintln!("run {number}: `postmend undo {number}` takes it back");
        }
    }
    let found = report.tally.findings() > 0 || diffs > 0;
    Ok(ExitCode::from(if !troubles.is_empty() { 2 } else { u8::from(found) }))
}

/// Tells of the posts that claim what another one does; `had_findings` says which were told of before.
fn tell_contested(
    posts: &[PostFile],
    claims: &mut Claims,
    had_findings: &[bool],
    report: &mut Report<impl Write>,
    troubles: &mut Vec<Trouble>,
) -> io::Result<()> {
    claims.contested().iter().try_for_each(|(number, contests)| {
        let mut examined = run::contested(&posts[*number], contests, posts);
        troubles.extend(examined.trouble.take());
        let is_first = !had_findings[*number] && !examined.findings.is_empty();
        report.tally.posts_with_findings += usize::from(is_first);
        report.add_more(&posts[*number], &examined)
    })
}

/// One post from standard input; mended, it goes to standard output and the findings do not.
fn standard_input(arguments: &RunArguments, task: &Task, name: &Path) -> Result<ExitCode, Trouble> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(|error| {
        Trouble::new(format!("cannot read standard input: {error}"), "give the post on standard input")
    })?;
    let Some(post) = Finder::new(arguments).named(name)? else {
        if let Task::Fix(_) = task {
            output_failed(io::stdout().write_all(&bytes))?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let examined = run::examine(&post, bytes.clone(), task);
    if let Task::Fix(mending) = task {
        let ended = if mending.write { mended_bytes(&examined, &bytes) } else { diff(name, &examined) };
        output_failed(ended)?;
        return Ok(ExitCode::from(u8::from(!examined.findings.is_empty())));
    }
    let mut report = Report::new(io::stdout().lock(), arguments, is_colored());
    output_failed(report.add(&post, &examined).and_then(|()| report.end()))?;
    Ok(ExitCode::from(u8::from(report.tally.findings() > 0)))
}

/// The post as it is now, in its own encoding; as it was if nothing changed.
fn mended_bytes(examined: &Examined, bytes: &[u8]) -> io::Result<()> {
    let encoding = postmend_core::decode::decode(bytes).map(|decoded| decoded.encoding);
    let mended = match (encoding, &examined.before) {
        (Ok(encoding), Some(_)) => postmend_core::decode::encode(&examined.text, encoding),
        _ => None,
    };
    io::stdout().write_all(mended.as_deref().unwrap_or(bytes))
}

/// Prints what would change in a post.
fn diff(path: &Path, examined: &Examined) -> io::Result<()> {
    let Some(before) = &examined.before else { return Ok(()) };
    let name = report::visible_text(&path.to_string_lossy());
    let name = name.trim_start_matches('/');
    let diff = similar::TextDiff::from_lines(before.as_str(), examined.text.as_str());
    let page = diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string();
    write!(io::stdout().lock(), "{page}")
}

/// A closed pipe ends the output quietly; anything else is trouble.
fn output_failed(told: io::Result<()>) -> Result<Option<ExitCode>, Trouble> {
    match told {
        Ok(()) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Some(ExitCode::from(1))),
        Err(error) => {
            Err(Trouble::new(format!("cannot write the report: {error}"), "see where the output goes"))
        }
    }
}

fn summary(tally: &Tally, task: &Task) -> String {
    let posts = counted(tally.posts, "post");
    let found = tally.findings();
    let mut told = String::new();
    if let Task::Fix(_) = task {
        let fixed = tally.fixed.values().sum();
        told = format!("fixed {} in {}; ", counted(fixed, "finding"), counted(tally.posts_changed, "post"));
    }
    if found == 0 {
        return format!("{told}nothing to report in {posts}");
    }
    let left = if told.is_empty() { "" } else { " left" };
    let places = counted(tally.posts_with_findings, "post");
    told.push_str(&format!("{}{left} in {places} of {}", counted(found, "finding"), tally.posts));
    let mendable = [(tally.fixable, "`fix`"), (tally.fixable_with_review, "`fix --unsafe`")];
    for (count, command) in mendable.iter().filter(|(count, _)| *count > 0) {
        told.push_str(&format!("; {command} mends {count}"));
    }
    told
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn progress_bar(arguments: &RunArguments, posts: usize) -> ProgressBar {
    // Shorter runs are over before a bar could be read.
    if arguments.quiet || posts < 2000 || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} posts, {per_sec}, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(posts as u64), ProgressDrawTarget::stderr());
    style.map_or_else(|_| ProgressBar::hidden(), |style| bar.with_style(style))
}

fn choose_color(choice: ColorChoice) {
    let choice = match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

fn is_colored() -> bool {
    AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

fn tell(trouble: &Trouble) {
    let colored = AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
    let theme = if colored { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut page = String::new();
    match GraphicalReportHandler::new_themed(theme).with_links(false).render_report(&mut page, trouble) {
        Ok(()) => eprintln!("{page}"),
        Err(_) => eprintln!("{trouble}"),
    }
}

/// What a run that starts now is.
fn about(command: &str) -> About {
    About {
        command: command.to_owned(),
        arguments: std::env::args().skip(1).collect(),
        started: posts::now().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn undo(folder: &Path, asked: Option<u32>) -> Result<ExitCode, Trouble> {
    let store = Store::of(folder)?;
    let number = store.chosen(asked)?;
    let undone = store::undo(&store, number)?;
    undone.troubles.iter().for_each(tell);
    let removed = match undone.removed {
        0 => String::new(),
        count => format!(", removed {} that it had made", counted(count, "file")),
    };
    eprintln!("run {number}: restored {}{removed}", counted(undone.restored, "post"));
    if !undone.troubles.is_empty() {
        eprintln!("{} could not be restored", counted(undone.troubles.len(), "file"));
        return Ok(ExitCode::from(2));
    }
    Ok(ExitCode::SUCCESS)
}

fn explain(rule: &str) -> Result<ExitCode, Trouble> {
    let card = posts::known(rule)?;
    let default = if card.on_by_default { "on" } else { "off" };
    println!("{}\n\nSeverity {}, {default} by default.", card.page.trim_end(), card.severity.name());
    Ok(ExitCode::SUCCESS)
}

fn rules() -> Result<ExitCode, Trouble> {
    for card in ALL {
        let default = if card.on_by_default { "on" } else { "off" };
        println!("{:<26} {:<8} {default:<4} {}", card.name, card.severity.name(), card.summary());
    }
    Ok(ExitCode::SUCCESS)
}

fn init() -> Result<ExitCode, Trouble> {
    let path = Path::new(config::FILE_NAME);
    let written =
        std::fs::File::create_new(path).and_then(|mut file| file.write_all(STARTING_CONFIG.as_bytes()));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Trouble::new(format!("{} exists already", path.display()), "change it, or move it away first")
        }
        _ => Trouble::with_path("write", path, &error),
    })?;
    println!("wrote {}", path.display());
    Ok(ExitCode::SUCCESS)
}
