//! `postmend migrate`: plans moves of image URLs, shows, applies and undoes them.

mod args;

pub use args::MigrateArguments;

use crate::commands::undo::undo;
use crate::diff::{LiveText, diff};
use crate::print::{eprint_line, line, lines, write_raw};
use crate::progress_bar::Bar;
use crate::summary::undo_hint;
use crate::terminal::{output_failed, print_all, print_notes, start};
use args::{MigrateCommand, MovingArguments, UploadArguments};
use postmend_core::decode::decode;
use postmend_engine::find_posts::FindOptions;
use postmend_engine::migrate::{
    self, Application, Applied, Copying, MadePlan, MigrationPosts, PlanSummary, Proof, plan_name,
};
use postmend_engine::named_files;
use postmend_engine::paths;
use postmend_engine::plural::counted;
use postmend_engine::store::{self, About, Entry, FileState, JournalRun, Store};
use postmend_engine::trouble::Trouble;
use postmend_rules::migrate::MigrationOptions;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

/// Runs `postmend migrate`.
///
/// # Errors
/// The run failed.
pub fn migrate(arguments: MigrateArguments) -> Result<ExitCode, Trouble> {
    match arguments.command {
        None if arguments.write => write(&arguments.moving, arguments.break_hard_links),
        None => preview(&arguments.moving),
        Some(MigrateCommand::Plan { moving, output }) => plan(&moving, &output),
        Some(MigrateCommand::Show { plan, html, thumbnails, summary, live_text, folder }) => match html {
            Some(page) => write_page(&plan, &page, thumbnails),
            None if summary => summarize(&plan),
            None => show(&plan, &folder, live_text),
        },
        Some(MigrateCommand::Apply { plan, uploads, break_hard_links, folder }) => {
            apply(&plan, &folder, &uploads, break_hard_links)
        }
        Some(MigrateCommand::Undo(arguments)) => undo(&arguments),
        Some(MigrateCommand::Resume { run, uploads, break_hard_links }) => {
            resume(&run.folder, run.run, &uploads, break_hard_links)
        }
        Some(MigrateCommand::Verify(arguments)) => verify(&arguments.folder, arguments.run),
        Some(MigrateCommand::List { folder }) => list(&folder),
    }
}

/// Shows what would move, and changes nothing.
fn preview(arguments: &MovingArguments) -> Result<ExitCode, Trouble> {
    start(&arguments.posts)?;
    let store = Store::of(arguments.posts.first_path())?;
    let (options, copying) = (arguments.maps.options()?, arguments.copying.copying()?);
    let posts = found(arguments, &options, copying.as_ref())?;
    if copying.is_some() {
        return preview_copies(&migrate::by_host(&migrate::images_to_copy(&posts)));
    }
    let made =
        migrate::make(posts, &options, &store, None, &Bar::new(arguments.posts.quiet), &mut io::sink())?;
    print(&made.summary)?;
    eprint_line(format_args!(
        "nothing was written: `--write` moves the URLs, `migrate plan` writes a plan to review"
    ));
    exit_code(&made.troubles, made.summary.moves > 0)
}

/// The posts of a migration; a trouble if the options would move nothing.
fn found(
    arguments: &MovingArguments,
    options: &MigrationOptions,
    copying: Option<&Copying>,
) -> Result<MigrationPosts, Trouble> {
    let posts = MigrationPosts::find(&arguments.posts.find(), options)?;
    if copying.is_none() && posts.move_nothing() {
        return Err(Trouble::new(
            "no map says where URLs move to",
            "use `--to`, `--unwrap`, `--host`, `--prefix`, `--regex`, `--pairs`, `--https` or `--download`",
        ));
    }
    Ok(posts)
}

/// Shows how many images would be fetched from each host, and fetches none.
fn preview_copies(hosts: &BTreeMap<String, usize>) -> Result<ExitCode, Trouble> {
    let mut rows: Vec<(&String, &usize)> = hosts.iter().collect();
    rows.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    for (host, count) in rows {
        output_failed(line(format_args!("{count:>8}  {host}")))?;
    }
    let images = hosts.values().sum();
    output_failed(line(format_args!(
        "{} would be fetched from {}",
        counted(images, "image"),
        counted(hosts.len(), "host")
    )))?;
    eprint_line(format_args!(
        "nothing was fetched or written: `--write` does both, `migrate plan` fetches and writes a plan"
    ));
    Ok(ExitCode::from(u8::from(images > 0)))
}

fn plan(arguments: &MovingArguments, output: &Path) -> Result<ExitCode, Trouble> {
    start(&arguments.posts)?;
    let store = Store::of(arguments.posts.first_path())?;
    if output == Path::new("-") {
        // The plan is printed as it is, because it was written as JSON with control characters escaped.
        let mut page = Vec::new();
        let made = make(arguments, &store, &mut page)?;
        output_failed(write_raw(&page))?;
        return exit_code(&made.troubles, false);
    }
    let made = write_plan(arguments, &store, output)?;
    if !arguments.posts.quiet {
        print(&made.summary)?;
        let here = Store::of(Path::new("."))?;
        let is_here = here.root() == store.root();
        let folder = if is_here {
            String::new()
        } else {
            format!(" --folder {}", paths::display_path(store.root()).display())
        };
        eprint_line(format_args!(
            "wrote {0}: review it with `postmend migrate show {0}{folder}`, then `apply` it",
            output.display()
        ));
    }
    exit_code(&made.troubles, false)
}

/// Makes a plan, and fetches the images to copy.
fn make(arguments: &MovingArguments, store: &Store, out: &mut dyn Write) -> Result<MadePlan, Trouble> {
    let (options, copying) = (arguments.maps.options()?, arguments.copying.copying()?);
    let posts = found(arguments, &options, copying.as_ref())?;
    let bar = Bar::new(arguments.posts.quiet);
    let copies = copying.map(|copying| copying.copy(&posts, &migrate::images_to_copy(&posts), store, &bar));
    migrate::make(posts, &options, store, copies.transpose()?.as_ref(), &bar, out)
}

/// Writes a plan to a file, which gets its name when it is complete.
fn write_plan(arguments: &MovingArguments, store: &Store, path: &Path) -> Result<MadePlan, Trouble> {
    let wrong = |error: io::Error| Trouble::with_path("write", path, &error);
    let mut out = named_files::create(path)?;
    let made = make(arguments, store, &mut out)?;
    out.keep(true).map_err(wrong)?;
    Ok(made)
}

/// Plans and applies in one step.
fn write(arguments: &MovingArguments, break_hard_links: bool) -> Result<ExitCode, Trouble> {
    start(&arguments.posts)?;
    let store = Store::of(arguments.posts.first_path())?;
    let mut run = begin(&store, OWN, break_hard_links)?;
    let made = keep_plan(&run, |out| make(arguments, &store, out));
    let mut made = match made {
        Ok(made) if made.summary.moves > 0 => made,
        // The folder of a run that wrote nothing is removed.
        failed => {
            store.close(run, false);
            let made = failed?;
            print(&made.summary)?;
            return exit_code(&made.troubles, false);
        }
    };
    let uploads = UploadArguments {
        upload: arguments.copying.upload.clone(),
        upload_command: arguments.copying.upload_command.clone(),
    };
    let bar = Bar::new(arguments.posts.quiet);
    let application = Application {
        store: &store,
        find: &arguments.posts.find(),
        uploads: &uploads.target(),
        proof: Proof::Planned,
        progress: &bar,
    };
    let mut applied = match application.apply(&mut run, made.outline()) {
        Ok(applied) => applied,
        Err(trouble) => {
            store.close(run, false);
            return Err(trouble);
        }
    };
    applied.troubles.splice(0..0, made.troubles);
    if !arguments.posts.quiet {
        print(&made.summary)?;
    }
    finish(run, &store, applied, arguments.posts.quiet)
}

/// The command in the journal of runs that made their plan themselves.
const OWN: &str = "migrate";

/// The command in the journal of runs that got their plan from a file.
const APPLY: &str = "migrate apply";

fn begin(store: &Store, command: &str, break_hard_links: bool) -> Result<JournalRun, Trouble> {
    let mut run = store.begin(&About::now(command))?;
    print_notes(store);
    if break_hard_links {
        run.break_links();
    }
    Ok(run)
}

fn apply(
    plan: &Path,
    folder: &Path,
    uploads: &UploadArguments,
    break_hard_links: bool,
) -> Result<ExitCode, Trouble> {
    let store = Store::of(folder)?;
    // If the plan cannot be read, no run is started.
    migrate::outline(named_files::open(plan)?, plan)?;
    let mut run = begin(&store, APPLY, break_hard_links)?;
    let copied = keep_plan(&run, |out| {
        io::copy(&mut named_files::open(plan)?, out).map_err(|error| Trouble::with_path("read", plan, &error))
    });
    // Somebody else may have written the plan, so the result that it describes is not trusted.
    let applied = copied.and_then(|_| apply_kept(&mut run, &store, uploads, Proof::Anew));
    match applied {
        Ok(applied) => finish(run, &store, applied, false),
        Err(trouble) => {
            store.close(run, false);
            Err(trouble)
        }
    }
}

/// Applies the plan in a run's folder.
fn apply_kept(
    run: &mut JournalRun,
    store: &Store,
    uploads: &UploadArguments,
    proof: Proof,
) -> Result<Applied, Trouble> {
    let outline = migrate::kept_outline(run)?;
    let (find, uploads, bar) = (FindOptions::of(store.root()), uploads.target(), Bar::new(false));
    Application { store, find: &find, uploads: &uploads, proof, progress: &bar }.apply(run, outline)
}

/// Writes a plan into the run's folder; it gets its name when it is complete.
fn keep_plan<T>(
    run: &JournalRun,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let wrong = |error: io::Error| Trouble::with_path("write", run.folder.path(), &error);
    let part = plan_name().beside("plan.part").expect("it is a name");
    let mut out = BufWriter::with_capacity(1 << 16, run.folder.create(&part, 0o600).map_err(wrong)?);
    let written = write(&mut out)?;
    let file = out.into_inner().map_err(|error| wrong(error.into_error()))?;
    file.sync_all().map_err(wrong)?;
    run.folder.rename(&part, &run.folder, &plan_name()).map_err(wrong)?;
    Ok(written)
}

/// Completes an interrupted run.
fn resume(
    folder: &Path,
    requested: Option<u32>,
    uploads: &UploadArguments,
    break_hard_links: bool,
) -> Result<ExitCode, Trouble> {
    let store = Store::of(folder)?;
    let number = store.find_unfinished_run(requested, &plan_name())?;
    let mut run = store.open(number)?;
    print_notes(&store);
    if break_hard_links {
        run.break_links();
    }
    if run.folder.about(&plan_name()).is_err() {
        return Err(Trouble::new(
            format!("run {number} has no plan, so there is nothing to resume"),
            "run `postmend fix` again, or `postmend undo`",
        ));
    }
    let proof = if store.read_run(number)?.0.command == OWN { Proof::Planned } else { Proof::Anew };
    let applied = apply_kept(&mut run, &store, uploads, proof)?;
    finish(run, &store, applied, false)
}

fn finish(run: JournalRun, store: &Store, applied: Applied, quiet: bool) -> Result<ExitCode, Trouble> {
    let Applied { posts, moves, copies, already, known, unnamed, troubles } = applied;
    if troubles.is_empty() {
        store.clear_cache();
    }
    let number = run.number;
    let is_kept = store.close(run, !troubles.is_empty());
    if !quiet {
        let already = match already {
            0 => String::new(),
            count => format!("; {} already moved", counted(count, "post")),
        };
        if copies > 0 {
            eprint_line(format_args!("made {}", counted(copies, "copy")));
        }
        eprint_line(format_args!("moved {} in {}{already}", counted(moves, "URL"), counted(posts, "post")));
        if known > 0 {
            eprint_line(format_args!("renamed {} in the baseline", counted(known, "known finding")));
        }
        for baseline in unnamed {
            eprint_line(format_args!(
                "{} is outside of the project, so its images keep their old names",
                baseline.display()
            ));
        }
        if !troubles.is_empty() {
            eprint_line(format_args!(
                "run {number} is not finished: resume it with `postmend migrate resume {number}`"
            ));
        }
        if is_kept {
            eprint_line(format_args!("{}", undo_hint(store.root(), number)));
        }
    }
    exit_code(&troubles, false)
}

fn exit_code(troubles: &[Trouble], would_change: bool) -> Result<ExitCode, Trouble> {
    print_all(troubles);
    Ok(ExitCode::from(if troubles.is_empty() { u8::from(would_change) } else { 2 }))
}

fn print(summary: &PlanSummary) -> Result<(), Trouble> {
    output_failed(lines(&format!("{}{}", summary.tables(), summary.headline())))?;
    Ok(())
}

fn summarize(path: &Path) -> Result<ExitCode, Trouble> {
    print(&PlanSummary::read(path)?)?;
    Ok(ExitCode::SUCCESS)
}

fn write_page(plan: &Path, page: &Path, thumbnails: bool) -> Result<ExitCode, Trouble> {
    migrate::write_page(plan, page, thumbnails)?;
    eprint_line(format_args!("wrote {}", page.display()));
    Ok(ExitCode::SUCCESS)
}

/// Prints the changes of a plan as a diff.
fn show(path: &Path, folder: &Path, live_text: LiveText) -> Result<ExitCode, Trouble> {
    let store = Store::of(folder)?;
    let root = store.open_root()?;
    let mut troubles = Vec::new();
    let mut closed = None;
    migrate::read(
        named_files::open(path)?,
        path,
        &mut |post| {
            if closed.is_some() {
                return Ok(());
            }
            let file = &post.post.post;
            let bytes = match root.read(file, u64::from(u32::MAX)) {
                Ok(bytes) => bytes,
                Err(error) => {
                    troubles.push(Trouble::with_path("read", file.path(), &error));
                    return Ok(());
                }
            };
            let patched = decode(&bytes).ok().and_then(|decoded| {
                let patch = migrate::patch(&post, &decoded.text)?;
                Some((patch, decoded.text.into_owned()))
            });
            match patched {
                Some((patch, before)) => {
                    closed = output_failed(diff(file.path(), &before, &patch, live_text))?;
                }
                None => troubles.push(Trouble::new(
                    format!("{} was changed after the plan was made", post.post.post),
                    "plan again for this post",
                )),
            }
            Ok(())
        },
        &mut |_| Ok(()),
    )?;
    match closed {
        Some(code) => Ok(code),
        None => exit_code(&troubles, false),
    }
}

/// Reports which files of a run are no longer as the run left them.
fn verify(folder: &Path, requested: Option<u32>) -> Result<ExitCode, Trouble> {
    let store = Store::of(folder)?;
    let number = store.find_run(requested)?;
    let (_, entries) = store.read_run(number)?;
    let states = store::verify(&store.open_root()?, &entries);
    let count = |wanted| states.iter().filter(|(_, state)| *state == wanted).count();
    for (path, state) in &states {
        let what = match state {
            FileState::New => continue,
            FileState::Old => "is as it was before the run",
            FileState::Changed => "was changed after the run",
            FileState::Gone => "is gone",
        };
        output_failed(line(format_args!("{path} {what}")))?;
    }
    let (new, all) = (count(FileState::New), states.len());
    eprint_line(format_args!(
        "run {number}: {} of {} as the run left {}",
        new,
        counted(all, "file"),
        if all == 1 { "it" } else { "them" }
    ));
    Ok(ExitCode::from(u8::from(new < all)))
}

/// Lists the runs, the newest last.
fn list(folder: &Path) -> Result<ExitCode, Trouble> {
    let store = Store::of(folder)?;
    for number in store.numbers()? {
        let (about, entries) = store.read_run(number)?;
        let files = entries.iter().filter(|entry| entry.is_file()).count();
        let state = match entries.last() {
            Some(Entry::Undone) => "undone",
            Some(Entry::Done) => "done",
            _ => "unfinished",
        };
        output_failed(line(format_args!(
            "{number:>4}  {}  {:<10}  {:<12}  postmend {}",
            about.started,
            state,
            counted(files, "file"),
            about.arguments.join(" ")
        )))?;
    }
    Ok(ExitCode::SUCCESS)
}
