//! `grade` as somebody sees it who sits at a terminal.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};

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

/// A program at a terminal where somebody sits who reads what is there before they type.
pub struct Sitting {
    /// The program.
    pub child: Child,
    keyboard: File,
    /// Kept open, so that what the program leaves can be looked at.
    terminal: OwnedFd,
    before: Termios,
    written: Arc<Mutex<Vec<u8>>>,
    size: (u16, u16),
}

/// How long something that must happen may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl Sitting {
    /// Starts a command on a terminal of so many lines and columns.
    pub fn start(command: &mut Command, size: (u16, u16)) -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let path = ptsname(&keyboard, Vec::new()).unwrap();
        let terminal = File::options().read(true).write(true).open(path.to_str().unwrap()).unwrap();
        tcsetwinsize(&terminal, winsize(size)).unwrap();
        let before = tcgetattr(&terminal).unwrap();
        let side = || Stdio::from(terminal.try_clone().unwrap());
        command.env("TERM", "xterm-256color").stdin(side()).stdout(side()).stderr(side());
        let take_terminal = || {
            rustix::process::setsid()?;
            rustix::process::ioctl_tiocsctty(std::io::stdin())?;
            Ok(())
        };
        // SAFETY: between fork and exec there are two system calls, and nothing is allocated.
        unsafe { command.pre_exec(take_terminal) };
        let child = command.spawn().unwrap();
        let written = Arc::new(Mutex::new(Vec::new()));
        let (mut screen, seen) = (File::from(keyboard.try_clone().unwrap()), Arc::clone(&written));
        thread::spawn(move || {
            let mut bytes = [0; 65536];
            while let Ok(count) = screen.read(&mut bytes) {
                seen.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        Self { child, keyboard: keyboard.into(), terminal: terminal.into(), before, written, size }
    }

    /// Types this.
    pub fn types(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, size: (u16, u16)) {
        self.size = size;
        tcsetwinsize(&self.terminal, winsize(size)).unwrap();
    }

    /// Returns every byte that was written.
    pub fn written(&self) -> Vec<u8> {
        self.written.lock().unwrap().clone()
    }

    /// Returns the terminal as it is now.
    pub fn terminal(&self) -> vt100::Parser {
        let (lines, columns) = (NonZero::new(self.size.0).unwrap(), NonZero::new(self.size.1).unwrap());
        let mut parser = vt100::Parser::new(lines, columns, 0);
        parser.process(&self.written());
        parser
    }

    /// Returns what stands on the screen.
    pub fn shown(&self) -> String {
        self.terminal().screen().contents()
    }

    /// Waits until all of this stands on the screen, and returns what does.
    #[track_caller]
    pub fn shows(&self, parts: &[&str]) -> String {
        let begun = Instant::now();
        loop {
            let shown = self.shown();
            let missing = parts.iter().find(|part| !shown.contains(**part));
            let Some(missing) = missing else { return shown };
            assert!(begun.elapsed() < PATIENCE, "no `{missing}` in\n{shown}");
            sleep(Duration::from_millis(10));
        }
    }

    /// Waits for the end, and checks the exit code and that the terminal is as it was. Returns what is left on it.
    #[track_caller]
    pub fn leaves_with(mut self, code: i32) -> String {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end:\n{}", self.shown());
            sleep(Duration::from_millis(10));
        };
        assert_eq!(status.code(), Some(code), "signal {:?}\n{}", status.signal(), self.shown());
        let now = tcgetattr(&self.terminal).unwrap();
        let modes = |modes: &Termios| (modes.local_modes, modes.input_modes, modes.output_modes);
        assert_eq!(modes(&now), modes(&self.before), "keys are not read as before");
        // What was written last may still be on its way.
        while self.terminal().screen().alternate_screen() || self.terminal().screen().hide_cursor() {
            assert!(begun.elapsed() < PATIENCE, "the screen was not given back");
            sleep(Duration::from_millis(10));
        }
        self.shown()
    }
}

fn winsize((lines, columns): (u16, u16)) -> Winsize {
    Winsize { ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}
