//! Messages that bring descriptors: unix(7), `SCM_RIGHTS`.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::retry_on_intr;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

/// Descriptors that one message may bring; the kernel's bound is 253.
const MOST_DESCRIPTORS: usize = 64;

/// Returns two ends of a socket that keeps messages apart.
#[cfg(target_os = "linux")]
pub(crate) fn message_sockets() -> io::Result<(OwnedFd, OwnedFd)> {
    use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
    Ok(socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?)
}

/// Returns two ends of a socket. None keeps messages apart, but nobody reads past a message that brings descriptors unless asked to.
#[cfg(not(target_os = "linux"))]
pub(crate) fn message_sockets() -> io::Result<(OwnedFd, OwnedFd)> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    Ok((ours.into(), theirs.into()))
}

/// Sends a message with descriptors. Returns how many of its bytes were taken, which is all of them where the socket keeps messages apart.
///
/// # Errors
///
/// The other end is gone (a Rust program ignores SIGPIPE), or there are too many descriptors.
pub(crate) fn send_with(
    socket: impl AsFd,
    bytes: &[u8],
    descriptors: &[BorrowedFd<'_>],
) -> io::Result<usize> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut brought = SendAncillaryBuffer::new(&mut space);
    if !brought.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(retry_on_intr(|| sendmsg(&socket, &[IoSlice::new(bytes)], &mut brought, SendFlags::empty()))?)
}

/// Receives a message with its descriptors, which are closed on exec. Returns its length, which is 0 where the other end was closed instead.
#[cfg(target_os = "linux")]
pub(super) fn receive_with(socket: impl AsFd, bytes: &mut [u8]) -> io::Result<(usize, Vec<OwnedFd>)> {
    use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
    use std::io::IoSliceMut;
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut brought = RecvAncillaryBuffer::new(&mut space);
    let mut parts = [IoSliceMut::new(bytes)];
    let received = retry_on_intr(|| recvmsg(&socket, &mut parts, &mut brought, RecvFlags::CMSG_CLOEXEC))?;
    let descriptors = brought.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
        _ => None,
    });
    Ok((received.bytes, descriptors.flatten().collect()))
}
