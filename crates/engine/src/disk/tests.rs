// Tests for both implementations of `Folder`, each of which includes this file.

use crate::disk::{RelativePath, EntryKind, LINK};
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;

fn below(path: &str) -> RelativePath {
    RelativePath::new(Path::new(path)).unwrap()
}

/// A folder `top` next to a folder `out`, with symlinks from `top` to `out`.
fn site() -> (tempfile::TempDir, Folder) {
    let site = tempfile::tempdir().unwrap();
    for folder in ["top/posts", "out"] {
        fs::create_dir_all(site.path().join(folder)).unwrap();
    }
    fs::write(site.path().join("top/posts/a.md"), "a").unwrap();
    fs::write(site.path().join("out/victim"), "precious").unwrap();
    symlink("../out", site.path().join("top/away")).unwrap();
    symlink("posts", site.path().join("top/inside")).unwrap();
    symlink("../../out/victim", site.path().join("top/posts/link.md")).unwrap();
    let folder = Folder::open(&site.path().join("top")).unwrap();
    (site, folder)
}

#[test]
fn nothing_leads_out_through_a_link() {
    let (site, top) = site();
    let refusals = [
        top.read(&below("away/victim"), 100).map(drop),
        top.read(&below("inside/a.md"), 100).map(drop),
        top.read(&below("posts/link.md"), 100).map(drop),
        top.create(&below("away/new"), 0o600).map(drop),
        top.create(&below("posts/link.md"), 0o600).map(drop),
        top.open_own(&below("posts/link.md")).map(drop),
        top.append(&below("posts/link.md")).map(drop),
        top.append(&below("away/victim")).map(drop),
        top.remove_file(&below("away/victim")),
        top.make_folders(&below("away/more"), 0o700).map(drop),
        top.make_folders(&below("away"), 0o700).map(drop),
        top.rename(&below("posts/a.md"), &top, &below("away/victim")),
        top.rename(&below("away/victim"), &top, &below("posts/b.md")),
        top.rename_new(&below("posts/a.md"), &top, &below("away/new")),
        top.names(Some(&below("away"))).map(drop),
        top.folder(&below("away")).map(drop),
        top.remove_folder(&below("away")),
    ];
    for (number, refusal) in refusals.iter().enumerate() {
        assert!(refusal.is_err(), "{number}");
    }
    assert_eq!(top.read(&below("away/victim"), 100).unwrap_err().to_string(), LINK);
    assert_eq!(fs::read_to_string(site.path().join("out/victim")).unwrap(), "precious");
    assert_eq!(fs::read_dir(site.path().join("out")).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(site.path().join("top/posts/a.md")).unwrap(), "a");
}

#[test]
fn does_below_it_what_is_asked() {
    let (site, top) = site();
    assert_eq!(top.read(&below("posts/a.md"), 100).unwrap(), b"a");
    assert_eq!(top.make_folders(&below("img/2022/02"), 0o755).unwrap(), 3);
    assert_eq!(top.make_folders(&below("img/2022/03"), 0o755).unwrap(), 1);
    assert_eq!(top.make_folders(&below("img/2022"), 0o755).unwrap(), 0);
    assert!(top.make_folders(&below("posts/a.md/b"), 0o755).is_err());
    top.create(&below("img/2022/new"), 0o600).unwrap().write_all(b"new").unwrap();
    assert!(top.create(&below("img/2022/new"), 0o600).is_err());
    top.append(&below("img/2022/new")).unwrap().write_all(b"er").unwrap();
    let other = top.folder(&below("img")).unwrap();
    assert!(other.rename_new(&below("2022/new"), &top, &below("posts/a.md")).is_err());
    other.rename_new(&below("2022/new"), &top, &below("posts/b.md")).unwrap();
    assert_eq!(top.read(&below("posts/b.md"), 100).unwrap(), b"newer");
    if top.exchange(&below("posts/a.md"), &top, &below("posts/b.md")).unwrap() {
        assert_eq!(top.read(&below("posts/a.md"), 100).unwrap(), b"newer");
        top.exchange(&below("posts/a.md"), &top, &below("posts/b.md")).unwrap();
    }
    other.rename(&below("2022/03"), &other, &below("2023")).unwrap();
    let mut names = other.names(None).unwrap();
    names.sort();
    assert_eq!(names, ["2022", "2023"]);
    assert_eq!(other.names(Some(&below("2022"))).unwrap(), ["02"]);
    assert_eq!(top.about(&below("img")).unwrap(), EntryKind::Folder);
    assert_eq!(top.about(&below("away")).unwrap(), EntryKind::Other);
    assert!(top.remove_folder(&below("img/2022")).is_err());
    top.remove_folder(&below("img/2022/02")).unwrap();
    top.remove_file(&below("posts/b.md")).unwrap();
    // A symlink is removed itself.
    top.remove_file(&below("posts/link.md")).unwrap();
    assert_eq!(fs::read_to_string(site.path().join("out/victim")).unwrap(), "precious");
    top.flush_names(Some(&below("posts")));
    top.flush_file_system(None);
}

#[test]
fn what_is_closed_is_not_there() {
    let (_site, top) = site();
    let top = top.without(below("posts"));
    assert!(top.read(&below("posts/a.md"), 100).is_err());
    assert!(top.create(&below("posts/b.md"), 0o600).is_err());
    assert!(top.make_folders(&below("posts/c"), 0o700).is_err());
    assert!(top.rename(&below("posts/a.md"), &top, &below("a.md")).is_err());
    assert!(top.names(Some(&below("posts"))).is_err());
    assert!(top.about(&below("posts")).is_err());
    assert!(top.read(&below("POSTS/a.md"), 100).is_err());
    assert!(top.make_folders(&below("posters"), 0o700).is_ok());
    let top = top.without(below("posters/closed"));
    top.make_folders(&below("posters/open"), 0o700).unwrap();
    let posters = top.folder(&below("posters")).unwrap();
    assert!(posters.make_folders(&below("closed"), 0o700).is_err());
    assert!(posters.folder(&below("open")).is_ok());
}
