//! Shows on a terminal how something long comes along of which only steps are known: set-up, the proof of a pack.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::progress::TICK;
use super::style::Style;

/// A bar with a label. It is gone from the screen when this is dropped, and never there where there is no terminal.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Bar {
    /// Returns a bar on standard error.
    pub fn new(is_terminal: bool, style: Style, label: &str) -> Self {
        let target = if is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(1), target).with_message(label.to_owned());
        let template = "{spinner} {msg}  [{bar:24}] {pos}/{len}";
        #[expect(clippy::expect_used, reason = "a template of ours, drawn in every test of set-up")]
        let dress = ProgressStyle::with_template(template).expect("a template of ours is well-formed");
        let chars =
            if style.unicode { ("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ", "━━╌") } else { ("|/-\\ ", "##-") };
        bar.set_style(dress.tick_chars(chars.0).progress_chars(chars.1));
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Says how many of how many are done.
    pub fn set(&self, done: u64, total: u64) {
        self.0.set_length(total.max(1));
        self.0.set_position(done);
    }

    /// Does something without the bar in the way: prints.
    pub fn aside(&self, act: impl FnOnce()) {
        self.0.suspend(act);
    }

    /// Says what is being done.
    pub fn say(&self, text: &str) {
        self.0.set_message(text.to_owned());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
