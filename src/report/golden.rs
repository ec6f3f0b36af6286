//! Every canned run in every format, compared with the files in `testdata`. `GRADE_BLESS=1` writes them anew; look at
//! what changed as a learner would.

use std::path::Path;

use textwrap::core::display_width;

use super::style::Style;
use super::{canned, json, markdown, sanitize, terminal};

/// Compares a text with a golden file, or writes it.
#[expect(clippy::disallowed_methods, reason = "tests are blessed through the environment")]
pub(super) fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/testdata").join(name);
    if std::env::var_os("GRADE_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{name} differs; `GRADE_BLESS=1` writes it anew. It is now:\n{text}");
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
        for unicode in [false, true] {
            let style = Style { unicode, ..Style::plain() };
            let text = terminal::render(&run, &style);
            let acting: Vec<char> = text.chars().filter(|&c| c != '\n' && sanitize::is_hidden(c)).collect();
            assert!(acting.is_empty(), "{name}: {acting:?}");
            assert!(unicode || text.is_ascii(), "{name}");
        }
        let log = terminal::render(&run, &Style { in_actions: true, ..coloured() });
        let log = anstream::adapter::strip_str(&log).to_string();
        let commands: Vec<&str> =
            log.lines().filter(|line| line.trim_start().starts_with("::") || line.contains("##[")).collect();
        assert!(commands.is_empty(), "{name}: {commands:?}");
    }
}
