//! `postmend config`: shows the settings of a post with the file and line that sets each, and prints the schema of
//! configs.

use crate::print::line;
use crate::terminal::output_failed;
use clap::Subcommand;
use postmend_core::Generator;
use postmend_engine::config::{FILE_NAME, Layers, SourcedValue, ValueKind};
use postmend_engine::find_posts::{ContentSite, FindOptions, Finder, PostConfig};
use postmend_engine::named_files;
use postmend_engine::paths::{display_path, parent};
use postmend_engine::project::{By, RuleSelection};
use postmend_engine::trouble::Trouble;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The comments are aligned after lines of at most this width in characters; after a longer line only its own comment
/// moves.
const WIDEST: usize = 60;

/// Keys that are not settings of a post, or that are shown separately.
const APART: [&str; 4] = ["extends", "overrides", "rule", "rules"];

/// A line of TOML, and where its value comes from.
type SettingLine = (String, String);

/// What is asked about configs.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show the settings of a post, and which line sets each
    Show {
        /// The post, which need not exist, or a folder of posts
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
    },
    /// Print the JSON Schema of `postmend.toml`, for editors
    Schema,
}

/// Runs `postmend config`.
///
/// # Errors
/// A config cannot be used, or the output cannot be written.
pub fn config(command: &ConfigCommand) -> Result<ExitCode, Trouble> {
    match command {
        ConfigCommand::Show { path } => show(path),
        ConfigCommand::Schema => schema(),
    }
}

#[cfg(feature = "schema")]
fn schema() -> Result<ExitCode, Trouble> {
    output_failed(crate::print::write_raw(postmend_engine::config::schema().as_bytes()))?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(not(feature = "schema"))]
fn schema() -> Result<ExitCode, Trouble> {
    Err(crate::features::missing_feature("JSON Schemas", "schema"))
}

/// Prints the settings of a post, or of those in a folder.
fn show(shown: &Path) -> Result<ExitCode, Trouble> {
    named_files::resolve(shown)?;
    let is_folder = shown.is_dir();
    let path = &if is_folder { shown.join("index.md") } else { shown.to_owned() };
    named_files::resolve(parent(path))?;
    let arguments = FindOptions::default();
    let mut finder = Finder::new(&arguments);
    let standing = finder.config_of(path, parent(path))?;
    let sites = finder.sites_of(parent(path));
    let left_out_by = if is_folder { finder.folder_left_out_by(shown) } else { finder.left_out_by(path) };
    let project = finder.project_of(&standing);
    let layers = project.layers();
    let files: Vec<String> = layers.paths().map(|path| path.display().to_string()).collect();
    match files.as_slice() {
        [] => output_failed(line(format_args!("# no {FILE_NAME} applies to {}", shown.display())))?,
        files => output_failed(line(format_args!("# {}: from {}", shown.display(), files.join(" and "))))?,
    };
    if standing.is_excluded {
        output_failed(line(format_args!("# not checked: excluded by `exclude`")))?;
    }
    if let Some(site) = &left_out_by {
        let reason = match site.layout.is_configured {
            true => "`content` of the config does not have it".to_owned(),
            false => format!("{} does not read it as content", site.generator.title()),
        };
        output_failed(line(format_args!("# only checked if it is named: {reason}")))?;
    }
    let settings = layers.overridden(&standing.applying);
    let mut lines = found(&settings, &standing);
    lines.extend(left_out_by.as_ref().or(sites.first()).and_then(content));
    flatten(String::new(), &settings, layers, &mut lines);
    for (rule, severity, verdict) in project.verdicts(&settings, &RuleSelection::default()) {
        let written = settings.at(["rules", rule, "severity"]);
        let severity = written.and_then(SourcedValue::text).unwrap_or(severity.name());
        let by = match (verdict.by, written.and_then(|severity| severity.position.as_ref())) {
            (_, Some(position)) if verdict.is_on => layers.describe_position(position),
            (By::Config(position), _) => layers.describe_position(&position),
            (By::Argument(name), _) => name.to_owned(),
            (By::Default | By::Always, _) => "default".to_owned(),
        };
        let severity = if verdict.is_on { severity } else { "off" };
        lines.push((format!("rules.{}.severity = \"{severity}\"", rule), by));
        let options = settings.at(["rules", rule]).map(|options| &options.kind);
        if let Some(ValueKind::Table(options)) = options {
            for (name, value) in options.iter().filter(|(name, _)| *name != "severity") {
                flatten(format!("rules.{}.{name}", rule), value, layers, &mut lines);
            }
        }
    }
    let width = lines.iter().map(|(line, _)| line.chars().count()).filter(|width| *width <= WIDEST).max();
    for (setting, by) in lines {
        output_failed(line(format_args!("{setting:<width$}  # {by}", width = width.unwrap_or_default())))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The settings that are detected from the site's own files, unless the config has them.
fn found(settings: &SourcedValue, standing: &PostConfig) -> Vec<SettingLine> {
    let folder = standing.found.root.as_deref().map(|root| match display_path(root) {
        here if here.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    });
    let by =
        || folder.map_or("default".to_owned(), |folder| format!("the site's files in {}", folder.display()));
    let mut lines = Vec::new();
    if settings.at(["generator"]).is_none() {
        lines.push((format!("generator = \"{}\"", standing.found.generator.name()), by()));
    }
    let is_another = settings.at(["generator"]).is_some_and(|generator| {
        generator.text().and_then(|name| name.parse::<Generator>().ok()) != Some(standing.found.generator)
    });
    let zone = standing.found.time_zone.as_ref().and_then(|zone| zone.iana_name());
    if let Some(zone) = zone.filter(|_| !is_another && settings.at(["dates", "time-zone"]).is_none()) {
        lines.push((format!("dates.time-zone = \"{zone}\""), by()));
    }
    lines
}

/// The folders that the generator reads, unless the config names them.
fn content(site: &ContentSite) -> Option<SettingLine> {
    if site.layout.is_configured || site.layout.roots.is_empty() {
        return None;
    }
    let folders = site.layout.roots.iter().map(|root| match root.folder.as_str() {
        "" => ".",
        folder => folder,
    });
    let folders: Vec<String> = folders.map(|folder| toml::Value::from(folder).to_string()).collect();
    let by = match site.layout.source {
        Some(file) => file.to_owned(),
        None => format!("default of {}", site.generator.title()),
    };
    Some((format!("content = [{}]", folders.join(", ")), by))
}

/// Adds a line for each value.
fn flatten(name: String, value: &SourcedValue, layers: &Layers, lines: &mut Vec<SettingLine>) {
    if let ValueKind::Table(table) = &value.kind {
        for (key, value) in table {
            if name.is_empty() && APART.contains(&key.as_str()) {
                continue;
            }
            let is_bare = key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
            let key = if is_bare { key.clone() } else { toml::Value::from(key.as_str()).to_string() };
            let name = if name.is_empty() { key } else { format!("{name}.{key}") };
            flatten(name, value, layers, lines);
        }
        return;
    }
    // The items of a list may come from several files.
    let mut positions = Vec::new();
    for position in value.items().iter().chain([value]).filter_map(|item| item.position.as_ref()) {
        let text = layers.describe_position(position);
        if !positions.contains(&text) {
            positions.push(text);
        }
    }
    let by = if positions.is_empty() { "default".to_owned() } else { positions.join(", ") };
    lines.push((format!("{name} = {}", value.value()), by));
}
