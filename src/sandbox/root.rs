//! Builds the root that the payload sees, from nothing: what is not put there is not there.
//!
//! A tmpfs is made the root first and the host's root put aside below it, at `/.host`; then every bind takes its source
//! from there, so that a source may lie anywhere, also below `/tmp`. At the end the host's root is detached, and the
//! new one is made read-only. The tmpfs is mounted over `/proc` for a moment, which is the one folder that must exist.

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::CWD;
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags,
    UnmountFlags, fsconfig_create, fsconfig_set_flag, fsconfig_set_string, fsmount, fsopen, mount_change,
    move_mount, open_tree, unmount,
};

use super::copy::copy_tree;
use super::layer::{Layer, Omitted};
use super::policy::{HOME, Limits, Overlay, Policy};
use super::sys;
use super::wire::{SetUpError, Step};

/// The payload's user and group id inside.
pub(super) const PAYLOAD_ID: u32 = 1000;
/// Where the host's root is while the new one is built.
const HOST: &str = "/.host";
/// A file that nobody is granted: that it cannot be opened shows that Landlock is in force.
pub(super) const CANARY: &str = "/.canary";

/// Bytes and files of the root itself, which holds mount points and a few small files.
const ROOT_SIZE: &str = "4m";
const ROOT_INODES: &str = "4096";

const READ_ONLY: u64 = libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV;
/// Device files must stay usable: not read-only, not `nodev`.
const DEVICE: u64 = libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NOEXEC;

/// Folders that are links into `/usr` on a merged-usr system, and folders of their own elsewhere.
pub(super) const BESIDE_USR: [&str; 6] = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
/// What of `/etc` programs need and nobody minds: the loader's cache, and where commands such as `awk` are. No certificates: nobody
/// outside can be talked to.
pub(super) const FROM_ETC: [&str; 2] = ["/etc/ld.so.cache", "/etc/alternatives"];
const FILES: [(&str, &str); 6] = [
    (
        "/etc/passwd",
        "root:x:0:0::/nonexistent:/usr/sbin/nologin\nlearner:x:1000:1000:learner:/home/learner:/bin/sh\n",
    ),
    ("/etc/group", "root:x:0:\nlearner:x:1000:\n"),
    ("/etc/hosts", "127.0.0.1 localhost grade\n::1 localhost\n"),
    ("/etc/hostname", "grade\n"),
    ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"),
    ("/etc/resolv.conf", ""),
];

/// Builds the root and moves into it. With `copy`, what is laid over is copied, so that the payload owns it.
pub(super) fn build(policy: &Policy, copy: bool, omitted: &Omitted) -> Result<(), SetUpError> {
    rustix::process::umask(rustix::fs::Mode::empty());
    let sources = Sources::resolve(policy)?;
    enter_new_root()?;
    system_folders()?;
    etc(&sources)?;
    devices()?;
    let scratch = Scratch::mount(&policy.limits).step("make the writable folders")?;
    for (folder, mode) in [("/tmp", 0o1777), (HOME, 0o755), ("/dev/shm", 0o1777)] {
        scratch.lend(Path::new(folder), mode).step(format!("make `{folder}` writable"))?;
    }
    processes()?;
    for (source, inside) in &sources.read_only {
        bind(source, inside, READ_ONLY).step(format!("bind `{}` read-only", inside.display()))?;
    }
    for (index, (source, overlay)) in sources.overlays.iter().enumerate() {
        lay_over(&scratch, index, source, overlay, copy)?;
    }
    scratch.put_aside().step("put the writable folders aside")?;
    omitted.put(Layer::Network, (), || sys::loopback_up().step("bring the loopback interface up"))?;
    rustix::system::sethostname(b"grade").step("set the host name")?;
    seal()
}

/// The host's paths without links, found while the host's root is still `/`.
struct Sources<'a> {
    etc: Vec<(PathBuf, PathBuf)>,
    read_only: Vec<(PathBuf, PathBuf)>,
    overlays: Vec<(PathBuf, &'a Overlay)>,
    localtime: Option<PathBuf>,
}

impl<'a> Sources<'a> {
    fn resolve(policy: &'a Policy) -> Result<Self, SetUpError> {
        let real = |path: &Path| fs::canonicalize(path).step(format!("find `{}`", path.display()));
        let etc =
            FROM_ETC.iter().filter_map(|path| Some((fs::canonicalize(path).ok()?, PathBuf::from(path))));
        Ok(Self {
            etc: etc.collect(),
            read_only: policy
                .folders_first()
                .into_iter()
                .map(|path| Ok((real(path)?, path.to_owned())))
                .collect::<Result<_, _>>()?,
            overlays: policy
                .overlays
                .iter()
                .map(|one| Ok((real(&one.source)?, one)))
                .collect::<Result<_, _>>()?,
            localtime: fs::read_link("/etc/localtime").ok(),
        })
    }
}

fn enter_new_root() -> Result<(), SetUpError> {
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)
        .step("make the mounts private")?;
    let root = filesystem("tmpfs", &[("size", ROOT_SIZE), ("nr_inodes", ROOT_INODES), ("mode", "0755")])
        .step("make the new root")?;
    move_mount(&root, c"", CWD, c"/proc", MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)
        .step("mount the new root")?;
    fs::create_dir("/proc/.host").step("make the new root")?;
    rustix::process::pivot_root("/proc", "/proc/.host").step("enter the new root")?;
    rustix::process::chdir("/").step("enter the new root")
}

fn system_folders() -> Result<(), SetUpError> {
    bind(Path::new("/usr"), Path::new("/usr"), READ_ONLY).step("bind `/usr` read-only")?;
    for folder in BESIDE_USR {
        let on_host = host(Path::new(folder));
        let Ok(metadata) = fs::symlink_metadata(&on_host) else { continue };
        if metadata.is_symlink() {
            fs::read_link(&on_host)
                .and_then(|target| symlink(target, folder))
                .step(format!("link `{folder}`"))?;
        } else {
            bind(Path::new(folder), Path::new(folder), READ_ONLY)
                .step(format!("bind `{folder}` read-only"))?;
        }
    }
    Ok(())
}

fn etc(sources: &Sources<'_>) -> Result<(), SetUpError> {
    make_folder(Path::new("/etc")).step("make /etc")?;
    small_files()?;
    for (source, inside) in &sources.etc {
        bind(source, inside, READ_ONLY).step(format!("bind `{}` read-only", inside.display()))?;
    }
    sources
        .localtime
        .as_ref()
        .map_or(Ok(()), |zone| symlink(zone, "/etc/localtime"))
        .step("link /etc/localtime")
}

fn small_files() -> Result<(), SetUpError> {
    for (path, text) in FILES {
        fs::write(path, text).and_then(|()| set_mode(path, 0o644)).step(format!("write `{path}`"))?;
    }
    Ok(())
}

fn plant_canary() -> Result<(), SetUpError> {
    fs::write(CANARY, "").and_then(|()| set_mode(CANARY, 0o644)).step("plant the canary")
}

/// Adds to the root that bubblewrap has built what only a process inside can add.
pub(super) fn complete(policy: &Policy) -> Result<(), SetUpError> {
    rustix::process::umask(rustix::fs::Mode::empty());
    small_files()?;
    for (index, overlay) in policy.overlays.iter().enumerate() {
        let step = format!("copy the source of `{}`", overlay.inside.display());
        copy_tree(&lower(index), &overlay.inside, None).step(step)?;
    }
    plant_canary()
}

fn devices() -> Result<(), SetUpError> {
    let dev =
        filesystem("tmpfs", &[("size", "64k"), ("nr_inodes", "64"), ("mode", "0755")]).step("make /dev")?;
    mount_at(&dev, "/dev", libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NOEXEC).step("mount /dev")?;
    for name in ["null", "zero", "full", "random", "urandom"] {
        let path = Path::new("/dev").join(name);
        bind(&path, &path, DEVICE).step(format!("bind `{}`", path.display()))?;
    }
    let terminals = filesystem("devpts", &[("mode", "0620"), ("ptmxmode", "0666")]).step("make /dev/pts")?;
    mount_at(&terminals, "/dev/pts", DEVICE).step("mount /dev/pts")?;
    let links = [("pts/ptmx", "ptmx"), ("/proc/self/fd", "fd"), ("/proc/self/fd/0", "stdin")];
    for (target, name) in
        links.into_iter().chain([("/proc/self/fd/1", "stdout"), ("/proc/self/fd/2", "stderr")])
    {
        symlink(target, Path::new("/dev").join(name)).step(format!("link `/dev/{name}`"))?;
    }
    Ok(())
}

/// Mounts a fresh /proc, which the kernel allows while the host's own is still in sight, and forbids user namespaces.
fn processes() -> Result<(), SetUpError> {
    let proc = filesystem("proc", &[]).step("make a fresh /proc")?;
    let attributes = libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV | libc::MOUNT_ATTR_NOEXEC;
    mount_at(&proc, "/proc", attributes).step("mount a fresh /proc")?;
    fs::write("/proc/sys/user/max_user_namespaces", "0").step("forbid further user namespaces")
}

/// Lets go of the host's root and makes the new one read-only.
fn seal() -> Result<(), SetUpError> {
    unmount(HOST, UnmountFlags::DETACH).step("detach the host's root")?;
    fs::remove_dir(HOST).step("detach the host's root")?;
    plant_canary()?;
    for (path, attributes) in [("/dev", DEVICE | libc::MOUNT_ATTR_RDONLY), ("/", READ_ONLY)] {
        let sealed =
            sys::open_place(Path::new(path)).and_then(|place| sys::restrict_mount(place, false, attributes));
        sealed.step(format!("seal `{path}`"))?;
    }
    Ok(())
}

/// The one file system that the payload may write to. Its folders are bound to where they are needed, and share its limits; each
/// file system more would cost a tenth of a millisecond.
struct Scratch;

impl Scratch {
    /// Where it is while the root is being built.
    const PLACE: &str = "/.scratch";

    fn mount(limits: &Limits) -> io::Result<Self> {
        let (size, inodes) = (limits.scratch.to_string(), limits.inodes.to_string());
        let options = [("size", &*size), ("nr_inodes", &*inodes), ("mode", "0755")];
        mount_at(&filesystem("tmpfs", &options)?, Self::PLACE, 0)?;
        Ok(Self)
    }

    /// Makes a folder of its own appear at `inside`, which belongs to the payload.
    fn lend(&self, inside: &Path, mode: u32) -> io::Result<()> {
        let name = inside.to_string_lossy().trim_start_matches('/').replace('/', "-");
        let folder = self.folder(&name, mode)?;
        let tree =
            open_tree(CWD, &folder, OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC)?;
        make_folder(inside)?;
        attach(&tree, inside)
    }

    /// Makes a folder in it that belongs to the payload.
    fn folder(&self, name: &str, mode: u32) -> io::Result<PathBuf> {
        let folder = Path::new(Self::PLACE).join(name);
        fs::DirBuilder::new().mode(mode).create(&folder)?;
        std::os::unix::fs::chown(&folder, Some(PAYLOAD_ID), Some(PAYLOAD_ID))?;
        Ok(folder)
    }

    /// Takes the file system itself out of sight; its folders stay where they appear.
    fn put_aside(self) -> io::Result<()> {
        unmount(Self::PLACE, UnmountFlags::DETACH)?;
        fs::remove_dir(Self::PLACE)
    }
}

/// Mounts an overlay, or a copy where that is wished for or the source's file system cannot be a lower layer.
fn lay_over(
    scratch: &Scratch,
    index: usize,
    source: &Path,
    overlay: &Overlay,
    copy: bool,
) -> Result<(), SetUpError> {
    let inside = &overlay.inside;
    let step = |what: &str| format!("{what} `{}`", inside.display());
    make_folder(inside).step(step("make"))?;
    // What the kernel refuses here depends on the file system; a copy works everywhere.
    if !copy && mount_over(scratch, index, source, inside)? {
        return Ok(());
    }
    scratch.lend(inside, 0o755).step(step("mount"))?;
    copy_tree(&host(source), inside, Some((PAYLOAD_ID, PAYLOAD_ID))).step(step("copy the source of"))
}

/// Mounts an overlay. Returns whether the kernel has nothing against it.
fn mount_over(scratch: &Scratch, index: usize, source: &Path, inside: &Path) -> Result<bool, SetUpError> {
    let step = |what: &str| format!("{what} `{}`", inside.display());
    let lower = lower(index);
    bind(source, &lower, READ_ONLY).step(step("bind the source of"))?;
    let folder = |kind: &str| scratch.folder(&format!("{kind}{index}"), 0o755);
    let (upper, work) = folder("upper")
        .and_then(|upper| Ok((upper, folder("work")?)))
        .step(step("make the upper layer of"))?;
    let is_mounted = mount_overlay(&lower, &upper, &work, inside).is_ok();
    unmount(&lower, UnmountFlags::DETACH)
        .map_err(io::Error::from)
        .and_then(|()| fs::remove_dir(&lower))
        .step(step("tidy up after"))?;
    Ok(is_mounted)
}

/// Returns where the source of an overlay is while its place inside is made.
pub(super) fn lower(index: usize) -> PathBuf {
    PathBuf::from(format!("/.lower{index}"))
}

/// Mounts the overlay. `userxattr` is what the kernel asks of one in a user namespace
/// (<https://docs.kernel.org/filesystems/overlayfs.html>).
fn mount_overlay(lower: &Path, upper: &Path, work: &Path, inside: &Path) -> io::Result<()> {
    let context = fsopen("overlay", FsOpenFlags::FSOPEN_CLOEXEC)?;
    for (key, value) in [("lowerdir", lower), ("upperdir", upper), ("workdir", work)] {
        fsconfig_set_string(&context, key, value)?;
    }
    fsconfig_set_flag(&context, "userxattr")?;
    fsconfig_create(&context)?;
    let mount = fsmount(&context, FsMountFlags::FSMOUNT_CLOEXEC, MountAttrFlags::empty())?;
    mount_at(&mount, inside, 0)
}

/// Binds a file or folder of the host, unless it is in sight already as part of another.
fn bind(source: &Path, inside: &Path, attributes: u64) -> io::Result<()> {
    let source = host(source);
    let metadata = fs::metadata(&source)?;
    if fs::metadata(inside).is_ok_and(|there| (there.dev(), there.ino()) == (metadata.dev(), metadata.ino()))
    {
        return Ok(());
    }
    let flags =
        OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::AT_RECURSIVE;
    let tree = open_tree(CWD, &source, flags)?;
    sys::restrict_mount(&tree, true, attributes)?;
    if metadata.is_dir() {
        make_folder(inside)?;
    } else if metadata.is_file() || metadata.file_type().is_char_device() {
        make_file(inside)?;
    } else {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    attach(&tree, inside)
}

/// Returns a new file system that is not mounted anywhere yet.
fn filesystem(kind: &str, options: &[(&str, &str)]) -> io::Result<OwnedFd> {
    let context = fsopen(kind, FsOpenFlags::FSOPEN_CLOEXEC)?;
    for (key, value) in options {
        fsconfig_set_string(&context, *key, *value)?;
    }
    fsconfig_create(&context)?;
    Ok(fsmount(&context, FsMountFlags::FSMOUNT_CLOEXEC, MountAttrFlags::empty())?)
}

/// Mounts what `filesystem` made, never with setuid or devices unless they are its purpose.
fn mount_at(mount: &OwnedFd, inside: impl AsRef<Path>, attributes: u64) -> io::Result<()> {
    let plain = libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV;
    sys::restrict_mount(mount, false, if attributes == 0 { plain } else { attributes })?;
    make_folder(inside.as_ref())?;
    attach(mount, inside.as_ref())
}

fn attach(mount: &OwnedFd, inside: &Path) -> io::Result<()> {
    let inside = CString::new(inside.as_os_str().as_bytes())?;
    Ok(move_mount(mount, c"", CWD, inside.as_c_str(), MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?)
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o755).create(path)
}

/// Makes an empty file, and the folder that it is in where there is none yet.
fn make_file(path: &Path) -> io::Result<()> {
    match fs::File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_folder(path.parent().unwrap_or(path))?;
            fs::File::create_new(path).map(drop)
        }
        made => made.map(drop),
    }
}

fn set_mode(path: &str, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Returns where a path of the host is while the root is being built.
fn host(path: &Path) -> PathBuf {
    Path::new(HOST).join(path.strip_prefix("/").unwrap_or(path))
}
