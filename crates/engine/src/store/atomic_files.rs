//! Replaces files so that each one has either its old or its new content at any time.

use super::journal;
use super::names::{PRIVATE, own_name, remove_all};
use crate::disk::{Folder, Outside, RelativePath, copy_attributes, keep_mode_and_owner};
use crate::parallel;
use crate::trouble::Trouble;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::{self, Write};
use std::path::Path;

/// Why a file was not replaced. It is unchanged.
#[derive(Debug)]
pub enum WriteFailure {
    /// Its content is no longer what was read from it.
    ChangedMeanwhile,
    /// It is not a file of the project.
    Outside(Outside),
    /// It has this many hard links, and the other names would keep the old content.
    HardLinks(u64),
    /// The system reported an error.
    Io(io::Error),
}

impl From<io::Error> for WriteFailure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A file to replace.
pub(super) struct Swap<'a> {
    pub(super) path: &'a RelativePath,
    pub(super) old: &'a [u8],
    pub(super) new: &'a [u8],
}

/// A new file before it has its final name.
struct StagedFile {
    /// Its location: in one of the bench's folders, or next to its target.
    location: StagedAt,
    /// The device number of its file system.
    device: u64,
}

enum StagedAt {
    /// The index of one of the bench's folders, and the name in it.
    Bench(usize, RelativePath),
    /// The path next to the target, which is on another file system.
    Beside(RelativePath),
}

/// A folder for new files before they get their names, and for old files before they are deleted.
///
/// The files are deleted together when the bench is removed: a file system that has just deleted files is slow to
/// create new ones (ext4 avoids inodes that were deleted in the last seconds).
pub(super) struct Bench {
    /// The folder of the run.
    run: Folder,
    /// Several folders, as threads that create files in the same folder block each other.
    folders: Vec<Folder>,
    device: u64,
    /// The prefix of the names of temporary files next to their targets.
    beside: String,
    /// The number of files so far, from which the next names are made.
    count: usize,
    /// The old files that are next to their targets, because those are on another file system.
    elsewhere: Vec<RelativePath>,
    /// Whether files with several hard links are also replaced.
    pub(super) breaks_links: bool,
}

/// Up to this many files are flushed one by one; for more, the whole file system is flushed.
const FEW: usize = 16;

/// With more files than this the bench is cleared, so that the disk does not fill up.
const MOST: usize = 1 << 15;

/// This many files in a row go to the same folder of the bench.
const SHARE: usize = 64;
const FOLDERS: usize = 16;

/// The folder for new files in the folder of the run.
pub(super) const FILES: &str = "files";

/// The mode of a new file until it is complete, by which files that a killed run left incomplete are recognized.
pub(super) const UNFINISHED: u32 = 0o200;

/// The prefix of the names of a run's temporary files among the posts. The token makes it unpredictable for whoever
/// writes the repository.
pub(super) fn temporary_names(run: &Folder) -> String {
    let token = journal::about(run).unwrap_or_default().token;
    format!(".postmend-{token}-")
}

impl Bench {
    /// A new bench in the folder of a run.
    pub(super) fn new(run: Folder, beside: String) -> io::Result<Self> {
        let mut folders = Vec::with_capacity(FOLDERS);
        for number in 0..FOLDERS {
            let name = own_name(&format!("{FILES}/{number}"));
            run.make_folders(&name, PRIVATE)?;
            folders.push(run.folder(&name)?);
        }
        let device = run.device()?;
        Ok(Self { run, folders, device, beside, count: 0, elsewhere: Vec::new(), breaks_links: false })
    }

    /// Replaces the content `old` with `new` in each file below `root`. The new file gets the permissions and
    /// attributes of the old one, and is flushed to the disk before it gets its name. Returns a result for each file,
    /// in order.
    pub(super) fn replace(&mut self, root: &Folder, swaps: &[Swap<'_>]) -> Vec<Result<(), WriteFailure>> {
        if self.count + swaps.len() > MOST {
            self.clear(root);
        }
        let first = self.count;
        self.count += swaps.len();
        let one_by_one = swaps.len() <= FEW;
        let this = &*self;
        let staged = parallel::map_indexes(swaps.len(), |index| {
            this.stage(root, &swaps[index], first + index, one_by_one)
        });
        if !one_by_one {
            flush(root, &staged, swaps);
        }
        // In a single thread: a file system handles only one rename between two folders at a time, and other threads
        // would busy-wait.
        let put: Vec<Result<bool, WriteFailure>> = staged
            .iter()
            .zip(swaps)
            .map(|(staged, swap)| match staged {
                Ok(staged) => self.put(root, staged, swap),
                Err(error) => Err(error.copy()),
            })
            .collect();
        let answers = parallel::map_indexes(swaps.len(), |index| match (&put[index], &staged[index]) {
            // Only if the files were exchanged is there an old file to compare.
            (Ok(true), Ok(staged)) => this.restore_if_changed(root, staged, &swaps[index]),
            (Ok(_), _) => Ok(()),
            (Err(error), _) => Err(error.copy()),
        });
        if one_by_one {
            swaps.iter().zip(&staged).filter(|(_, staged)| staged.is_ok()).for_each(|(swap, _)| {
                root.flush_names(swap.path.parent().as_ref());
            });
        } else {
            flush(root, &staged, swaps);
        }
        self.elsewhere.extend(staged.into_iter().flatten().filter_map(|staged| match staged.location {
            StagedAt::Beside(path) => Some(path),
            StagedAt::Bench(..) => None,
        }));
        answers
    }

    fn stage(
        &self,
        root: &Folder,
        swap: &Swap<'_>,
        number: usize,
        flushed: bool,
    ) -> Result<StagedFile, WriteFailure> {
        let old = root.open_file(swap.path)?;
        let about = old.metadata()?;
        // A read-only file must not be replaced merely because its folder is writable.
        if !about.is_file() || about.permissions().readonly() {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied).into());
        }
        let names = names_of(&about);
        if names > 1 && !self.breaks_links {
            return Err(WriteFailure::HardLinks(names));
        }
        let device = device(&about);
        let location = match device == self.device {
            true => StagedAt::Bench(number / SHARE % FOLDERS, own_name(&number.to_string())),
            false => {
                let name = format!("{}{number}", self.beside);
                StagedAt::Beside(swap.path.beside(&name).map_err(WriteFailure::Outside)?)
            }
        };
        let (folder, name) = self.at(root, &location);
        let mut file = folder.create(name, UNFINISHED)?;
        let written = file
            .write_all(swap.new)
            .and_then(|()| keep_mode_and_owner(&file, &about))
            .and_then(|()| copy_attributes(&old, &file))
            .and_then(|()| if flushed { file.sync_all() } else { Ok(()) });
        if let Err(error) = written {
            let _ = folder.remove_file(name);
            return Err(error.into());
        }
        Ok(StagedFile { location, device })
    }

    /// The folder, and the path in it, of a staged file.
    fn at<'b>(&'b self, root: &'b Folder, location: &'b StagedAt) -> (&'b Folder, &'b RelativePath) {
        match location {
            StagedAt::Bench(number, name) => (&self.folders[*number], name),
            StagedAt::Beside(path) => (root, path),
        }
    }

    /// Gives the new file its name: exchanges it with the old one if the system can; otherwise compares the old one
    /// just before it is replaced. Returns whether they were exchanged.
    fn put(&self, root: &Folder, staged: &StagedFile, swap: &Swap<'_>) -> Result<bool, WriteFailure> {
        let (folder, name) = self.at(root, &staged.location);
        if folder.exchange(name, root, swap.path)? {
            return Ok(true);
        }
        if read(root, swap.path)? != swap.old {
            return Err(WriteFailure::ChangedMeanwhile);
        }
        folder.rename(name, root, swap.path)?;
        Ok(false)
    }

    /// Compares the old file after it has lost its name, when nobody can change it any more. If it is not what was
    /// read, it gets its name back.
    fn restore_if_changed(
        &self,
        root: &Folder,
        staged: &StagedFile,
        swap: &Swap<'_>,
    ) -> Result<(), WriteFailure> {
        let (folder, name) = self.at(root, &staged.location);
        let found = match read(folder, name) {
            Ok(found) if found == swap.old => return Ok(()),
            Ok(found) => found,
            // Something other than a regular file was put there.
            Err(error) => {
                folder.exchange(name, root, swap.path)?;
                return Err(error.into());
            }
        };
        restore_name((folder, name), (root, swap.path), found, swap.new)?;
        Err(WriteFailure::ChangedMeanwhile)
    }

    /// Deletes the old files.
    pub(super) fn clear(&mut self, root: &Folder) {
        for old in self.elsewhere.drain(..) {
            let _ = root.remove_file(&old);
        }
        for number in 0..std::mem::take(&mut self.count) {
            let _ = self.folders[number / SHARE % FOLDERS].remove_file(&own_name(&number.to_string()));
        }
    }

    /// Deletes the old files and the bench's folder.
    pub(super) fn remove(&mut self, root: &Folder) {
        self.clear(root);
        remove_all(&self.run, &own_name(FILES));
    }
}

/// The content of a file of any size.
fn read(folder: &Folder, path: &RelativePath) -> io::Result<Vec<u8>> {
    folder.read(path, u64::MAX)
}

impl WriteFailure {
    /// The message for a failure. For a file that was changed, some commands use a message of their own.
    pub fn trouble(&self, path: &Path) -> Trouble {
        match self {
            Self::ChangedMeanwhile => {
                let message = format!("{} was changed during the run, so it was skipped", path.display());
                Trouble::new(message, "try again")
            }
            Self::Outside(why) => Trouble::new(
                format!("{} was not written: it {why}", path.display()),
                "name the project's own folder",
            ),
            Self::HardLinks(names) => Trouble::new(
                format!("{} was not written: it has {names} hard links", path.display()),
                "`--break-hard-links` writes it; the other names then keep the old content",
            ),
            Self::Io(error) => Trouble::with_path("write", path, error),
        }
    }

    fn copy(&self) -> Self {
        match self {
            Self::ChangedMeanwhile => Self::ChangedMeanwhile,
            Self::Outside(why) => Self::Outside(*why),
            Self::HardLinks(names) => Self::HardLinks(*names),
            Self::Io(error) => Self::Io(copy_of(error)),
        }
    }
}

/// The maximum number of exchanges, for a program that keeps saving the file at the same time.
const MOST_TURNS: usize = 64;

/// Gives a file, whose content is `found`, its name back. The file that has the name should contain `ours`; if it
/// does not, it was saved in the meantime, so it is newer and gets the name back in turn.
fn restore_name(
    file: (&Folder, &RelativePath),
    target: (&Folder, &RelativePath),
    mut found: Vec<u8>,
    ours: &[u8],
) -> io::Result<()> {
    let mut expected = ours.to_vec();
    for _ in 0..MOST_TURNS {
        file.0.exchange(file.1, target.0, target.1)?;
        let came = read(file.0, file.1)?;
        if came == expected {
            break;
        }
        expected = std::mem::replace(&mut found, came);
    }
    Ok(())
}

/// Flushes the file systems of these files, which is far cheaper than to flush the files one by one.
fn flush(root: &Folder, staged: &[Result<StagedFile, WriteFailure>], swaps: &[Swap<'_>]) {
    let both = staged.iter().zip(swaps);
    let devices: BTreeMap<u64, &RelativePath> =
        both.filter_map(|(staged, swap)| Some((staged.as_ref().ok()?.device, swap.path))).collect();
    for path in devices.values() {
        root.flush_file_system(path.parent().as_ref());
    }
}

#[cfg(unix)]
fn device(about: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::dev(about)
}

#[cfg(not(unix))]
fn device(_: &Metadata) -> u64 {
    0
}

/// The number of hard links of a file.
#[cfg(unix)]
fn names_of(about: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(about)
}

#[cfg(not(unix))]
fn names_of(_: &Metadata) -> u64 {
    1
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
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).unwrap();
        let [file, target] = [own_name("file"), own_name("target")];
        let write = |path: &RelativePath, text: &[u8]| {
            let _ = folder.remove_file(path);
            folder.create(path, 0o600).unwrap().write_all(text).unwrap();
        };
        let cases: [(&[u8], &[u8]); 2] = [(b"ours", b"changed"), (b"put there since", b"put there since")];
        for (there, expected) in cases {
            write(&file, b"changed");
            write(&target, there);
            restore_name((&folder, &file), (&folder, &target), b"changed".to_vec(), b"ours").unwrap();
            assert_eq!(read(&folder, &target).unwrap(), expected);
        }
    }
}
