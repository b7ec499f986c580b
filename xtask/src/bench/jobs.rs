//! The commands that are compared, and how to count the flaws in their output.

use super::corpus::Corpus;
use super::measure::MeasuredCommand;
use super::peers::PeerTools;
use postmend_tests::made::Flaw;
use std::fs;
use std::path::{Path, PathBuf};

/// What a tool looks for: flaws, and strings that appear in its output once for each of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Find {
    pub(super) flaws: &'static [Flaw],
    pub(super) needles: &'static [&'static str],
}

/// A command, and what it looks for.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    pub(super) job: MeasuredCommand,
    pub(super) finds: &'static [Find],
}

/// The programs of the project.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub(super) postmend: PathBuf,
    pub(super) floor: PathBuf,
    pub(super) measure: PathBuf,
}

/// The names of the commands that others are compared with.
pub(super) const FLOOR: &str = "walk and read, 2 threads (floor)";
pub(super) const WHOLE: &str = "`postmend check`";
pub(super) const MD045: &str = "`rumdl check --no-cache -e MD045`";
pub(super) const MIGRATE: &str = "`postmend migrate --unwrap all --write`";

const PROXIED: &[&str] = &["https://cors"];

const BY_POSTMEND: &[Find] = &[
    Find { flaws: &[Flaw::ProxiedUrl], needles: &[" proxied-url: "] },
    Find { flaws: &[Flaw::HtmlWithoutAlt], needles: &[" missing-alt: "] },
    Find { flaws: &[Flaw::ChineseTypo], needles: &["misspelling: \"开个建设\""] },
    Find { flaws: &[Flaw::EnglishTypo], needles: &["\"recieve\"", "\"goverment\"", "\"definately\""] },
    Find { flaws: &[Flaw::BadDate], needles: &[" malformed-date: "] },
];

const BY_RIPGREP: &[Find] = &[
    Find { flaws: &[Flaw::ProxiedUrl], needles: PROXIED },
    Find { flaws: &[Flaw::HtmlWithoutAlt], needles: &["\" data-size="] },
    Find { flaws: &[Flaw::ChineseTypo], needles: &["开个建设"] },
    Find { flaws: &[Flaw::BadDate], needles: &[":date: "] },
];

const MARKDOWN_ALT: &[Find] = &[Find { flaws: &[Flaw::MarkdownWithoutAlt], needles: &["MD045"] }];
const EVERY_ALT: &[Find] =
    &[Find { flaws: &[Flaw::HtmlWithoutAlt, Flaw::MarkdownWithoutAlt], needles: &["MD045"] }];
const ENGLISH: &[Find] = &[Find { flaws: &[Flaw::EnglishTypo], needles: &["` should be `"] }];
const LISTED: &[Find] = &[Find { flaws: &[Flaw::ProxiedUrl], needles: PROXIED }];
const CHINESE: &[Find] = &[Find { flaws: &[Flaw::ChineseTypo], needles: &["开个建设"] }];

pub(super) fn floor(own: &Own, threads: &str, folder: &Path) -> MeasuredCommand {
    let name = if threads == "2" { FLOOR.to_owned() } else { format!("walk and read, {threads} thread") };
    MeasuredCommand::new(&name, &own.floor, &[threads, "."], folder)
}

pub(super) fn whole(own: &Own, folder: &Path) -> MeasuredCommand {
    MeasuredCommand::new(WHOLE, &own.postmend, &["check", "--quiet", "--format", "concise"], folder)
}

/// postmend and the fast peers.
pub(super) fn fast(own: &Own, tools: &PeerTools, corpus: &Corpus) -> Vec<Tried> {
    let folder = corpus.folder.as_path();
    let ours = |name: &str, arguments: &[&str]| MeasuredCommand::new(name, &own.postmend, arguments, folder);
    let two = ["check", "--quiet", "--format", "concise", "--select", "missing-alt,proxied-url"];
    let mut tried = vec![
        Tried { job: floor(own, "1", folder), finds: &[] },
        Tried { job: floor(own, "2", folder), finds: &[] },
        Tried { job: whole(own, folder), finds: BY_POSTMEND },
        Tried {
            job: ours("`postmend check --select missing-alt,proxied-url`", &two),
            finds: &BY_POSTMEND[..2],
        },
    ];
    let gate = [
        ["-e", "https://cors[a-z.-]*/"],
        ["-e", "\\.(jpe?g|png)\" data-size="],
        ["-e", "开个建设"],
        ["-e", "^date: [A-Z]"],
    ];
    let gate: Vec<&str> = ["-n", "-o"].into_iter().chain(gate.into_iter().flatten()).chain(["."]).collect();
    let peers: [(&str, &str, &[&str], &'static [Find]); 5] = [
        ("rumdl", "`rumdl check --no-cache`", &["check", "--no-cache", "."], MARKDOWN_ALT),
        ("rumdl", MD045, &["check", "--no-cache", "-e", "MD045", "."], MARKDOWN_ALT),
        ("typos", "`typos`", &["--format", "brief"], ENGLISH),
        ("lychee", "`lychee --dump`", &["--dump", "."], LISTED),
        ("ripgrep", "`rg` with the four patterns of a shell gate", &gate, BY_RIPGREP),
    ];
    for (peer, name, arguments, finds) in peers {
        let Some(program) = tools.program(peer) else { continue };
        let mut job = MeasuredCommand::new(name, &program, arguments, folder);
        job.codes = &[0, 1, 2];
        tried.push(Tried { job, finds });
    }
    tried
}

/// Peers that take minutes for many posts, configured to do what is most similar to postmend.
pub(super) fn slow(own: &Own, tools: &PeerTools, corpus: &Corpus) -> Result<Vec<Tried>, String> {
    let folder = corpus.folder.as_path();
    let mut tried = vec![
        Tried { job: floor(own, "2", folder), finds: &[] },
        Tried { job: whole(own, folder), finds: BY_POSTMEND },
    ];
    let write = |name: &str, text: &str| {
        let path = tools.folder().join(name);
        fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        Ok::<String, String>(path.display().to_string())
    };
    if let Some(program) = tools.program("markdownlint-cli2") {
        let only = "{\"config\": {\"default\": false, \"MD045\": true}}\n";
        let config = write("only-md045.markdownlint-cli2.jsonc", only)?;
        let arguments = ["--config", &config, "**/*.md"];
        tried.push(Tried {
            job: MeasuredCommand::new("`markdownlint-cli2`, MD045 alone", &program, &arguments, folder),
            finds: EVERY_ALT,
        });
    }
    if let Some(program) = tools.program("textlint") {
        write("prh.yml", "version: 1\nrules:\n  - expected: 开工建设\n    pattern: 开个建设\n")?;
        let config = write("textlintrc.json", "{\"rules\": {\"prh\": {\"rulePaths\": [\"prh.yml\"]}}}\n")?;
        let posts = format!("{}/**/*.md", folder.display());
        let arguments = ["--config", &config, "--format", "unix", &posts];
        // It looks for its rules where it runs.
        let job =
            MeasuredCommand::new("`textlint` with prh for 开个建设", &program, &arguments, tools.folder());
        tried.push(Tried { job, finds: CHINESE });
    }
    if let Some(program) = tools.program("zhlint") {
        tried.push(Tried {
            job: MeasuredCommand::new("`zhlint`", &program, &["**/*.md"], folder),
            finds: &[],
        });
    }
    Ok(tried)
}

/// What takes the proxies away, in a folder that each run finds as it was.
pub(super) fn rewriting(own: &Own, tools: &PeerTools, folder: &Path) -> Vec<MeasuredCommand> {
    let ours = |name: &str, arguments: &[&str]| MeasuredCommand::new(name, &own.postmend, arguments, folder);
    let pattern = "https://cors\\.zfour\\.workers\\.dev/\\?|https://cors-anywhere\\.herokuapp\\.com/";
    let posts = "find . -name '*.md' -print0 | xargs -0";
    let mut jobs = vec![
        ours("`postmend fix`", &["fix", "--quiet", "--format", "concise"]),
        ours(
            "`postmend fix --only proxied-url`",
            &["fix", "--quiet", "--format", "concise", "--only", "proxied-url"],
        ),
        ours(MIGRATE, &["migrate", "--unwrap", "all", "--write", "--quiet"]),
        MeasuredCommand::shell("`sed -E -i`", &format!("{posts} sed -E -i 's#{pattern}##g'"), folder),
    ];
    if let Some(program) = tools.program("sd") {
        let line = format!("{posts} '{}' '{pattern}' ''", program.display());
        jobs.push(MeasuredCommand::shell("`sd`", &line, folder));
    }
    jobs
}
