//! The published JSON Schema of `postmend.toml` matches what the binary accepts. `POSTMEND_BLESS=1` writes it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::commands::{postmend as binary, root};
use serde_json::Value;
use std::fs;

const PUBLISHED: &str = "docs/postmend.schema.json";

/// Configs, each with whether it is valid.
const CONFIGS: [(&str, bool); 16] = [
    ("", true),
    ("extends = 'base.toml'", true),
    ("extends = ['a.toml', 'b.toml']", true),
    ("extends = 3", false),
    ("slect = ['all']", false),
    ("select = ['...', 'my-own-rule']", true),
    ("select = 'all'", false),
    ("generator = 'hugo'", true),
    ("generator = 'hugoo'", false),
    ("[rules.missing-alt]\nseverity = 'off'\nsafety = 'manual'\nexcept = ['.emoji']", true),
    ("[rules.missing-alt]\nseverity = 'warn'", false),
    ("[rules.missing-alt]\nexept = ['.emoji']", false),
    ("[rules.proxied-url]\nfamilies = ['cors']", true),
    ("[[overrides]]\npaths = ['a/**']\n[overrides.rules.misspelling]\nseverity = 'info'", true),
    ("[[overrides]]\nignore = ['misspelling']", false),
    ("[front-matter]\npreset = 'hexo'\n[front-matter.roles]\n'event.starts' = 'date'", true),
];

#[test]
fn the_published_schema_is_that_of_the_binary() {
    let printed = binary().args(["config", "schema"]).output().unwrap().stdout;
    if std::env::var_os("POSTMEND_BLESS").is_some() {
        fs::write(root().join(PUBLISHED), &printed).unwrap();
    }
    let published = fs::read(root().join(PUBLISHED)).unwrap();
    assert!(
        printed == published,
        "`POSTMEND_BLESS=1 cargo test -p postmend --test schema` writes {PUBLISHED}"
    );
}

#[test]
fn the_schema_takes_what_the_binary_takes() {
    let schema: Value = serde_json::from_slice(&fs::read(root().join(PUBLISHED)).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("postmend.toml");
    let starting = fs::read_to_string(root().join("crates/cli/src/commands/starting_config.toml")).unwrap();
    for (config, is_right) in CONFIGS.into_iter().chain([(starting.as_str(), true)]) {
        let value: toml::Table = toml::from_str(config).unwrap();
        let value = serde_json::to_value(value).unwrap();
        assert_eq!(schema.is_valid(&value), is_right, "{config}");
        // A config that names files or its own rules needs more than the schema can check.
        if !config.contains("extends = [") && !config.contains("base.toml") && !config.contains("my-own") {
            fs::write(&file, config).unwrap();
            let ran = binary().arg("check").current_dir(folder.path()).output().unwrap();
            assert_eq!(ran.status.success(), is_right, "{config}");
        }
    }
}
