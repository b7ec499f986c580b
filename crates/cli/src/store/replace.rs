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
    /// The name of the temporary file in the same folder.
    pub(super) temporary: String,
}

/// A new file that waits for its name.
struct Staged {
    temporary: PathBuf,
    target: PathBuf,
    /// The file system that it is on.
    device: u64,
}

/// So few files are flushed one by one; of more, the whole file system is.
const FEW: usize = 16;

/// Puts `new` in the place of `old` in each file: a temporary file in the same folder, with the old
/// file's permissions, flushed to the disk and renamed. A symlink stays and its target is replaced.
/// One answer for each, in their order.
pub(super) fn replace(swaps: &[Swap<'_>]) -> Vec<Result<(), Failure>> {
    let one_by_one = swaps.len() <= FEW;
    let staged: Vec<io::Result<Staged>> = swaps.par_iter().map(|swap| stage(swap, one_by_one)).collect();
    if !one_by_one {
        flush(&staged);
    }
    let renamed: Vec<Result<(), Failure>> = staged
        .par_iter()
        .zip(swaps)
        .map(|(staged, swap)| match staged {
            Ok(staged) => rename(staged, swap),
            Err(error) => Err(Failure::Io(copy_of(error))),
        })
        .collect();
    if one_by_one {
        staged.iter().flatten().filter_map(|staged| staged.target.parent()).for_each(flush_folder);
    } else {
        flush(&staged);
    }
    renamed
}

fn stage(swap: &Swap<'_>, flushed: bool) -> io::Result<Staged> {
    let is_link = fs::symlink_metadata(swap.path)?.is_symlink();
    let target = if is_link { fs::canonicalize(swap.path)? } else { swap.path.to_owned() };
    let about = fs::metadata(&target)?;
    let temporary = target.with_file_name(&swap.temporary);
    // A read-only file is not to be replaced just because its folder may be written.
    if about.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut file = create(&temporary, &about)?;
    let written = file
        .write_all(swap.new)
        .and_then(|()| keep_mode_and_owner(&file, &about))
        .and_then(|()| if flushed { file.sync_all() } else { Ok(()) });
    if let Err(error) = written {
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    Ok(Staged { temporary, target, device: device(&about) })
}

fn rename(staged: &Staged, swap: &Swap<'_>) -> Result<(), Failure> {
    let done = match fs::read(&staged.target) {
        Ok(now) if now != swap.old => Err(Failure::ChangedMeanwhile),
        Ok(_) => fs::rename(&staged.temporary, &staged.target).map_err(Failure::Io),
        Err(error) => Err(Failure::Io(error)),
    };
    if done.is_err() {
        let _ = fs::remove_file(&staged.temporary);
    }
    done
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
