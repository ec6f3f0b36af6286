//! Every format with a run of which every text is an attack: it stays valid and bounded, and nothing in it is live.

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::format::Format;
use super::golden::nasty_text;
use super::{Style, canned, sanitize};
use crate::event::RunReport;

/// Returns the runs that every format is tried with.
pub(super) fn runs() -> impl Iterator<Item = RunReport> {
    let nasty = (0..8).map(|seed| {
        let mut rng = StdRng::seed_from_u64(seed);
        canned::written_by(|| nasty_text(&mut rng))
    });
    nasty.chain([canned::without_end()])
}

#[test]
fn nothing_acts_on_a_terminal_or_hides_in_any_format() {
    for run in runs() {
        for format in Format::ALL {
            let text = format.render(&run, &Style::plain());
            let acting: Vec<char> = text.chars().filter(|&c| c != '\n' && sanitize::is_hidden(c)).collect();
            assert!(acting.is_empty(), "{format:?}: {acting:?}");
            assert!(text.is_empty() || text.ends_with('\n'), "{format:?} ends with a line break");
        }
    }
}

#[test]
fn no_line_of_a_file_that_is_printed_in_a_log_is_a_command() {
    for run in runs() {
        for format in Format::ALL.iter().filter(|format| !matches!(format, Format::Text | Format::Github)) {
            let text = format.render(&run, &Style::plain());
            let command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
            let commands: Vec<&str> = text.lines().filter(command).collect();
            assert!(commands.is_empty(), "{format:?}: {commands:?}");
        }
    }
}

#[test]
fn every_format_is_bounded_however_much_there_is_to_say() {
    let run = canned::without_end();
    for (format, limit) in LIMITS {
        let length = format.render(&run, &Style::plain()).len();
        assert!(length <= *limit, "{format:?}: {length}");
    }
    let bounded: Vec<Format> = LIMITS.iter().map(|(format, _)| *format).collect();
    let other = Format::ALL.iter().filter(|format| !bounded.contains(format));
    // The one is cut by the terminal's rules, and the other holds all that is known.
    assert_eq!(other.copied().collect::<Vec<_>>(), [Format::Text, Format::Json]);
}

const LIMITS: &[(Format, usize)] = &[
    (Format::Junit, 8 << 20),
    (Format::Github, 64 << 10),
    (Format::Markdown, 256 << 10),
    (Format::Html, 2 << 20 | 64 << 10),
    (Format::Sarif, 8 << 20),
    (Format::Gradescope, 8 << 20),
    (Format::Exercism, 8 << 20),
];
