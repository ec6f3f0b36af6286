//! The terminal, taken over for as long as a watch lasts, and given back as it was: after `q`, a signal, an error and a panic.

use std::io::{self, Write};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{self, Event};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate,
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, size,
};
use crossterm::{execute, queue};

use crate::config::env::Environment;

use super::super::output::Output;
use super::News;
use super::keys;

/// Whether the terminal is ours.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal. It is given back when this is dropped.
pub struct Screen;

impl Screen {
    /// Takes the terminal over where there is one, with somebody before it; its keys are told of.
    pub fn open(output: &Output, environment: &Environment, tell: &Sender<News>) -> Option<Self> {
        let can_draw = environment.get("TERM").is_none_or(|kind| kind != "dumb");
        if !output.asks || !can_draw || enable_raw_mode().is_err() {
            return None;
        }
        TAKEN.store(true, Ordering::SeqCst);
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            give_back();
            told(panic);
        }));
        let screen = Self;
        execute!(io::stdout(), EnterAlternateScreen, Hide, DisableLineWrap).ok()?;
        let tell = tell.clone();
        thread::spawn(move || while listen(&tell) {});
        Some(screen)
    }

    /// Returns how many columns and lines there are.
    pub fn size(&self) -> (usize, usize) {
        let (columns, lines) = size().unwrap_or((80, 24));
        (usize::from(columns.max(1)), usize::from(lines.max(1)))
    }

    /// Draws these lines, which fit.
    ///
    /// # Errors
    ///
    /// When nobody is there to see them.
    pub fn draw(&mut self, lines: &[String]) -> io::Result<()> {
        // One write, so that nothing half drawn is seen.
        let mut drawn: Vec<u8> = Vec::new();
        queue!(drawn, BeginSynchronizedUpdate)?;
        let last = lines.len().saturating_sub(1);
        for (row, line) in lines.iter().enumerate() {
            // Before and not behind it: where a line is as wide as the terminal, the cursor stays on its last letter.
            let old = if row == last { ClearType::FromCursorDown } else { ClearType::CurrentLine };
            queue!(drawn, MoveTo(0, u16::try_from(row).unwrap_or(u16::MAX)), Clear(old))?;
            drawn.extend_from_slice(line.as_bytes());
        }
        queue!(drawn, EndSynchronizedUpdate)?;
        let mut out = io::stdout().lock();
        out.write_all(&drawn)?;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back, once.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // Where it has gone, there is nobody to give it to.
        let _ = execute!(io::stdout(), EnableLineWrap, Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

/// Tells of the next key, and returns whether there may be more.
fn listen(tell: &Sender<News>) -> bool {
    let news = match event::read() {
        Ok(Event::Key(key)) => match keys::meaning(&key) {
            Some(key) => News::Key(key),
            None => return true,
        },
        Ok(Event::Resize(..)) => News::Resized,
        Ok(_) => return true,
        Err(_) => {
            let _ = tell.send(News::Ended);
            return false;
        }
    };
    tell.send(news).is_ok()
}
