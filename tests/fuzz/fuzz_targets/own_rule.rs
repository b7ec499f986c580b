//! A rule of a site's own is refused or finds places of the post, whatever its pattern, selector and templates are.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_core::Patch;
use postmend_fuzz::context;
use postmend_rules::{Post, RuleSet, Safety, SiteRule, SiteRuleOptions, fix_text};

fuzz_target!(|input: (u8, [&str; 4], &str)| {
    let (choice, [what, pattern, message, fix], text) = input;
    let mut rule = toml::Table::new();
    let mut say =
        |name: &str, value: &str| rule.insert(name.to_owned(), toml::Value::String(value.to_owned()));
    say("name", "a-rule");
    say("message", message);
    match choice % 3 {
        0 => say("selector", what),
        1 => say("field", what),
        _ => None,
    };
    if !pattern.is_empty() {
        say("pattern", pattern);
    }
    if !fix.is_empty() {
        say("fix", fix);
    }
    rule.insert("invalid".to_owned(), toml::Value::Array(vec![toml::Value::String("a".to_owned())]));
    let Ok(options) = toml::Value::Table(rule).try_into::<SiteRuleOptions>() else { return };
    let Ok(rule) = SiteRule::new(&options) else { return };
    let rules = RuleSet::new(|_| false, &Default::default()).expect("no options").with_own([(rule, true)]);
    let context = context(choice / 3);
    let document = context.read(text);
    for finding in rules.check(&Post::new(&document, context)) {
        let _ = finding.span.of(text);
        if let Some(fix) = finding.fix {
            Patch::new(fix.edits).expect("the edits of a fix go together");
        }
    }
    let result = fix_text(text, &context, &rules, Safety::Review, &|_| true);
    let before = result.undo.iter().fold(result.text.clone(), |now, patch| patch.apply(&now));
    assert_eq!(before, text);
});
