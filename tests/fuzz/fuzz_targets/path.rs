//! Whatever a plan or journal names, nothing outside of the folder is read, made, changed or removed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_engine::disk::{RelativePath, Folder};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

/// A folder `top` beside a folder `out`, with links from the one into the other.
static SITE: LazyLock<PathBuf> = LazyLock::new(|| {
    let site = std::env::temp_dir().join(format!("postmend-fuzz-{}", std::process::id()));
    for folder in ["top/posts", "top/.git", "out"] {
        fs::create_dir_all(site.join(folder)).expect("a folder can be made");
    }
    for (link, target) in [("top/away", "../out"), ("top/posts/link.md", "../../out/victim"), ("top/up", "..")] {
        let _ = symlink(target, site.join(link));
    }
    site
});

/// What must stay as it is.
fn victims() -> [PathBuf; 2] {
    [SITE.join("out/victim"), SITE.join("top/.git/config")]
}

fuzz_target!(|bytes: &[u8]| {
    let plain = RelativePath::new(Path::new(OsStr::from_bytes(bytes))).ok();
    let read = serde_json::from_slice::<RelativePath>(bytes).ok();
    for below in plain.into_iter().chain(read) {
        assert!(below.path().components().all(|part| matches!(part, Component::Normal(_))), "{below:?}");
        let written = serde_json::to_string(&below).expect("a path is written");
        assert_eq!(serde_json::from_str::<RelativePath>(&written).expect("and read again"), below);
        victims().iter().for_each(|victim| fs::write(victim, "precious").expect("a file can be written"));
        let folder = Folder::open(&SITE.join("top")).expect("a folder can be opened");
        let found = folder.read(&below, 100);
        assert!(found.map_or(true, |found| found != b"precious"), "{below:?}");
        if let Some(parent) = below.parent() {
            let _ = folder.make_folders(&parent, 0o700);
        }
        if let Ok(mut file) = folder.create(&below, 0o600) {
            let _ = file.write_all(b"new");
        }
        let _ = folder.append(&below).and_then(|mut file| file.write_all(b"more"));
        let _ = folder.remove_file(&below);
        let _ = folder.remove_folder(&below);
        let above = std::iter::successors(below.parent(), RelativePath::parent);
        above.for_each(|above| drop(folder.remove_folder(&above)));
        for victim in victims() {
            assert_eq!(fs::read(&victim).expect("it is there"), b"precious", "{below:?}");
        }
        let outside = fs::read_dir(SITE.join("out")).expect("it is there").count();
        assert_eq!(outside, 1, "{below:?}");
    }
});
