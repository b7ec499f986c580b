//! Baselines over branches: whatever two branches do to one, and however git brings them together, no known finding is
//! lost, and none is known that is not there.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::clone::Repository;
use std::fs;

/// The number of posts, each with one mistake.
const POSTS: usize = 9;

/// What a branch does.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// Corrects the mistake of a post, and prunes.
    Fix(usize),
    /// Adds a post with a mistake that comes after this one, and takes it into the baseline.
    Grow(usize),
    /// Moves a post to another folder, and prunes.
    Move(usize),
    /// Corrects the first or the last of the two equal mistakes of a post, and prunes.
    FixTwin(usize),
}

/// How the branches come together.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Merge,
    Rebase,
    CherryPick,
}

const CASES: [(Deed, Deed, Way); 14] = [
    (Deed::Fix(3), Deed::Fix(4), Way::Merge),
    (Deed::Fix(1), Deed::Fix(8), Way::Merge),
    (Deed::Fix(3), Deed::Grow(3), Way::Merge),
    (Deed::Fix(2), Deed::Grow(7), Way::Merge),
    (Deed::Grow(4), Deed::Grow(5), Way::Merge),
    (Deed::Fix(5), Deed::Fix(5), Way::Merge),
    (Deed::Move(3), Deed::Fix(4), Way::Merge),
    (Deed::Move(3), Deed::Move(4), Way::Merge),
    (Deed::FixTwin(0), Deed::FixTwin(1), Way::Merge),
    (Deed::Fix(3), Deed::Fix(4), Way::Rebase),
    (Deed::Grow(3), Deed::Fix(3), Way::Rebase),
    (Deed::Move(3), Deed::Grow(3), Way::Rebase),
    (Deed::Fix(3), Deed::Fix(4), Way::CherryPick),
    (Deed::Grow(4), Deed::Grow(8), Way::CherryPick),
];

fn post(number: usize) -> String {
    format!("---\ntitle: Letter {number}\ndate: 2020-01-02 10:00:00\n---\n\nThey recieve letter {number}.\n")
}

const TWINS: &str = "---\ntitle: Twins\ndate: 2020-01-02 10:00:00\n---\n\n\
    One: they recieve it.\n\nBetween the two stands much.\n\nMore than one line.\n\nOne: they recieve it.\n";

fn done(site: &Repository, deed: Deed) {
    match deed {
        Deed::Fix(number) => {
            let path = format!("posts/p{number}.md");
            site.write(&path, site.read(&path).replace("recieve", "receive"));
        }
        Deed::Grow(number) => site.write(&format!("posts/p{number}a.md"), post(number * 10)),
        Deed::Move(number) => {
            site.git(&["mv", &format!("posts/p{number}.md"), &format!("old/p{number}.md")]);
        }
        Deed::FixTwin(which) => {
            let text = site.read("posts/twins.md");
            let at = if which == 0 { text.find("recieve") } else { text.rfind("recieve") }.unwrap();
            site.write("posts/twins.md", text[..at].to_owned() + "receive" + &text[at + 7..]);
        }
    }
    let command: &[&str] = match deed {
        Deed::Grow(_) => &["baseline", "write", "--grow", "--quiet"],
        _ => &["baseline", "prune", "--quiet"],
    };
    let ran = site.run(command);
    assert_eq!(ran.code, 0, "{deed:?}: {}", ran.both());
    site.commit_all();
}

fn play((ours, theirs, way): (Deed, Deed, Way), with_driver: bool) {
    let site = Repository::new();
    let case = format!("{ours:?} {theirs:?} {way:?} with driver: {with_driver}");
    (1..=POSTS).for_each(|number| site.write(&format!("posts/p{number}.md"), post(number)));
    site.write("posts/twins.md", TWINS);
    site.write("old/p0.md", post(0));
    if with_driver {
        site.write(".gitattributes", "postmend-baseline.json merge=postmend\n");
        let binary = postmend_tests::commands::binary("postmend");
        let driver = format!("'{}' baseline merge %O %A %B", binary.display());
        site.git(&["config", "merge.postmend.driver", &driver]);
    }
    assert_eq!(site.run(&["baseline", "write", "--quiet"]).code, 0);
    site.commit_all();
    site.git(&["checkout", "--quiet", "-b", "ours"]);
    site.git(&["checkout", "--quiet", "-b", "theirs"]);
    done(&site, theirs);
    site.git(&["checkout", "--quiet", "ours"]);
    done(&site, ours);
    let joined = match way {
        Way::Merge => site.try_git(&["merge", "--quiet", "--no-edit", "theirs"]),
        Way::Rebase => site.try_git(&["rebase", "--quiet", "theirs"]),
        Way::CherryPick => site.try_git(&["cherry-pick", "theirs"]),
    };
    if joined.code != 0 {
        assert!(!with_driver, "{case}: the driver leaves no conflict");
        let refused = site.run(&["check", "--quiet"]);
        assert!(refused.code == 2 && refused.err.contains("baseline prune"), "{case}: {}", refused.both());
        let pruned = site.run(&["baseline", "prune", "--quiet"]);
        assert_eq!(pruned.code, 0, "{case}: {}", pruned.both());
        site.git(&["add", "."]);
        let go_on: &[&str] = match way {
            Way::Merge => &["commit", "--quiet", "--no-edit"],
            Way::Rebase => &["rebase", "--continue"],
            Way::CherryPick => &["cherry-pick", "--continue"],
        };
        assert_eq!(site.try_git(go_on).code, 0, "{case}");
    }
    let checked = site.run(&["check", "--format", "concise", "--stale-baseline"]);
    assert_eq!((checked.code, checked.out.as_str()), (0, ""), "{case}: {}", checked.both());
    // As many lines as there are mistakes.
    let mistakes = ["posts", "old"].iter().flat_map(|folder| fs::read_dir(site.at(folder)).unwrap());
    let mistakes = mistakes.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let mistakes: usize = mistakes.map(|text| text.matches("recieve").count()).sum();
    let known = site.read("postmend-baseline.json").matches("\"misspelling\"").count();
    assert_eq!(known, mistakes, "{case}");
}

#[test]
fn branches_come_together() {
    for case in CASES {
        play(case, true);
        play(case, false);
    }
}
