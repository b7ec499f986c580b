//! Replaces files so that each is either old or new at every instant.

use super::journal;
use super::names::{PRIVATE, own, remove_all};
use crate::disk::{Below, Folder, Outside, copy_attributes, keep_mode_and_owner};
use crate::trouble::Trouble;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::{self, Write};
use std::path::Path;

/// Why a file was not replaced. It is as it was.
#[derive(Debug)]
pub enum WriteFailure {
    /// It no longer holds what was read from it.
    ChangedMeanwhile,
    /// It is none of the project's files.
    Outside(Outside),
    /// It has more names than one, and the others would keep the old content.
    HardLinks(u64),
    /// The system said no.
    Io(io::Error),
}

impl From<io::Error> for WriteFailure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What became of a step with one file.
type Answer<T> = Result<T, WriteFailure>;

/// A file that is to be replaced.
pub(super) struct Swap<'a> {
    pub(super) path: &'a Below,
    pub(super) old: &'a [u8],
    pub(super) new: &'a [u8],
}

/// A new file that waits for its name.
struct StagedFile {
    /// Where it is: in one of the bench's folders, or beside its target.
    place: StagedAt,
    /// The file system that it is on.
    device: u64,
}

enum StagedAt {
    /// In this one of the bench's folders.
    Bench(usize, Below),
    /// Beside the target, which is on another file system.
    Beside(Below),
}

/// Where new files wait for their names, and old ones for their end.
///
/// They are deleted all at once when the bench is dropped: a file system that has just deleted files is
/// slow to make new ones (ext4 looks for inodes that were not deleted in the last seconds).
pub(super) struct Bench {
    /// The run's folder.
    run: Folder,
    /// Threads that make files in one folder wait for each other.
    folders: Vec<Folder>,
    device: u64,
    /// What the names of temporary files beside their targets begin with.
    beside: String,
    /// How many files came here; their names are made of it.
    count: usize,
    /// Old files that could not be put here, being on another file system.
    elsewhere: Vec<Below>,
    /// Whether files with several names are replaced all the same.
    pub(super) breaks_links: bool,
}

/// So few files are flushed one by one; of more, the whole file system is.
const FEW: usize = 16;

/// With more files than this the bench is cleared, so that the disk does not fill.
const MOST: usize = 1 << 15;

/// So many files in a row go to one of so many folders.
const SHARE: usize = 64;
const FOLDERS: usize = 16;

/// The folder in the run's own in which new files wait.
pub(super) const FILES: &str = "files";

/// What a new file may be used for until all of it is there: a killed run leaves some so.
pub(super) const UNFINISHED: u32 = 0o200;

/// What the names of a run's temporary files begin with, where they must be among the posts. Nobody who writes the
/// repository knows the token.
pub(super) fn temporary_names(run: &Folder) -> String {
    let token = journal::about(run).unwrap_or_default().token;
    format!(".postmend-{token}-")
}

impl Bench {
    /// A bench in a run's folder.
    pub(super) fn new(run: Folder, beside: String) -> io::Result<Self> {
        let mut folders = Vec::with_capacity(FOLDERS);
        for number in 0..FOLDERS {
            let name = own(&format!("{FILES}/{number}"));
            run.make_folders(&name, PRIVATE)?;
            folders.push(run.folder(&name)?);
        }
        let device = run.device()?;
        Ok(Self { run, folders, device, beside, count: 0, elsewhere: Vec::new(), breaks_links: false })
    }

    /// Puts `new` in the place of `old` in each file below `root`, with the old file's permissions and attributes,
    /// flushed to the disk before it gets its name. One answer for each, in their order.
    pub(super) fn replace(&mut self, root: &Folder, swaps: &[Swap<'_>]) -> Vec<Result<(), WriteFailure>> {
        if self.count + swaps.len() > MOST {
            self.clear(root);
        }
        let first = self.count;
        self.count += swaps.len();
        let one_by_one = swaps.len() <= FEW;
        let this = &*self;
        let stage = |(number, swap)| this.stage(root, swap, first + number, one_by_one);
        let staged: Vec<Result<StagedFile, WriteFailure>> = swaps.par_iter().enumerate().map(stage).collect();
        if !one_by_one {
            flush(root, &staged, swaps);
        }
        // One thread alone: a file system changes names in two folders for one at a time, and the others
        // would wait without sleeping.
        let put: Vec<Result<bool, WriteFailure>> = staged
            .iter()
            .zip(swaps)
            .map(|(staged, swap)| match staged {
                Ok(staged) => self.put(root, staged, swap),
                Err(error) => Err(error.copy()),
            })
            .collect();
        let settle = |((put, staged), swap): ((Answer<bool>, &Answer<StagedFile>), &Swap<'_>)| {
            match (put?, staged) {
                // Only what was swapped has an old file to look at.
                (true, Ok(staged)) => self.settle(root, staged, swap),
                _ => Ok(()),
            }
        };
        let answers: Vec<Result<(), WriteFailure>> =
            put.into_par_iter().zip(&staged).zip(swaps).map(settle).collect();
        if one_by_one {
            swaps.iter().zip(&staged).filter(|(_, staged)| staged.is_ok()).for_each(|(swap, _)| {
                root.flush_names(swap.path.parent().as_ref());
            });
        } else {
            flush(root, &staged, swaps);
        }
        self.elsewhere.extend(staged.into_iter().flatten().filter_map(|staged| match staged.place {
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
        // A read-only file is not to be replaced just because its folder may be written.
        if !about.is_file() || about.permissions().readonly() {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied).into());
        }
        let names = names_of(&about);
        if names > 1 && !self.breaks_links {
            return Err(WriteFailure::HardLinks(names));
        }
        let device = device(&about);
        let place = match device == self.device {
            true => StagedAt::Bench(number / SHARE % FOLDERS, own(&number.to_string())),
            false => {
                let name = format!("{}{number}", self.beside);
                StagedAt::Beside(swap.path.beside(&name).map_err(WriteFailure::Outside)?)
            }
        };
        let (folder, name) = self.at(root, &place);
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
        Ok(StagedFile { place, device })
    }

    /// The folder and the path in it of a place.
    fn at<'b>(&'b self, root: &'b Folder, place: &'b StagedAt) -> (&'b Folder, &'b Below) {
        match place {
            StagedAt::Bench(number, name) => (&self.folders[*number], name),
            StagedAt::Beside(path) => (root, path),
        }
    }

    /// Gives the new file its name: swaps the two where the system can; elsewhere looks at the old one just
    /// before it goes. Says whether they were swapped.
    fn put(&self, root: &Folder, staged: &StagedFile, swap: &Swap<'_>) -> Result<bool, WriteFailure> {
        let (folder, name) = self.at(root, &staged.place);
        if folder.exchange(name, root, swap.path)? {
            return Ok(true);
        }
        if read(root, swap.path)? != swap.old {
            return Err(WriteFailure::ChangedMeanwhile);
        }
        folder.rename(name, root, swap.path)?;
        Ok(false)
    }

    /// Looks at the old file once it has lost its name and nobody can change it any more; what is not
    /// what was read gets its name back.
    fn settle(&self, root: &Folder, staged: &StagedFile, swap: &Swap<'_>) -> Result<(), WriteFailure> {
        let (folder, name) = self.at(root, &staged.place);
        let found = match read(folder, name) {
            Ok(found) if found == swap.old => return Ok(()),
            Ok(found) => found,
            // Somebody put something else than a file there.
            Err(error) => {
                folder.exchange(name, root, swap.path)?;
                return Err(error.into());
            }
        };
        give_back((folder, name), (root, swap.path), found, swap.new)?;
        Err(WriteFailure::ChangedMeanwhile)
    }

    /// Deletes what old files there are.
    pub(super) fn clear(&mut self, root: &Folder) {
        for old in self.elsewhere.drain(..) {
            let _ = root.remove_file(&old);
        }
        for number in 0..std::mem::take(&mut self.count) {
            let _ = self.folders[number / SHARE % FOLDERS].remove_file(&own(&number.to_string()));
        }
    }

    /// The same, and the bench is gone.
    pub(super) fn remove(&mut self, root: &Folder) {
        self.clear(root);
        remove_all(&self.run, &own(FILES));
    }
}

/// What a file holds, however large.
fn read(folder: &Folder, path: &Below) -> io::Result<Vec<u8>> {
    folder.read(path, u64::MAX)
}

impl WriteFailure {
    /// What is told of it, but for a file that was changed, of which each command says something else.
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

/// Somebody who saves so often in a row gets the last word some time later.
const MOST_TURNS: usize = 64;

/// Gives a file, which holds what was found in it, its name back. What has the name should be `ours`; what is not was
/// put there since, is the newest, and gets the name in its turn.
fn give_back(
    file: (&Folder, &Below),
    target: (&Folder, &Below),
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

/// Flushes the file systems of these files: far cheaper than one by one.
fn flush(root: &Folder, staged: &[Result<StagedFile, WriteFailure>], swaps: &[Swap<'_>]) {
    let both = staged.iter().zip(swaps);
    let devices: BTreeMap<u64, &Below> =
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

/// How many names a file has.
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
        let [file, target] = [own("file"), own("target")];
        let write = |path: &Below, text: &[u8]| {
            let _ = folder.remove_file(path);
            folder.create(path, 0o600).unwrap().write_all(text).unwrap();
        };
        let cases: [(&[u8], &[u8]); 2] = [(b"ours", b"changed"), (b"put there since", b"put there since")];
        for (there, expected) in cases {
            write(&file, b"changed");
            write(&target, there);
            give_back((&folder, &file), (&folder, &target), b"changed".to_vec(), b"ours").unwrap();
            assert_eq!(read(&folder, &target).unwrap(), expected);
        }
    }
}
