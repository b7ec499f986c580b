//! `check` and `fix`: finds posts, examines them, and tells.

use crate::args::{Choice, LiveText, RunArguments};
use crate::baseline::Baseline;
use crate::paths;
use crate::posts::Finder;
use crate::project::Asked;
use crate::report::{Report, Tally};
use crate::run::{self, Examined, Stop, Task};
use crate::store::{About, Writer};
use crate::terminal::{counted, diff, output_failed, progress_bar, start, tell_all};
use crate::trouble::Trouble;
use crate::usage;
use postmend_engine::print::{Stdout, as_it_is, is_colored, say};
use postmend_rules::Claims;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

/// Checks or mends what the arguments name.
pub fn examine(arguments: &RunArguments, task: &Task) -> Result<ExitCode, Trouble> {
    start(&arguments.choice.posts)?;
    if let (Task::Fix(_), true) = (task, arguments.choice.git.staged) {
        let message = "what is staged cannot be mended: the work tree may hold something else";
        return Err(Trouble::new(message, "mend the files with `fix --changed`, and stage them again"));
    }
    if let Some(name) = &arguments.stdin_filename {
        return standard_input(arguments, task, name);
    }
    look(arguments, task).map(|looked| looked.code)
}

/// How a run over posts ended.
pub struct Looked {
    /// What the process ends with.
    pub code: ExitCode,
    /// Whether somebody still takes what is printed.
    pub is_heard: bool,
}

/// One run over all posts that the arguments name.
///
/// # Errors
/// The job cannot be done.
pub fn look(arguments: &RunArguments, task: &Task) -> Result<Looked, Trouble> {
    let mut finder = finder(&arguments.choice);
    let (posts, mut troubles) = finder.find()?;
    if let Task::Fix(mending) = task {
        finder.names_are_known(&mending.only)?;
    }
    usage::gather(&mut finder)?;
    let is_diff = matches!(task, Task::Fix(mending) if !mending.write);
    let colored = is_colored();
    let mut report = Report::new(Stdout::lock(), arguments, colored)?;
    let mut diffs = 0;
    let bar = progress_bar(arguments.choice.posts.quiet, posts.len());
    let mut claims = Claims::default();
    let mut baseline = Baseline::of(arguments)?;
    let mut had_findings = Vec::with_capacity(posts.len());
    let breaks_links = matches!(task, Task::Fix(mending) if mending.break_hard_links);
    let mut writer = Writer::new(About::now("fix"), breaks_links);
    let stopped = run::run(
        &posts,
        task,
        arguments.shard,
        &mut writer,
        |bundle, mut examined| {
            for (post, examined) in bundle.iter().zip(&mut examined) {
                troubles.extend(examined.trouble.take());
                for (rule, claim) in &examined.claims {
                    claims.add(had_findings.len(), post.site_number, rule, &claim.key);
                }
                if let Some(baseline) = baseline.as_mut().filter(|_| !examined.only_claims) {
                    baseline.hide(post, examined);
                }
                had_findings.push(!examined.findings.is_empty());
                diffs += usize::from(is_diff && examined.before.is_some());
            }
            let told = bundle.iter().map(|post| post.path.as_path()).zip(&examined);
            let told: Vec<(&Path, &Examined)> = told.filter(|(_, examined)| !examined.only_claims).collect();
            if is_diff {
                return told.iter().try_for_each(|(path, examined)| before_and_after(path, examined, task));
            }
            bar.suspend(|| report.add_all(&told))
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
        told = claims.contested().iter().try_for_each(|(number, contests)| {
            if arguments.shard.is_some_and(|shard| !shard.holds(&posts[*number].below)) {
                return Ok(());
            }
            let mut examined = run::contested(&posts[*number], contests, &posts);
            troubles.extend(examined.trouble.take());
            if let Some(baseline) = &mut baseline {
                baseline.hide(&posts[*number], &mut examined);
            }
            let is_first = !had_findings[*number] && !examined.findings.is_empty();
            report.tally.posts_with_findings += usize::from(is_first);
            report.add_more(&[(posts[*number].path.as_path(), &examined)])
        });
    }
    let ended = told.and_then(|()| if is_diff { Ok(()) } else { report.end() });
    if let Some(code) = output_failed(ended)? {
        return Ok(Looked { code, is_heard: false });
    }
    tell_all(&troubles);
    let is_nothing = posts.is_empty() && !troubles.is_empty();
    if !arguments.choice.posts.quiet && !is_diff && !is_nothing && arguments.format.is_for_people() {
        say(format_args!("{}", summary(&report.tally, task)));
        if let Some(told) = baseline.as_ref().and_then(Baseline::told) {
            say(format_args!("{told}"));
        }
        writer.runs().for_each(|(root, number)| say(format_args!("{}", taken_back(root, number))));
    }
    let fails = arguments.gate.fails(&report.tally) || diffs > 0;
    let code = ExitCode::from(if !troubles.is_empty() { 2 } else { u8::from(fails) });
    Ok(Looked { code, is_heard: true })
}

/// One post from standard input; mended, it goes to standard output and the findings do not.
fn standard_input(arguments: &RunArguments, task: &Task, name: &Path) -> Result<ExitCode, Trouble> {
    let mut bytes = Vec::new();
    let most = arguments.choice.posts.limits.post() + 1;
    io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(|error| {
        Trouble::new(format!("cannot read standard input: {error}"), "give the post on standard input")
    })?;
    if let Task::Fix(_) = task
        && bytes.len() as u64 >= most
    {
        // Half a post must not come out as a whole one.
        let message =
            format!("standard input has more than {} MB", arguments.choice.posts.limits.max_post_size);
        return Err(Trouble::new(message, "`--max-post-size` says how much a post may have"));
    }
    let mut finder = finder(&arguments.choice);
    let Some(post) = finder.named(name)? else {
        if let Task::Fix(_) = task {
            output_failed(as_it_is(&bytes))?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    if let Task::Fix(mending) = task {
        finder.names_are_known(&mending.only)?;
    }
    usage::gather(&mut finder)?;
    let mut examined = run::examine(&post, &bytes, task);
    if let Some(mut baseline) = Baseline::of(arguments)? {
        baseline.hide(&post, &mut examined);
    }
    if let Task::Fix(mending) = task {
        let ended = if mending.write {
            mended_bytes(&examined, &bytes)
        } else {
            before_and_after(name, &examined, task)
        };
        output_failed(ended)?;
        return Ok(ExitCode::from(u8::from(!examined.findings.is_empty())));
    }
    let mut report = Report::new(Stdout::lock(), arguments, is_colored())?;
    output_failed(report.add(&post.path, &examined).and_then(|()| report.end()))?;
    Ok(ExitCode::from(u8::from(arguments.gate.fails(&report.tally))))
}

/// The post as it is now, in its own encoding; as it was if nothing changed.
fn mended_bytes(examined: &Examined, bytes: &[u8]) -> io::Result<()> {
    let encoding = postmend_core::decode::decode(bytes).map(|decoded| decoded.encoding);
    let mended = match (encoding, &examined.before) {
        (Ok(encoding), Some(_)) => postmend_core::decode::encode(&examined.text, encoding),
        _ => None,
    };
    as_it_is(mended.as_deref().unwrap_or(bytes))
}

/// What a run comes to, in one line.
pub fn summary(tally: &Tally, task: &Task) -> String {
    let told = outcome(tally, task);
    match tally.unheeded {
        0 => told,
        1 => format!("{told}; 1 comment that would switch rules off does not count"),
        count => format!("{told}; {count} comments that would switch rules off do not count"),
    }
}

fn outcome(tally: &Tally, task: &Task) -> String {
    let posts = counted(tally.posts, "post");
    let found = tally.findings();
    let mut told = tally.share();
    if let Task::Fix(_) = task {
        let fixed = tally.fixed.values().sum();
        let changed = counted(tally.posts_changed, "post");
        told.push_str(&format!("fixed {} in {changed}; ", counted(fixed, "finding")));
    }
    if found == 0 {
        return format!("{told}nothing to report in {posts}");
    }
    let left = if matches!(task, Task::Fix(_)) { " left" } else { "" };
    let places = counted(tally.posts_with_findings, "post");
    told.push_str(&format!("{}{left} in {places} of {}", counted(found, "finding"), tally.posts));
    let mendable = [(tally.fixable, "`fix`"), (tally.fixable_with_review, "`fix --unsafe`")];
    for (count, command) in mendable.iter().filter(|(count, _)| *count > 0) {
        told.push_str(&format!("; {command} mends {count}"));
    }
    told
}

/// Finds what was chosen.
pub fn finder(choice: &Choice) -> Finder<'_> {
    let (select, ignore, deep) = (choice.select.as_slice(), choice.ignore.as_slice(), choice.deep.as_ref());
    let asked = Asked { select, ignore, deep, no_comments: choice.no_inline_config };
    Finder::new(&choice.posts).asking(asked).selected(choice.git.selection())
}

fn before_and_after(path: &Path, examined: &Examined, task: &Task) -> io::Result<()> {
    let live_text = match task {
        Task::Fix(mending) => mending.live_text,
        Task::Check => LiveText::Auto,
    };
    examined.before.as_ref().map_or(Ok(()), |before| diff(path, before, &examined.text, live_text))
}

/// How a run is taken back, from here.
pub fn taken_back(root: &Path, number: u32) -> String {
    let is_here = paths::absolute(Path::new(".")).starts_with(root);
    let folder = if is_here { String::new() } else { format!(" --folder {}", paths::shown(root).display()) };
    format!("run {number}: `postmend undo {number}{folder}` takes it back")
}
