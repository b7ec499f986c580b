//! Replaces files so that each is either old or new at every instant.

use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file was not replaced. It is as it was.
#[derive(Debug)]
pub enum Failure {
    /// It no longer holds what was read from it.
    ChangedMeanwhile,
    /// The system said no.
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A file that is to be replaced.
pub(super) struct Swap<'a> {
    pub(super) path: &'a Path,
    pub(super) old: &'a [u8],
    pub(super) new: &'a [u8],
}

/// A new file that waits for its name.
struct Staged {
    temporary: PathBuf,
    target: PathBuf,
    /// The file system that it is on.
    device: u64,
}

/// Where new files wait for their names, and old ones for their end.
///
/// They are deleted all at once when the bench is dropped: a file system that has just deleted files is
/// slow to make new ones (ext4 looks for inodes that were not deleted in the last seconds).
pub(super) struct Bench {
    folder: PathBuf,
    device: u64,
    /// How many files came here; their names are made of it.
    count: usize,
    /// Old files that could not be put here, being on another file system.
    elsewhere: Vec<PathBuf>,
}

/// So few files are flushed one by one; of more, the whole file system is.
const FEW: usize = 16;

/// With more files than this the bench is cleared, so that the disk does not fill.
const MOST: usize = 1 << 15;

/// So many files in a row go to one of so many folders.
const SHARE: usize = 64;
const FOLDERS: usize = 16;

impl Bench {
    /// A bench in a folder that is made, and cleared of what a killed run left.
    pub(super) fn new(folder: PathBuf) -> io::Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        for number in 0..FOLDERS {
            fs::create_dir_all(folder.join(number.to_string()))?;
        }
        let device = device(&fs::metadata(&folder)?);
        Ok(Self { folder, device, count: 0, elsewhere: Vec::new() })
    }

    /// Puts `new` in the place of `old` in each file, with the old file's permissions, flushed to the
    /// disk before it gets its name. A symlink stays and its target is replaced. One answer for each, in
    /// their order.
    pub(super) fn replace(&mut self, swaps: &[Swap<'_>]) -> Vec<Result<(), Failure>> {
        if self.count + swaps.len() > MOST {
            self.clear();
        }
        let first = self.count;
        self.count += swaps.len();
        let one_by_one = swaps.len() <= FEW;
        let this = &*self;
        let stage = |(number, swap)| this.stage(swap, first + number, one_by_one);
        let staged: Vec<io::Result<Staged>> = swaps.par_iter().enumerate().map(stage).collect();
        if !one_by_one {
            flush(&staged);
        }
        // One thread alone: a file system changes names in two folders for one at a time, and the others
        // would wait without sleeping.
        let put: Vec<Result<Put, Failure>> = staged
            .iter()
            .zip(swaps)
            .map(|(staged, swap)| match staged {
                Ok(staged) => put(staged, swap),
                Err(error) => Err(Failure::Io(copy_of(error))),
            })
            .collect();
        let answers: Vec<Result<(), Failure>> =
            put.into_par_iter().zip(swaps).map(|(put, swap)| put.and_then(|put| put.settle(swap))).collect();
        if one_by_one {
            staged.iter().flatten().filter_map(|staged| staged.target.parent()).for_each(flush_folder);
        } else {
            flush(&staged);
        }
        let strangers = staged.into_iter().flatten().filter(|staged| staged.device != self.device);
        self.elsewhere.extend(strangers.map(|staged| staged.temporary));
        answers
    }

    fn stage(&self, swap: &Swap<'_>, number: usize, flushed: bool) -> io::Result<Staged> {
        let about = fs::symlink_metadata(swap.path)?;
        let (target, about) = match about.is_symlink() {
            true => (fs::canonicalize(swap.path)?, fs::metadata(swap.path)?),
            false => (swap.path.to_owned(), about),
        };
        // A read-only file is not to be replaced just because its folder may be written.
        if about.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let device = device(&about);
        let temporary = match device == self.device {
            true => self.place(number),
            false => target.with_file_name(format!(".postmend-{}-{number}", std::process::id())),
        };
        let mut file = create(&temporary, &about)?;
        let written = file
            .write_all(swap.new)
            .and_then(|()| keep_mode_and_owner(&file, &about))
            .and_then(|()| if flushed { file.sync_all() } else { Ok(()) });
        if let Err(error) = written {
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        Ok(Staged { temporary, target, device })
    }

    /// Threads that make files in one folder wait for each other.
    fn place(&self, number: usize) -> PathBuf {
        self.folder.join((number / SHARE % FOLDERS).to_string()).join(number.to_string())
    }

    /// Deletes what old files there are.
    fn clear(&mut self) {
        for old in self.elsewhere.drain(..) {
            let _ = fs::remove_file(old);
        }
        for number in 0..std::mem::take(&mut self.count) {
            let _ = fs::remove_file(self.place(number));
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.clear();
        for number in 0..FOLDERS {
            let _ = fs::remove_dir(self.folder.join(number.to_string()));
        }
        let _ = fs::remove_dir(&self.folder);
    }
}

/// A new file that has its name.
enum Put {
    /// The old one has the new one's now.
    Swapped { old: PathBuf, target: PathBuf },
    /// The old one is gone.
    Renamed,
}

/// Gives the new file its name: swaps the two where the system can; elsewhere looks at the old one just
/// before it goes.
fn put(staged: &Staged, swap: &Swap<'_>) -> Result<Put, Failure> {
    if exchange(&staged.temporary, &staged.target)? {
        return Ok(Put::Swapped { old: staged.temporary.clone(), target: staged.target.clone() });
    }
    if fs::read(&staged.target)? != swap.old {
        return Err(Failure::ChangedMeanwhile);
    }
    fs::rename(&staged.temporary, &staged.target)?;
    Ok(Put::Renamed)
}

impl Put {
    /// Looks at the old file once it has lost its name and nobody can change it any more; what is not
    /// what was read gets its name back.
    fn settle(self, swap: &Swap<'_>) -> Result<(), Failure> {
        let Self::Swapped { old, target } = self else { return Ok(()) };
        let found = fs::read(&old)?;
        if found == swap.old {
            return Ok(());
        }
        give_back(&old, &target, found, swap.new)?;
        Err(Failure::ChangedMeanwhile)
    }
}

/// Somebody who saves so often in a row gets the last word some time later.
const MOST_TURNS: usize = 64;

/// Gives a file, which holds what was found in it, its name back. What has the name should be `ours`; what is not was
/// put there since, is the newest, and gets the name in its turn.
fn give_back(file: &Path, target: &Path, mut found: Vec<u8>, ours: &[u8]) -> io::Result<()> {
    let mut expected = ours.to_vec();
    for _ in 0..MOST_TURNS {
        exchange(file, target)?;
        let came = fs::read(file)?;
        if came == expected {
            break;
        }
        expected = std::mem::replace(&mut found, came);
    }
    Ok(())
}

/// Swaps the names of two files at once; false where the system cannot.
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    {
        let _ = (one, other);
        Ok(false)
    }
}

fn create(path: &Path, about: &fs::Metadata) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
        options.mode(about.mode() & 0o777);
    }
    #[cfg(not(unix))]
    let _ = about;
    options.open(path)
}

/// The umask does not apply to a replaced file, and root must not take it over.
fn keep_mode_and_owner(file: &File, about: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let now = file.metadata()?;
        if (now.uid(), now.gid()) != (about.uid(), about.gid()) {
            // Not everybody may give a file away; it then belongs to who ran this.
            let _ = fchown(file, Some(about.uid()), Some(about.gid()));
        } else if now.mode() == about.mode() {
            return Ok(());
        }
    }
    file.set_permissions(about.permissions())
}

/// Flushes the file systems of these files: far cheaper than one by one.
fn flush(staged: &[io::Result<Staged>]) {
    let devices: BTreeMap<u64, &Staged> =
        staged.iter().flatten().map(|staged| (staged.device, staged)).collect();
    for staged in devices.values() {
        flush_file_system(staged.target.parent().unwrap_or(&staged.target));
    }
}

fn flush_file_system(folder: &Path) {
    #[cfg(target_os = "linux")]
    if let Ok(folder) = File::open(folder) {
        let _ = rustix::fs::syncfs(&folder);
    }
    #[cfg(all(unix, not(target_os = "linux")))]
    {
        let _ = folder;
        rustix::fs::sync();
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// Makes the rename itself durable, where the system can.
pub(super) fn flush_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

fn device(about: &fs::Metadata) -> u64 {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::dev(about);
    #[cfg(not(unix))]
    {
        let _ = about;
        0
    }
}

fn copy_of(error: &io::Error) -> io::Error {
    error
        .raw_os_error()
        .map_or_else(|| io::Error::new(error.kind(), error.to_string()), io::Error::from_raw_os_error)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_newest_file_keeps_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let [file, target] = ["file", "target"].map(|name| folder.path().join(name));
        let cases: [(&[u8], &[u8]); 2] = [(b"ours", b"changed"), (b"put there since", b"put there since")];
        for (there, expected) in cases {
            fs::write(&file, "changed").unwrap();
            fs::write(&target, there).unwrap();
            give_back(&file, &target, b"changed".to_vec(), b"ours").unwrap();
            assert_eq!(fs::read(&target).unwrap(), expected);
        }
    }
}
