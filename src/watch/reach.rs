//! Where events don't reach: what somebody else's kernel changes on a network or shared folder, this one does not hear of.

use std::path::Path;

use notify::ErrorKind;

/// Why there are no events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is wanted so.
    Asked,
    /// The files are on a file system of this kind.
    FileSystem(&'static str),
    /// The kernel gives no more watches to this user.
    Limit,
    /// It refuses for this reason.
    Refused(String),
}

impl Why {
    /// Returns the reason in words, and what to do about it where something can be done.
    pub fn in_words(&self) -> String {
        match self {
            Self::Asked => "looking for changes three times a second, as --poll says".to_owned(),
            Self::FileSystem(kind) => {
                format!("looking for changes three times a second: events do not reach files on {kind}")
            }
            Self::Limit => "looking for changes three times a second: the kernel has no watches left; \
                `sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512` gives it more"
                .to_owned(),
            Self::Refused(why) => format!("looking for changes three times a second: {why}"),
        }
    }

    /// Returns why the kernel refuses to tell of events.
    pub(super) fn refused(error: &notify::Error) -> Self {
        let is_limit = match &error.kind {
            ErrorKind::MaxFilesWatch => true,
            // ENOSPC: too many watches. EMFILE: too many instances of inotify (inotify_init(2)).
            ErrorKind::Io(error) => {
                matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
                    || error.raw_os_error() == Some(rustix::io::Errno::MFILE.raw_os_error())
            }
            _ => false,
        };
        if is_limit { Self::Limit } else { Self::Refused(error.to_string()) }
    }

    /// Returns whether an error is about one folder alone, which has gone or may not be read.
    pub(super) fn is_of_one_folder(error: &notify::Error) -> bool {
        use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
        match &error.kind {
            ErrorKind::PathNotFound => true,
            ErrorKind::Io(error) => matches!(error.kind(), NotFound | NotADirectory | PermissionDenied),
            _ => false,
        }
    }
}

/// Returns why events may not reach this folder, if so: somebody else can change its files.
pub(super) fn unreached(root: &Path) -> Option<Why> {
    let found = rustix::fs::statfs(root).ok()?;
    #[cfg(target_os = "linux")]
    let kind = kind(found.f_type.cast_unsigned());
    // mount(2) of macOS: the file system is stored locally.
    #[cfg(not(target_os = "linux"))]
    let kind = (found.f_flags & libc::MNT_LOCAL as u32 == 0).then_some("a network");
    kind.map(Why::FileSystem)
}

/// Returns the name of a kind of file system to whose files events may not reach. The numbers are those of statfs(2) and of
/// <https://github.com/torvalds/linux/blob/master/include/uapi/linux/magic.h>; WSL shows the drives of Windows through 9p.
#[cfg(target_os = "linux")]
fn kind(number: u64) -> Option<&'static str> {
    // The type is signed on some machines, so the upper half may be filled with ones.
    Some(match number & 0xffff_ffff {
        0x6969 => "NFS",
        0x517b | 0xfe53_4d42 | 0xff53_4d42 => "SMB",
        0x0102_1997 => "9p (a drive of Windows in WSL, or of a host)",
        0x5346_4846 => "a drive of Windows in WSL",
        0x6573_5546 => "FUSE",
        0x786f_4256 => "a folder shared by VirtualBox",
        0xbacb_acbc => "a folder shared by VMware",
        0x7c7c_6673 => "a folder shared by Parallels",
        0x5346_414f | 0x6b41_4653 => "AFS",
        0x00c3_6400 => "Ceph",
        0x7375_7245 => "Coda",
        0x0bd0_0bd0 => "Lustre",
        0x0116_1970 => "GFS2",
        _ => return None,
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_told_from_a_disk_whatever_the_sign_of_its_number() {
        // ext4, btrfs, tmpfs, overlayfs.
        for disk in [0xef53, 0x9123_683e, 0x0102_1994, 0x794c_7630] {
            assert_eq!(kind(disk), None, "{disk:x}");
        }
        assert_eq!(kind(0x6969), Some("NFS"));
        assert_eq!(kind(0xffff_ffff_ff53_4d42), Some("SMB"));
    }
}
