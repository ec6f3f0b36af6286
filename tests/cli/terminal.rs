//! `grade` as somebody sees it who sits at a terminal.

use std::process::Command;

use crate::common::toolchain;
use crate::place::{Place, Ran};

/// Runs a program on a terminal of 24 lines, types what the first argument says, and prints what appears there.
const TERMINAL: &str = r#"
import os, pty, sys, termios

typed, program = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    termios.tcsetwinsize(0, (24, 80))
    os.execv(program[0], program)
os.write(terminal, typed.encode())
while True:
    try:
        seen = os.read(terminal, 65536)
    except OSError:
        break
    if not seen:
        break
    os.write(1, seen)
os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;

/// Runs a command at a terminal where somebody has typed this.
pub fn at_terminal(place: &Place, command: &Command, typed: &str) -> Ran {
    let mut terminal = Command::new(&toolchain().python);
    terminal.args(["-I", "-c", TERMINAL, typed]).arg(command.get_program()).args(command.get_args());
    terminal.env_clear().env("TERM", "xterm");
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            terminal.env(name, value);
        }
    }
    let folder = command.get_current_dir().map_or_else(|| place.repo(), ToOwned::to_owned);
    place.finish(terminal.current_dir(folder))
}
