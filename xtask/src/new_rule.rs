//! Adds a new rule that works and finds a placeholder defect, for its author to replace.

use std::fs;
use std::path::Path;

/// Writes the rule's two files, and adds two lines to the list.
pub(crate) fn add(root: &Path, name: &str) -> Result<String, String> {
    let is_name = !name.is_empty()
        && name.split('-').all(|word| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
    if !is_name {
        return Err(format!("`{name}` is no kebab-case name, such as `missing-alt`"));
    }
    let file = name.replace('-', "_");
    let list = root.join("crates/rules/src/rules.rs");
    let folder = root.join("crates/rules/src/rules");
    let source = fs::read_to_string(&list).map_err(|error| format!("cannot read the list: {error}"))?;
    if source.contains(&format!("mod {file};")) {
        return Err(format!("there is a rule `{name}` already"));
    }
    let source = with_line(&source, &format!("mod {file};"), "mod ")?;
    let source = with_line(&source, &format!("    &{file}::INFO,"), "    &")?;
    let writes = [
        (folder.join(format!("{file}.rs")), rule(name, &file)),
        (folder.join(format!("{file}.md")), page(name)),
        (list, source),
    ];
    for (path, text) in &writes {
        fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(format!(
        "added crates/rules/src/rules/{file}.rs and its page {file}.md; CONTRIBUTING.md says what comes next"
    ))
}

/// The list with a line inserted in sorted order among those that start with `alike`.
fn with_line(source: &str, line: &str, alike: &str) -> Result<String, String> {
    let mut lines: Vec<&str> = source.lines().collect();
    let first =
        lines.iter().position(|existing| existing.starts_with(alike)).ok_or("the list has another form")?;
    let count = lines[first..].iter().take_while(|existing| existing.starts_with(alike)).count();
    let at = lines[first..first + count].iter().position(|existing| *existing > line).unwrap_or(count);
    lines.insert(first + at, line);
    Ok(lines.join("\n") + "\n")
}

fn rule(name: &str, file: &str) -> String {
    let words = file.split('_').map(|word| word[..1].to_ascii_uppercase() + &word[1..]);
    TEMPLATE.replace("{name}", name).replace("{file}", file).replace("{Struct}", &words.collect::<String>())
}

fn page(name: &str) -> String {
    PAGE.replace("{name}", name)
}

const TEMPLATE: &str = r#"//! Finds passages that hold the word "defect".

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "{name}",
    severity: Severity::Warning,
    on_by_default: false,
    page: include_str!("{file}.md"),
    constructor: Constructor::post::<{Struct}>(),
};

#[derive(Debug, Default)]
struct {Struct};

impl Rule for {Struct} {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for passage in post.document.prose.passages() {
            for (at, word) in passage.text.match_indices("defect") {
                findings.add(passage.span(at..at + word.len()), "text has a defect").help("take it out");
            }
        }
    }
}
"#;

const PAGE: &str = "# {name}

A passage contains the word \"defect\".

## Why

Say here why that hurts readers.

## Fix safety

- none: say here why there is no fix; or what the fix does and why it is safe, review or manual.

## Bad

```post
A defect in the text.
```

```report
1:3 warning: text has a defect
  help: take it out
```

## Good

```post
A text.
```
";
