//! The system calls that no learner's code needs: two filters, one that answers EPERM and one that answers ENOSYS.
//!
//! A list of what is denied, with everything else allowed: an allow-list breaks with the next libc or NumPy. The list
//! is what reaches deep into the kernel, what would undo another layer, and what acts on other processes. ENOSYS is
//! for calls whose absence programs handle well (libc falls back from `clone3` to `clone`, whose flags can be seen).
//! Foreign architectures are killed; numbers of the x32 ABI, which would slip past the list, do not exist.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::OwnedFd;

use libc::c_long;
use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCondition, SeccompFilter, SeccompRule, TargetArch, sock_filter,
};

use super::layer::{Layer, Omitted};
use super::sys;
use super::wire::{SetUpError, Shared, Step};

type Rules = BTreeMap<c_long, Vec<SeccompRule>>;
type Built<T> = Result<T, seccompiler::BackendError>;

/// Flags of `clone` that make namespaces.
const NEW_NAMESPACES: [libc::c_int; 8] = [
    libc::CLONE_NEWNS,
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
    0x80, // CLONE_NEWTIME
];

/// Calls that are refused whatever their arguments.
const REFUSED: &[c_long] = &[
    // Other processes' memory, and our own from outside.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_kcmp,
    libc::SYS_pidfd_getfd,
    libc::SYS_process_madvise,
    // Keys.
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    // Programs and probes in the kernel.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_syslog,
    // Mounts and roots.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    457, // statmount
    458, // listmount
    467, // open_tree_attr
    // Namespaces.
    libc::SYS_unshare,
    libc::SYS_setns,
    // The machine.
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_adjtimex,
    libc::SYS_clock_adjtime,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_vhangup,
    // Files by handle, and watching whole file systems.
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    // Memory that no limit counts: SysV and POSIX IPC.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    // Memory placement.
    libc::SYS_mbind,
    libc::SYS_set_mempolicy,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    450, // set_mempolicy_home_node
];

/// The same, on x86-64 only.
#[cfg(target_arch = "x86_64")]
const REFUSED_HERE: &[c_long] =
    &[libc::SYS_kexec_file_load, libc::SYS_iopl, libc::SYS_ioperm, libc::SYS_modify_ldt, libc::SYS_uselib];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_HERE: &[c_long] = &[];

/// Calls that do not exist inside.
const ABSENT: &[c_long] = &[
    libc::SYS_clone3,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_memfd_create,
    libc::SYS_memfd_secret,
];

/// Calls that change what files are, which Landlock does not look after: owners and attributes. Modes and times are supervised.
const CHANGES_OF_FILES: &[c_long] = &[
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    463, // setxattrat
    466, // removexattrat
    469, // file_setattr
];
#[cfg(target_arch = "x86_64")]
const CHANGES_OF_FILES_HERE: &[c_long] = &[libc::SYS_chown, libc::SYS_lchown];
#[cfg(not(target_arch = "x86_64"))]
const CHANGES_OF_FILES_HERE: &[c_long] = &[];

/// Calls that may concern the caller only: which argument is the process id, where 0 is oneself.
const ON_ONESELF_ONLY: &[(c_long, u8)] = &[
    (libc::SYS_prlimit64, 0),
    (libc::SYS_setpriority, 1),
    (libc::SYS_sched_setaffinity, 0),
    (libc::SYS_sched_setscheduler, 0),
    (libc::SYS_sched_setparam, 0),
    (libc::SYS_sched_setattr, 0),
    (libc::SYS_ioprio_set, 1),
];

/// Terminal requests that put words into somebody else's mouth, ioctl_tty(2), and those that change a file which one may only read:
/// ioctl_iflags(2), ioctl_fsxattr(2).
const REFUSED_REQUESTS: [u64; 6] =
    [libc::TIOCSTI, TIOCLINUX, libc::TIOCSETD, FS_IOC_SETFLAGS, FS_IOC32_SETFLAGS, FS_IOC_FSSETXATTR];
const TIOCLINUX: u64 = 0x541C;
const FS_IOC_SETFLAGS: u64 = 0x4008_6602;
const FS_IOC32_SETFLAGS: u64 = 0x4004_6602;
const FS_IOC_FSSETXATTR: u64 = 0x401C_5820;

/// What the filters are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    /// A sandbox whose namespaces, or nothing, keep it from the host's network and files.
    General,
    /// A sandbox in the host's namespaces: no sockets but of connections, no calls that change what Landlock does not look after. Where they
    /// are supervised, connections and the modes and times of files are left to the supervisor.
    Restricted { supervised: bool },
}

impl Program {
    /// Returns the one for a sandbox without namespaces of its own.
    pub(super) fn of(shared: &Shared) -> Self {
        match shared.restricted {
            true => Self::Restricted { supervised: shared.supervised },
            false => Self::General,
        }
    }
}

/// Puts both filters in force for this process and all its descendants.
pub(super) fn install(program: Program, omitted: &Omitted) -> Result<(), SetUpError> {
    let layers = [Layer::Refused, Layer::Absent].into_iter();
    layers.zip(programs(program)?).try_for_each(|(layer, filter)| omitted.put(layer, (), || apply(&filter)))
}

fn apply(filter: &BpfProgram) -> Result<(), SetUpError> {
    // The library says what failed in words only; EINVAL stands for them.
    let applied = seccompiler::apply_filter(filter).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL));
    applied.step("put a seccomp filter in force")
}

/// Returns both filters, the one that is to be put in force first first.
pub(super) fn programs(program: Program) -> Result<[BpfProgram; 2], SetUpError> {
    let built = filters(program).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL));
    built.step("build the seccomp filters")
}

/// Puts a filter in force that leaves these calls to whoever has the descriptor that comes back: seccomp_unotify(2).
pub(super) fn listen(calls: &[c_long]) -> io::Result<OwnedFd> {
    let statement = |code: u32, jt, jf, k| sock_filter { code: code as u16, jt, jf, k };
    let answer = |action| statement(libc::BPF_RET | libc::BPF_K, 0, 0, action);
    let mut program = vec![statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0)];
    for call in calls {
        let number = u32::try_from(*call).map_err(|_| io::ErrorKind::InvalidInput)?;
        program.push(statement(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, 0, 1, number));
        program.push(answer(libc::SECCOMP_RET_USER_NOTIF));
    }
    program.push(answer(libc::SECCOMP_RET_ALLOW));
    sys::listening_filter(&program)
}

/// Returns whether `unshare` is refused, for the self-check.
pub(super) fn refuses_namespaces() -> bool {
    #[expect(
        deprecated,
        reason = "its replacement is unsafe for the sake of CLONE_FILES, which is not meant here"
    )]
    let answer = rustix::thread::unshare(rustix::thread::UnshareFlags::NEWUTS);
    answer == Err(rustix::io::Errno::PERM)
}

/// Returns whether `memfd_create` is not there, for the self-check.
pub(super) fn hides_calls() -> bool {
    let answer = rustix::fs::memfd_create(c"", rustix::fs::MemfdFlags::CLOEXEC);
    answer.is_err_and(|error| error == rustix::io::Errno::NOSYS)
}

fn filters(program: Program) -> Built<[BpfProgram; 2]> {
    let mut refused = refused()?;
    if let Program::Restricted { supervised } = program {
        restrict(&mut refused, supervised)?;
    }
    let refused = compile(refused, libc::EPERM)?;
    let absent = compile(unconditional(ABSENT), libc::ENOSYS)?;
    Ok([refused, [x32_guard(), absent].concat()])
}

fn compile(rules: Rules, errno: i32) -> Built<BpfProgram> {
    let answer = SeccompAction::Errno(errno.cast_unsigned());
    SeccompFilter::new(rules, SeccompAction::Allow, answer, TargetArch::try_from(std::env::consts::ARCH)?)?
        .try_into()
}

fn refused() -> Built<Rules> {
    let mut rules = unconditional(REFUSED);
    rules.extend(unconditional(REFUSED_HERE));
    let flags = NEW_NAMESPACES.iter().map(|flag| u64::from(flag.cast_unsigned()));
    rules.insert(
        libc::SYS_clone,
        flags.map(|flag| rule([(0, Qword, MaskedEq(flag), flag)])).collect::<Built<_>>()?,
    );
    for (call, argument) in ON_ONESELF_ONLY {
        rules.insert(*call, vec![rule([(*argument, Dword, Ne, 0)])?]);
    }
    let requests = REFUSED_REQUESTS.iter().map(|request| rule([(1, Dword, Eq, *request)]));
    rules.insert(libc::SYS_ioctl, requests.collect::<Built<_>>()?);
    // 0xffffffff asks for the personality and changes nothing.
    rules.insert(libc::SYS_personality, vec![rule([(0, Dword, Ne, 0), (0, Dword, Ne, 0xffff_ffff)])?]);
    rules.insert(libc::SYS_socket, sockets()?);
    rules.insert(libc::SYS_socketpair, sockets()?);
    Ok(rules)
}

/// Refuses every family but UNIX, INET, INET6 and NETLINK, and of NETLINK all but ROUTE, which lists interfaces.
fn sockets() -> Built<Vec<SeccompRule>> {
    let family = |family: libc::c_int| (0, Dword, Ne, u64::from(family.cast_unsigned()));
    let netlink = libc::AF_NETLINK.cast_unsigned().into();
    Ok(vec![
        rule([libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK].map(family))?,
        rule([(0, Dword, Eq, netlink), (2, Dword, Ne, libc::NETLINK_ROUTE.cast_unsigned().into())])?,
    ])
}

/// Adds what namespaces would see to: no socket but of a connection, nothing that changes files by their names, no fast way past `connect`.
fn restrict(rules: &mut Rules, supervised: bool) -> Built<()> {
    rules.extend(unconditional(CHANGES_OF_FILES));
    rules.extend(unconditional(CHANGES_OF_FILES_HERE));
    if !supervised {
        rules.extend(unconditional(super::supervisor::CALLS));
    }
    let family = |family: libc::c_int| (0, Dword, Ne, u64::from(family.cast_unsigned()));
    let kind = |kind: u64| (1, Dword, MaskedEq(0xf), kind);
    let others = (0..16).filter(|each| *each != u64::from(libc::SOCK_STREAM.cast_unsigned()));
    let mut sockets = vec![
        rule([libc::AF_INET, libc::AF_INET6].map(family))?,
        rule([(2, Dword, Ne, 0), (2, Dword, Ne, libc::IPPROTO_TCP.cast_unsigned().into())])?,
    ];
    sockets.extend(others.map(|each| rule([kind(each)])).collect::<Built<Vec<_>>>()?);
    rules.insert(libc::SYS_socket, sockets);
    rules.insert(libc::SYS_socketpair, vec![rule([family(libc::AF_UNIX)])?]);
    let fast_open: u64 = libc::MSG_FASTOPEN.cast_unsigned().into();
    for (call, flags) in [(libc::SYS_sendto, 3), (libc::SYS_sendmsg, 2), (libc::SYS_sendmmsg, 3)] {
        rules.insert(call, vec![rule([(flags, Dword, MaskedEq(fast_open), fast_open)])?]);
    }
    let tcp = (1, Dword, Eq, libc::IPPROTO_TCP.cast_unsigned().into());
    let option = |option: libc::c_int| rule([tcp.clone(), (2, Dword, Eq, option.cast_unsigned().into())]);
    let options = [libc::TCP_FASTOPEN, libc::TCP_FASTOPEN_CONNECT, libc::TCP_REPAIR].map(option);
    rules.insert(libc::SYS_setsockopt, options.into_iter().collect::<Built<_>>()?);
    Ok(())
}

fn unconditional(calls: &[c_long]) -> Rules {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

type Condition = (u8, seccompiler::SeccompCmpArgLen, seccompiler::SeccompCmpOp, u64);

/// Returns a rule that applies when all conditions hold.
fn rule<const N: usize>(conditions: [Condition; N]) -> Built<SeccompRule> {
    let conditions = conditions
        .into_iter()
        .map(|(argument, width, operator, value)| SeccompCondition::new(argument, width, operator, value));
    SeccompRule::new(conditions.collect::<Built<_>>()?)
}

/// Answers ENOSYS to the call numbers of the x32 ABI, which has the same architecture word as x86-64
/// (<https://man7.org/linux/man-pages/man2/seccomp.2.html>, on `AUDIT_ARCH_X86_64`).
fn x32_guard() -> BpfProgram {
    const X32_BIT: u32 = 0x4000_0000;
    let statement = |code: u32, jt, jf, k| sock_filter { code: code as u16, jt, jf, k };
    vec![
        statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        statement(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, 0, 1, X32_BIT),
        statement(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOSYS.cast_unsigned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_compile_and_stay_small() {
        for program in [Program::General, Program::Restricted { supervised: false }] {
            let [refused, absent] = filters(program).unwrap();
            // The kernel takes 4096 instructions: BPF_MAXINSNS.
            assert!(refused.len() < 1500, "{}", refused.len());
            assert!(absent.len() < 100, "{}", absent.len());
        }
    }
}
