//! Renders an error as every command does: what was wanted, why not, what to do next.
//!
//! ```text
//! error: failed to read `course.toml`
//!   caused by: line 7: unknown key `time_limit` in `[limits]`
//!
//! hint: the key is `wall`, for example `wall = "20s"`
//! ```

use super::page::Page;
use super::style::{Ink, Style};
use crate::outcome::Fault;

/// Returns an error as text: its headline, its causes from the outermost in, and what to do next, where that is known.
pub fn render(headline: &str, causes: &[String], hint: Option<&str>, style: &Style) -> String {
    let mut page = Page::new(style);
    let headline = style.own(headline);
    page.whole_words(&format!("{} ", style.paint(Ink::Bad, "error:")), "  ", &headline, Ink::Strong);
    for cause in causes {
        page.whole_words("  caused by: ", "    ", &style.own(cause), Ink::Plain);
    }
    if let Some(hint) = hint {
        page.blank();
        page.advice(&format!("{} ", style.paint(Ink::Info, "hint:")), "  ", &style.own(hint), Ink::Plain);
    }
    page.finish()
}

/// Returns a fault of ours as text.
pub fn render_fault(fault: &Fault, style: &Style) -> String {
    render(&fault.what, &fault.caused_by, fault.hint.as_deref(), style)
}

/// Returns what is said beside a report, as one line: something of ours went wrong and the verdict stands.
pub fn note(text: &str, style: &Style) -> String {
    let mut page = Page::new(style);
    page.line(&format!("{} {}", style.paint(Ink::Warn, "note:"), style.own_line(text)));
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_was_wanted_why_not_and_what_next() {
        let fault = Fault::new("failed to read `course.toml`")
            .because("line 7: unknown key `time_limit` in `[limits]`")
            .hint("the key is `wall`, for example `wall = \"20s\"`");
        let text = "error: failed to read `course.toml`\n  \
                    caused by: line 7: unknown key `time_limit` in `[limits]`\n\n\
                    hint: the key is `wall`, for example `wall = \"20s\"`\n";
        assert_eq!(render_fault(&fault, &Style::plain()), text);
    }

    #[test]
    fn a_path_is_never_broken_so_that_it_can_be_copied() {
        let path = format!("/home/{}/day.toml", "x".repeat(90));
        let text =
            render(&format!("failed to read `{path}`"), &[format!("at {path}")], None, &Style::plain());
        assert_eq!(text.matches(&path).count(), 2, "{text}");
    }

    #[test]
    fn a_file_name_in_an_error_cannot_act_on_the_terminal() {
        let text = render("failed to read `\u{1b}[2J\u{202e}`", &[], None, &Style::plain());
        assert_eq!(text, "error: failed to read `\\u{1b}[2J\\u{202e}`\n");
    }

    #[test]
    fn colour_changes_nothing_but_the_colour() {
        let coloured = Style { colour: true, ..Style::plain() };
        let causes = ["one".to_owned()];
        let text = render("it failed", &causes, Some("try again"), &coloured);
        let stripped = anstream::adapter::strip_str(&text).to_string();
        assert_ne!(stripped, text);
        assert_eq!(stripped, render("it failed", &causes, Some("try again"), &Style::plain()));
    }
}
