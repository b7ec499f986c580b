//! Reports match their published schemas, and their fixes have the right positions.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_engine::report::ReportFormat;
use postmend_tests::commands::{FORMATS, postmend as binary, root};
use serde_json::Value;
use std::fs;
use std::path::Path;

const POST: &str = "\u{FEFF}---\r\ntitle: 他们\r\n---\r\n𝒳 they recieve it，多所学校开<b>个</b>建设。\r\n\r\n\
                    ![图](x.png) ![image](y.png) <img src=\"https://cors.zfour.workers.dev/?http://a.example/b.png\">\r\n";

fn report(folder: &Path, format: &str, more: &[&str]) -> Value {
    let command = binary()
        .args(["check", "--quiet", "--format", format])
        .args(more)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(command.stderr.is_empty(), "{}", String::from_utf8_lossy(&command.stderr));
    serde_json::from_slice(&command.stdout).unwrap()
}

/// A custom rule, which has no page.
const OWN_RULE: &str = "[[rule]]\nname = 'own-one'\nmessage = 'a tag'\nselector = '*'\ninvalid = ['a']\n";

#[test]
fn every_format_is_tested() {
    assert_eq!(ReportFormat::ALL.map(|(_, name, _)| name), FORMATS);
}

fn folder_with(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    folder
}

/// The byte offset of a line and column; both count from 1, and columns count characters without the byte order mark.
fn offset(text: &str, line: u64, column: u64) -> usize {
    let start = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum::<usize>();
    let start = start + if start == 0 && text.starts_with('\u{FEFF}') { 3 } else { 0 };
    start + text[start..].chars().take(column as usize - 1).map(char::len_utf8).sum::<usize>()
}

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap()
}

#[test]
fn sarif_is_valid_and_its_fixes_fit() {
    let schema = fs::read_to_string(root().join("tests/schemas/sarif-2.1.0.json")).unwrap();
    // The schema's pattern for languages has a bracket that only JavaScript accepts unescaped.
    let schema = schema.replace("{2}]?$\"", "{2}\\\\]?$\"");
    let schema = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    assert!(!schema.is_valid(&Value::Null), "it checks something");
    let folder = folder_with("a 100%.md", POST);
    for more in [&[][..], &["--select", "all"], &["--select", "missing-date"], &["--shard", "1/1"]] {
        let sarif = report(folder.path(), "sarif", more);
        let faults: Vec<String> = schema.iter_errors(&sarif).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
    fs::write(folder.path().join("postmend.toml"), OWN_RULE).unwrap();
    let sarif = report(folder.path(), "sarif", &["--select", "own-one"]);
    assert!(schema.is_valid(&sarif) && sarif["runs"][0]["results"][0]["ruleId"] == "own-one", "{sarif}");
    fs::remove_file(folder.path().join("postmend.toml")).unwrap();
    let sarif = report(folder.path(), "sarif", &[]);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() >= 4, "{results:?}");
    let rules = &sarif["runs"][0]["tool"]["driver"]["rules"];
    for rule in rules.as_array().unwrap() {
        let (_, page) = rule["helpUri"].as_str().unwrap().split_once("/blob/v0.1.0/").unwrap();
        assert!(root().join(page).is_file(), "{page}");
    }
    let mut fixed = Vec::new();
    for result in results {
        assert_eq!(rules[number(result, "ruleIndex") as usize]["id"], result["ruleId"]);
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(uri, "a%20100%25.md");
        for change in result["fixes"].as_array().into_iter().flatten() {
            for replacement in change["artifactChanges"][0]["replacements"].as_array().unwrap() {
                let region = &replacement["deletedRegion"];
                let start = offset(POST, number(region, "startLine"), number(region, "startColumn"));
                let end = offset(POST, number(region, "endLine"), number(region, "endColumn"));
                assert_eq!(start as u64, number(region, "byteOffset"));
                assert_eq!((end - start) as u64, number(region, "byteLength"));
                let new = replacement["insertedContent"]["text"].as_str().unwrap();
                fixed.push(format!("{} → {new}", &POST[start..end]));
            }
        }
    }
    assert!(fixed.contains(&"个 → 工".to_owned()), "{fixed:?}");
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = fs::read(root().join("crates/engine/src/report/findings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap();
    let folder = folder_with("a.md", &format!("{POST}\n第一次开工建设，又一次开工建设，项目开宫建设。\n"));
    let found = report(folder.path(), "json", &["--select", "all", "--shard", "1/1"]);
    let faults: Vec<String> = schema.iter_errors(&found).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let findings = found["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["evidence"][0].is_object()), "{findings:?}");
}

#[test]
fn suggestions_of_reviews_give_what_fix_writes() {
    let folder = folder_with("a.md", POST);
    let found = report(folder.path(), "rdjson", &["--select", "misspelling"]);
    let mut text = POST.to_owned();
    let mut suggestions: Vec<&Value> = Vec::new();
    for diagnostic in found["diagnostics"].as_array().unwrap() {
        suggestions.extend(diagnostic["suggestions"].as_array().unwrap());
    }
    for suggestion in suggestions.iter().rev() {
        // Columns count bytes.
        let offset = |position: &Value| {
            let line = number(position, "line") as usize - 1;
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            start + number(position, "column") as usize - 1
        };
        let range = &suggestion["range"];
        let (start, end) = (offset(&range["start"]), offset(&range["end"]));
        text.replace_range(start..end, suggestion["text"].as_str().unwrap());
    }
    let fixed = binary()
        .args(["fix", "--quiet", "--only", "misspelling", "a.md"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(fixed.stderr.is_empty(), "{fixed:?}");
    assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), text);
}

#[test]
fn fingerprints_stay_where_lines_move() {
    let prints = |text: &str, name: &str| {
        let folder = folder_with(name, text);
        let found = report(folder.path(), "json", &[]);
        let findings = found["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let moved = POST.replace("𝒳", "A line more.\r\n\r\n𝒳");
    assert_eq!(prints(POST, "a.md"), prints(&moved, "b.md"));
}

/// The HTML report that is written next to the post.
fn page(folder: &Path) -> String {
    let more = ["--report", "report.html"];
    let found = report(folder, "json", &more);
    assert!(!found["findings"].as_array().unwrap().is_empty());
    fs::read_to_string(folder.join("report.html")).unwrap()
}

/// The findings in the data of an HTML report, each with its post's path.
fn findings_of(page: &str) -> Vec<(Value, Value)> {
    let (_, data) = page.split_once("id=\"data\">").unwrap();
    let (data, _) = data.split_once("</script>").unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    let mut findings = Vec::new();
    for post in data["posts"].as_array().unwrap() {
        findings.extend(post[1].as_array().unwrap().iter().map(|row| (post[0].clone(), row.clone())));
    }
    findings
}

#[test]
fn a_page_holds_every_finding_and_nothing_of_others() {
    let folder = folder_with("a.md", POST);
    let found = report(folder.path(), "json", &[]);
    let made = page(folder.path());
    let rows = findings_of(&made);
    let findings = found["findings"].as_array().unwrap();
    assert_eq!(rows.len(), findings.len());
    for ((path, row), finding) in rows.iter().zip(findings) {
        assert_eq!(path, &finding["path"]);
        let position = [&row[2], &row[3]];
        assert_eq!(position, [&finding["start"]["line"], &finding["start"]["column"]]);
        let columns = [&row[0], &row[1], &row[4], &row[5]];
        assert_eq!(columns, ["severity", "rule", "message", "help"].map(|key| &finding[key]));
    }
    assert!(rows.iter().any(|(_, row)| row[7] == "开<b>个</b>建设"), "{rows:?}");
    assert!(made.contains("<th scope=\"row\">cors.<wbr>zfour.<wbr>workers.<wbr>dev</th>"), "{made}");
    for reference in ["src=", "href=", "url(", "@import", "<link", "fetch("] {
        let (before, rest) = made.split_once("id=\"data\">").unwrap();
        let (_, behind) = rest.split_once("</script>").unwrap();
        assert!(!before.contains(reference) && !behind.contains(reference), "{reference}");
    }
    // The first HTML report is next to the post now, and must not be checked as a post.
    assert_eq!(page(folder.path()), made);
}

#[test]
fn text_of_posts_does_nothing_in_a_page() {
    let attack = "</script><!--<script><b>&\"'";
    let hostile = format!(
        "they recieve {attack}\u{1B}[31m\u{7}\u{202E}\u{2028} it, they wait untill it\n\n\
         <img src=\"https://{{{{rules}}}}.example&amp;<b>/x.png\">\n"
    );
    let folder = folder_with("a.md", &hostile);
    let odd = folder.path().join("</script><img src=x onerror=alert(1)>");
    fs::create_dir_all(&odd).unwrap();
    fs::write(odd.join("&\"'.md"), &hostile).unwrap();
    let made = page(folder.path());
    let rows = findings_of(&made);
    assert!(rows.iter().any(|(_, row)| row[8].as_str().unwrap().contains(attack)), "{rows:?}");
    assert!(rows.iter().any(|(path, _)| path.as_str().unwrap().starts_with("</script><img")), "{rows:?}");
    assert_eq!(made.matches("</script>").count(), 2, "{made}");
    assert_eq!(made.matches("<script").count(), 2, "{made}");
    assert!(!made.contains("<!--") && !made.contains("<img"), "{made}");
    let live = |c: char| (c.is_control() && c != '\n') || "\u{202E}\u{2028}".contains(c);
    assert!(!made.contains(live), "{made}");
}

#[test]
fn a_page_about_nothing_says_so() {
    let folder = folder_with("a.md", "Nothing.\n");
    let found = report(folder.path(), "json", &["--report", "html=page"]);
    assert_eq!(number(&found["summary"], "findings"), 0);
    let made = fs::read_to_string(folder.path().join("page")).unwrap();
    assert!(made.contains("No findings in 1 post.") && !made.contains("<figure"), "{made}");
    assert!(findings_of(&made).is_empty());
}
