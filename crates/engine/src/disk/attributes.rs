//! What a file has besides its bytes, and a file that takes its place must have too.

use std::fs::{File, Metadata};
use std::io;

/// What a file has besides its bytes: extended attributes and the lists of who may do what, put on another one.
///
/// # Errors
/// The other one cannot have what a person or the system put there for use.
pub fn copy_attributes(from: &File, to: &File) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{XattrFlags, fgetxattr, fgetxattr_query, flistxattr, flistxattr_query, fsetxattr};
        use rustix::io::Errno;
        let length = match flistxattr_query(from) {
            Ok(0) | Err(Errno::NOTSUP | Errno::NOSYS) => return Ok(()),
            Ok(length) => length,
            Err(error) => return Err(error.into()),
        };
        let mut list = vec![0; length];
        let length = flistxattr(from, &mut list[..])?;
        for name in list[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
            // What the system keeps for itself is given by it to the new file too, or is not ours to give.
            let is_wanted = name.starts_with(b"user.") || name.starts_with(b"system.posix_acl_");
            let copied = fgetxattr_query(from, name).and_then(|length| {
                let mut value = vec![0; length];
                let length = fgetxattr(from, name, &mut value[..])?;
                fsetxattr(to, name, &value[..length], XattrFlags::empty())
            });
            match copied {
                Err(error) if is_wanted => return Err(error.into()),
                _ => {}
            }
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (from, to);
    Ok(())
}

/// Puts a file's owner, permissions on another one, whatever the umask says.
///
/// # Errors
/// The other one cannot have them.
pub fn keep_mode_and_owner(file: &File, about: &Metadata) -> io::Result<()> {
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
