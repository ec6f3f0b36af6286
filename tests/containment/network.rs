//! Attacks on the network, all on the loopback: that of the host must be out of reach.

use crate::attack::{Attack, ONLY_ROOT, attack};
use grade::event::Level;
use grade::sandbox::LEVELS;

pub fn attacks() -> Vec<Attack> {
    let families = [services(), unix_sockets(), families(), configuration()];
    families.into_iter().flatten().map(|attack| attack.open_at(Level::Limits, NO_NAMESPACE)).collect()
}

fn services() -> Vec<Attack> {
    let try_it =
        |number, name: &'static str, code: &str| attack(number, name, format!("import socket\n{code}"));
    vec![
        try_it(48, "it finds a route out", ROUTE).unless(NO_ROUTE),
        try_it(49, "it sends a datagram to a service of the host", SEND_TWICE),
        try_it(50, "it asks a name server of the host", ASK),
        try_it(
            52,
            "it connects to a service of the host by IPv6",
            "socket.create_connection(('::1', int(TCP6)), 2)",
        ),
        try_it(
            53,
            "it connects to a service of the host",
            "socket.create_connection(('127.0.0.1', int(TCP)), 2)",
        ),
        try_it(
            53,
            "it connects to a service of the host by another name of the loopback",
            "socket.create_connection(('127.1.2.3', int(TCP)), 2)",
        )
        .control("import socket; socket.create_connection(('127.0.0.1', int(TCP)), 2)"),
        try_it(
            53,
            "it connects to a service of the host by no address",
            "socket.create_connection(('0.0.0.0', int(TCP)), 2)",
        ),
        try_it(53, "it lets a child connect to a service of the host", BY_CHILD),
        try_it(57, "it sends to a service before it has connected", FAST_OPEN),
        try_it(57, "it connects when it first sends", FAST_OPEN_CONNECT),
        try_it(58, "it connects to a service by several paths", MULTIPATH).unless(NO_PROTOCOL),
        try_it(58, "it makes a socket for streams of messages", SCTP).unless(NO_PROTOCOL),
    ]
}

/// To connect a datagram socket looks a route up and sends nothing. The address is kept for documents: RFC 5737.
const ROUTE: &str = "
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))
except OSError:
    control_needs(False, 'this machine has no route out')
    raise";
const NO_ROUTE: &str = "this machine has no route out";

/// The second one fails if nobody has heard the first.
const SEND_TWICE: &str = "
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.connect(('127.0.0.1', int(UDP)))
client.send(b'one')
client.send(b'two')";

/// A question for the address of `localhost`: RFC 1035, 4.1.
const ASK: &str = r"
question = struct.pack('!6H', 1, 0x0100, 1, 0, 0, 0) + b'\x09localhost\x00' + struct.pack('!2H', 1, 1)
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.connect(('127.0.0.1', int(UDP)))
client.send(question)
client.send(question)";

const BY_CHILD: &str = "
def connect():
    os.setsid()
    socket.create_connection(('127.0.0.1', int(TCP)), 2)
in_child(connect)";

/// `MSG_FASTOPEN`, which connects without `connect`: tcp(7).
const FAST_OPEN: &str = "
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.sendto(b'x', 0x20000000, ('127.0.0.1', int(TCP)))
client.getpeername()";

/// `TCP_FASTOPEN_CONNECT`.
const FAST_OPEN_CONNECT: &str = "
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.setsockopt(socket.IPPROTO_TCP, 30, 1)
client.connect(('127.0.0.1', int(TCP)))
client.send(b'x')
client.getpeername()";

const MULTIPATH: &str = "
try:
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
except OSError as error:
    control_needs(False, 'this kernel has no such protocol')
    raise
client.connect(('127.0.0.1', int(TCP)))";

const SCTP: &str = "
try:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
except OSError as error:
    control_needs(False, 'this kernel has no such protocol')
    raise";
const NO_PROTOCOL: &str = "this kernel has no such protocol";

fn unix_sockets() -> Vec<Attack> {
    let connect = |name: &'static str, address: &str| {
        attack(55, name, format!("import socket\nsocket.socket(socket.AF_UNIX).connect({address})"))
    };
    vec![
        connect("it connects to the socket of a service by its name", "DOCKER"),
        // From its version 9 on Landlock holds it. Nothing grants a folder with sockets.
        LEVELS.into_iter().fold(
            connect("it connects to a socket in a folder that it may read", "GRANTED + '/socket'"),
            |attack, level| {
                attack.open_at(level, "this Landlock looks after files and not after sockets in folders")
            },
        ),
        connect("it connects to a socket that has no file", "'\\0' + NAME"),
        attack(55, "it connects to a socket through the folder of another process", THROUGH_VICTIM),
    ]
}

const THROUGH_VICTIM: &str = "
import socket
socket.socket(socket.AF_UNIX).connect(f'/proc/{VICTIM}/root' + DOCKER)";

/// Families of sockets that reach somewhere else than the network.
fn families() -> Vec<Attack> {
    let families = [
        (51, "packets", 17, 3, 0),
        (51, "raw IP", 2, 3, 1),
        (56, "the hypervisor (vsock)", 40, 1, 0),
        (56, "the kernel's ciphers (AF_ALG)", 38, 5, 0),
        (56, "Bluetooth", 31, 3, 1),
        (56, "the audit log (netlink)", 16, 3, 9),
        (56, "the events of devices (netlink)", 16, 3, 15),
        (56, "the firewall (netlink)", 16, 3, 12),
        (56, "the sockets of everybody (netlink)", 16, 3, 4),
        (56, "generic netlink", 16, 3, 16),
        (56, "fast packets (AF_XDP)", 44, 3, 0),
        (56, "keys of IPsec (AF_KEY)", 15, 3, 2),
        (56, "CAN buses", 29, 3, 1),
        (56, "clusters (TIPC)", 30, 5, 0),
        (56, "remote memory (RDS)", 21, 5, 0),
        (56, "near-field radio (NFC)", 39, 5, 0),
        (56, "kernel connections (KCM)", 41, 2, 0),
        (56, "shared memory over networks (SMC)", 43, 1, 0),
    ];
    let make = |(number, name, family, kind, protocol)| {
        let code = format!("make_socket({family}, {kind}, {protocol})");
        attack(number, format!("it makes a socket for {name}"), format!("{MAKE}{code}"))
            .unless(ONLY_ROOT)
            .unless(NO_PROTOCOL)
    };
    families.map(make).into()
}

/// Kernels lack some families, and modules for others may not be loaded.
const MAKE: &str = "
import socket
def make_socket(family, kind, protocol):
    try:
        return only_root(lambda: socket.socket(family, kind, protocol))
    except OSError as error:
        lacking = error.errno in (errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT)
        control_needs(not lacking, 'this kernel has no such protocol')
        raise
";

/// The flags of the loopback are set to what they are, and an address is given to it that it has.
fn configuration() -> Vec<Attack> {
    vec![
        attack(51, "it sets an interface up", SET_UP).unless(ONLY_ROOT),
        attack(
            51,
            "it binds a port that is root's",
            "import socket; only_root(lambda: socket.create_server(('127.0.0.1', 1)))",
        )
        .unless(ONLY_ROOT),
        attack(
            51,
            "it marks its packets",
            "import socket; only_root(lambda: socket.socket().setsockopt(1, 36, 1))",
        )
        .unless(ONLY_ROOT),
    ]
}

const SET_UP: &str = "
import fcntl, socket
name = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
flags = fcntl.ioctl(name, 0x8913, struct.pack('16s24x', b'lo'))
only_root(lambda: fcntl.ioctl(name, 0x8914, flags))";

const NO_NAMESPACE: &str = "the network is the host's";
