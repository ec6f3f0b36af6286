//! Every canned run in every format, compared with the files in `testdata`. `GRADE_BLESS=1` writes them anew; look at
//! what changed as a learner would.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use textwrap::core::display_width;

use super::format::Format;
use super::style::Style;
use super::{canned, json, markdown, sanitize, terminal};
use crate::event::RunReport;

#[path = "../../tests/common/golden.rs"]
mod file;

/// Compares a text with a golden file, or writes it.
pub(super) fn golden(name: &str, text: &str) {
    file::golden(&format!("src/report/testdata/{name}"), text);
}

fn coloured() -> Style {
    Style { colour: true, ..Style::plain() }
}

#[test]
fn every_run_reads_as_it_did_before() {
    for (name, run) in canned::all() {
        golden(&format!("{name}.txt"), &terminal::render(&run, &Style::plain()));
        golden(&format!("{name}.json"), &json::render(&run));
    }
    for format in Format::ALL.iter().filter(|format| !matches!(format, Format::Text | Format::Json)) {
        for (name, run) in
            canned::all().iter().filter(|(name, _)| ["everything", "passed", "empty"].contains(name))
        {
            golden(&format!("{name}.{}", format.name()), &format.render(run, &Style::plain()));
        }
    }
    let run = canned::everything();
    golden("everything.colour.txt", &terminal::render(&run, &coloured()));
    golden("everything.ascii.txt", &terminal::render(&run, &Style { unicode: false, ..Style::plain() }));
    golden("everything.github.txt", &terminal::render(&run, &Style { in_actions: true, ..Style::plain() }));
    golden("everything.narrow.txt", &terminal::render(&run, &Style { width: 40, ..Style::plain() }));
}

#[test]
fn colour_adds_nothing_that_the_words_do_not_say() {
    for (name, run) in canned::all() {
        let text = terminal::render(&run, &coloured());
        let stripped = anstream::adapter::strip_str(&text).to_string();
        assert_ne!(stripped, text, "{name} has colour");
        assert_eq!(stripped, terminal::render(&run, &Style::plain()), "{name}");
    }
}

#[test]
fn no_line_is_wider_than_the_width() {
    for width in [40, 57, 80, 100] {
        for in_actions in [false, true] {
            for unicode in [false, true] {
                let style = Style { width, in_actions, unicode, ..coloured() };
                for (name, run) in canned::all() {
                    let text =
                        terminal::render(&run, &style) + &markdown::render(markdown::tests::GUIDE, &style);
                    let widest = text.lines().max_by_key(|line| display_width(line)).unwrap_or_default();
                    assert!(display_width(widest) <= width, "{name}, {style:?}: {widest}");
                    assert!(text.lines().all(|line| line == line.trim_end()), "{name}: nothing trails");
                }
            }
        }
    }
}

#[test]
fn nothing_of_a_strangers_acts() {
    for (name, run) in canned::all() {
        assert_harmless(name, &run);
    }
}

#[test]
fn whatever_a_stranger_writes_is_only_shown() {
    for seed in 0..24 {
        let mut rng = StdRng::seed_from_u64(seed);
        let run = canned::written_by(|| nasty_text(&mut rng));
        assert_harmless(&format!("seed {seed}"), &run);
    }
}

/// Makes up a text of fragments that act or that confuse whoever lays them out.
pub(super) fn nasty_text(rng: &mut StdRng) -> String {
    const FRAGMENTS: &[&str] = &[
        "::error::",
        "##[group]",
        "##[",
        "\n",
        "\r",
        "\r\n",
        "\t",
        " ",
        "  ",
        "\u{1b}[31m",
        "\u{1b}]0;x\u{7}",
        "\u{9b}2J",
        "\u{202e}",
        "\u{200b}",
        "\u{301}",
        "\u{a0}",
        "\u{3000}",
        "日本",
        "👩\u{200d}💻",
        "✔\u{fe0f}",
        "[",
        "]",
        "{'a': 1}",
        "(",
        ")",
        ",",
        "'",
        "\"",
        "\\",
        "word",
        "a-very-long-word-without-any-space-in-it",
        "\u{e0041}",
        "\0",
        "·",
        "…",
        "`",
        "m",
        "\u{1161}",
    ];
    let length = if rng.random_ratio(1, 40) { 300 } else { rng.random_range(0..30) };
    (0..length).map(|_| *FRAGMENTS.choose(rng).expect("there are some")).collect()
}

fn assert_harmless(name: &str, run: &RunReport) {
    for unicode in [false, true] {
        for width in [40, 80] {
            let style = Style { unicode, width, ..Style::plain() };
            let text = terminal::render(run, &style);
            let acting: Vec<char> = text.chars().filter(|&c| c != '\n' && sanitize::is_hidden(c)).collect();
            assert!(acting.is_empty(), "{name}: {acting:?}");
            assert!(unicode || text.is_ascii(), "{name}");
            let widest = text.lines().max_by_key(|line| display_width(line)).unwrap_or_default();
            assert!(display_width(widest) <= width, "{name}, {style:?}: {widest:?}");
        }
    }
    let log = terminal::render(run, &Style { in_actions: true, ..coloured() });
    for log in [anstream::adapter::strip_str(&log).to_string(), log] {
        let widest = log.lines().max_by_key(|line| display_width(line)).unwrap_or_default();
        assert!(display_width(widest) <= 80, "{name}, in a log: {widest:?}");
        let command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
        let commands: Vec<&str> = log.lines().filter(command).collect();
        assert!(commands.is_empty(), "{name}: {commands:?}");
    }
}
