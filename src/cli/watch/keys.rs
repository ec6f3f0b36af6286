//! What keys mean.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// One more hint.
    Hint,
    /// What fails next.
    Next,
    /// What failed before that.
    Previous,
    /// Everything that fails, or one again.
    All,
    /// Grade once more.
    Again,
    /// What the keys do.
    Help,
    /// Back to the first view.
    Back,
    /// Read on, so many lines.
    Down,
    /// Read back.
    Up,
    /// Read on, a screen.
    PageDown,
    /// Read back, a screen.
    PageUp,
    /// Back to the first line.
    Top,
    /// Leave, with the exit code of the report.
    Quit,
    /// Leave at once.
    Interrupt,
}

/// Returns what a key means, if anything.
pub fn meaning(key: &KeyEvent) -> Option<Key> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        let is_interrupt = key.modifiers == KeyModifiers::CONTROL && key.code == KeyCode::Char('c');
        return is_interrupt.then_some(Key::Interrupt);
    }
    Some(match key.code {
        KeyCode::Char('h') => Key::Hint,
        KeyCode::Char('n') => Key::Next,
        KeyCode::Char('N' | 'p') => Key::Previous,
        KeyCode::Char('a') => Key::All,
        KeyCode::Char('r') | KeyCode::Enter => Key::Again,
        KeyCode::Char('?') => Key::Help,
        KeyCode::Esc => Key::Back,
        KeyCode::Char('j') | KeyCode::Down => Key::Down,
        KeyCode::Char('k') | KeyCode::Up => Key::Up,
        KeyCode::Char(' ') | KeyCode::PageDown => Key::PageDown,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::Char('g') | KeyCode::Home => Key::Top,
        KeyCode::Char('q') => Key::Quit,
        _ => return None,
    })
}
