//! Copies the attributes of a file to the file that replaces it.

use std::fs::{File, Metadata};
use std::io;

/// Copies extended attributes and access control lists from one file to another. Does nothing on systems other than
/// Linux.
///
/// # Errors
/// An attribute in `user.*`, or an access control list, cannot be set.
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
            // The kernel sets its other attributes on the new file itself, or we may not set them.
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

/// Sets a file's owner and permissions as in `about`, regardless of the umask. If the owner cannot be set, it is left
/// as it is.
///
/// # Errors
/// The permissions cannot be set.
pub fn keep_mode_and_owner(file: &File, about: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let now = file.metadata()?;
        if (now.uid(), now.gid()) != (about.uid(), about.gid()) {
            // Only privileged users may change the owner; otherwise the file belongs to the user who runs this.
            let _ = fchown(file, Some(about.uid()), Some(about.gid()));
        } else if now.mode() == about.mode() {
            return Ok(());
        }
    }
    file.set_permissions(about.permissions())
}
