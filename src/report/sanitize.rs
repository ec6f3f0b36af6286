//! The ways out for text that a stranger may have written: what a reader sees is what is there, and none of it acts.
//!
//! Nothing is removed silently. Escape sequences, control characters and invisible characters (bidirectional
//! overrides, zero-width spaces, tags) are shown as escapes, `\u{1b}`, so that a learner who printed one finds out.
//! Long texts are cut and say how much is missing. A GitHub log reads some lines as commands; those are broken up.

use unicode_general_category::{GeneralCategory as Category, get_general_category};
use unicode_width::UnicodeWidthChar;

use crate::finding::Captured;

/// Lines kept of one text: more is not read by anybody, and a run may hold hundreds of texts.
const LINES: usize = 200;
/// Characters kept of one line, for the same reason.
const CHARACTERS: usize = 2000;
/// Columns between two tab stops.
const TAB: usize = 4;
/// Marks kept on one letter. Vietnamese and Hebrew need two or three; a tower of forty paints over its neighbours.
const MARKS: usize = 4;

/// Returns a stranger's text for a terminal: bounded, with line breaks kept, tabs as spaces and nothing that acts.
pub fn for_terminal(text: &Captured) -> String {
    let mut lines = text.raw().split('\n');
    let mut shown: Vec<String> = lines.by_ref().take(LINES).map(bounded_line).collect();
    let more = lines.count();
    if more > 0 {
        shown.push(more_lines(more));
    }
    shown.join("\n")
}

/// Returns a stranger's text that belongs on one line, such as a path: line breaks are shown as `\n`.
pub fn one_line(text: &Captured) -> String {
    bounded_line(&text.raw().replace('\n', "\\n"))
}

/// Returns a finished text so that a GitHub Actions runner takes no line of it for a command.
///
/// The runner obeys a line that starts with `::`, white space aside, and a line with `##[` anywhere:
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>. A space breaks either up. Colour
/// at the start of a line is looked through, since whoever strips it later would uncover a command.
pub fn for_github_log(text: &str) -> String {
    let lines: Vec<String> = without_old_commands(text).split('\n').map(without_command).collect();
    lines.join("\n")
}

/// Returns a clean text with at most this many characters, and how many are missing.
pub(super) fn clipped(clean: &str, characters: usize) -> String {
    match clean.char_indices().nth(characters) {
        None => clean.to_owned(),
        Some((end, _)) => format!("{}… ({} more characters)", &clean[..end], clean[end..].chars().count()),
    }
}

/// Returns a clean text as the content of an XML or HTML element, or of an attribute in double quotes. What a GitHub log would take for a command
/// is written as references, so the text stays as it is and the document can be printed there.
pub(super) fn for_markup(clean: &str) -> String {
    let mut escaped = String::with_capacity(clean.len());
    let mut before = "";
    for (at, character) in clean.char_indices() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            ':' if clean[at..].starts_with("::") => escaped.push_str("&#58;"),
            '[' if before.ends_with("##") => escaped.push_str("&#91;"),
            _ => escaped.push(character),
        }
        before = &clean[..at + character.len_utf8()];
    }
    escaped
}

/// Returns a clean text as the message of a GitHub workflow command, as the toolkit's `escapeData` does
/// (<https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>). The runner prints it, so it is first
/// made fit for a log.
pub(super) fn for_command(clean: &str) -> String {
    for_github_log(clean).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Returns a clean text as a property of a GitHub workflow command, as the toolkit's `escapeProperty` does.
pub(super) fn for_property(clean: &str) -> String {
    for_command(clean).replace(':', "%3A").replace(',', "%2C")
}

/// Returns a clean text as a code span of Markdown (<https://github.github.com/gfm/#code-spans>). In there nothing is markup, and
/// GitHub makes no link, mention or emoji of it.
pub(super) fn for_code_span(clean: &str) -> String {
    let text = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", without_old_commands(&text))
}

/// Returns a clean text as a sentence of Markdown: plain words stay, and what stands between backticks or could be anything else
/// than a plain word stands in code spans.
pub(super) fn for_prose(clean: &str) -> String {
    let pieces: Vec<&str> = clean.split('`').collect();
    let paired = pieces.len() % 2 == 1;
    let mut prose = Prose::default();
    if paired {
        for (index, piece) in pieces.iter().enumerate() {
            if index % 2 == 1 { prose.code(piece) } else { prose.text(piece) }
        }
    } else {
        prose.text(clean);
    }
    prose.written
}

/// Returns a clean text as a cell of a Markdown table, where a bar needs an escape even in code
/// (<https://github.github.com/gfm/#example-200>).
pub(super) fn for_cell(clean: &str) -> String {
    for_prose(clean).replace('|', "\\|")
}

/// Returns a clean text as a fenced block of Markdown (<https://github.github.com/gfm/#fenced-code-blocks>).
pub(super) fn for_fence(clean: &str) -> String {
    let fence = "`".repeat(longest_run(clean).max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", for_github_log(clean))
}

/// Returns a path with everything escaped that a URI does not take as it is (<https://www.rfc-editor.org/rfc/rfc3986#section-2.3>).
pub(super) fn for_uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// Returns how many backticks stand together at the most.
fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

/// A sentence of Markdown in the making.
#[derive(Default)]
struct Prose {
    written: String,
}

impl Prose {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut risky: Vec<&str> = Vec::new();
        for (index, word) in text.split(' ').enumerate() {
            let begins = self.written.is_empty() && risky.is_empty();
            if !word.is_empty() && !is_plain_word(word, begins) {
                risky.push(word);
                continue;
            }
            self.code(&std::mem::take(&mut risky).join(" "));
            let apart = index > 0 || word.is_empty();
            if apart && !self.written.is_empty() && !self.written.ends_with(' ') {
                self.written.push(' ');
            }
            self.written.push_str(word);
        }
        self.code(&risky.join(" "));
    }

    /// Adds a code span, kept apart from whatever could belong to its backticks.
    fn code(&mut self, text: &str) {
        let span = for_code_span(text);
        if span.is_empty() {
            return;
        }
        if !self.written.is_empty() && !self.written.ends_with([' ', '(']) {
            self.written.push(' ');
        }
        self.written.push_str(&span);
    }
}

/// Returns whether a word is nothing but that to GitHub: no markup, no address, no mention, no commit, no issue. At the beginning of
/// a line a number or a dash could begin a list.
fn is_plain_word(word: &str, at_beginning: bool) -> bool {
    let core = word
        .trim_start_matches(['(', '"', '\''])
        .trim_end_matches([')', '"', '\'', ',', ';', ':', '.', '?', '!', '…']);
    let inside = |character: char| {
        character.is_alphanumeric() || matches!(character, '.' | '\'' | '-' | '…' | ',' | '–')
    };
    let names_an_issue = core.split('-').skip(1).any(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    let names_a_commit = core.len() >= 7
        && core.chars().all(|character| character.is_ascii_hexdigit())
        && core.chars().any(|character| character.is_ascii_digit());
    let begins_a_list = at_beginning
        && (word == "-" || (core != word && !core.is_empty() && core.chars().all(|c| c.is_ascii_digit())));
    // Alone it begins no reference to a character.
    (core.chars().all(inside) || word == "&")
        && (core == "-" || !core.starts_with('-'))
        && !core.to_ascii_lowercase().contains("www.")
        && !(names_an_issue || names_a_commit || begins_a_list)
}

/// Returns the text with everything that acts or hides shown as an escape; line breaks stay, tabs become spaces.
pub(super) fn visible(text: &str) -> String {
    text.split('\n').map(visible_line).collect::<Vec<_>>().join("\n")
}

/// Returns the text without the runner's older form of commands, `##[error]`, which acts anywhere in a line.
pub(super) fn without_old_commands(text: &str) -> String {
    text.replace("##[", "# #[")
}

/// Returns what stands for the lines that are not shown.
pub(super) fn more_lines(more: usize) -> String {
    format!("… ({more} more {})", if more == 1 { "line" } else { "lines" })
}

/// Returns whether a character acts on the terminal, reorders text or cannot be seen.
///
/// The categories are those that Python's `repr` escapes (<https://docs.python.org/3/library/stdtypes.html#str.isprintable>),
/// white space aside; letters and marks that no font shows come on top.
pub(super) fn is_hidden(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let is_inside = |&(first, last): &(char, char)| (first..=last).contains(&character);
    match get_general_category(character) {
        Category::Control
        | Category::Format
        | Category::LineSeparator
        | Category::ParagraphSeparator
        | Category::PrivateUse
        | Category::Surrogate
        | Category::Unassigned => true,
        _ => INVISIBLE.iter().any(is_inside),
    }
}

fn bounded_line(line: &str) -> String {
    match line.char_indices().nth(CHARACTERS) {
        None => visible_line(line),
        Some((end, _)) => {
            let more = line[end..].chars().count();
            format!("{}… ({more} more characters)", visible_line(&line[..end]))
        }
    }
}

fn visible_line(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let (mut column, mut marks) = (0, 0);
    for character in line.strip_suffix('\r').unwrap_or(line).chars() {
        let width = character.width().unwrap_or(0);
        marks = if width == 0 { marks + 1 } else { 0 };
        if character == '\t' {
            shown.extend(std::iter::repeat_n(' ', TAB - column % TAB));
            column += TAB - column % TAB;
        } else if is_hidden(character) || marks > MARKS {
            let before = shown.len();
            shown.extend(character.escape_default());
            column += shown.len() - before;
        } else {
            shown.push(character);
            column += width;
        }
    }
    shown
}

fn without_command(line: &str) -> String {
    let start = text_start(line);
    match line[start..].strip_prefix("::") {
        Some(rest) => format!("{}: :{rest}", &line[..start]),
        None => line.to_owned(),
    }
}

/// Returns where the text of a line begins, after white space and colours.
fn text_start(line: &str) -> usize {
    let mut rest = line.trim_start();
    while let Some((_, after)) = rest.strip_prefix("\u{1b}[").and_then(|colour| colour.split_once('m')) {
        rest = after.trim_start();
    }
    line.len() - rest.len()
}

/// Letters and marks that fonts ignore by default: what `Default_Ignorable_Code_Point` has beside format characters
/// (<https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>). U+FE0F is not in it, because it only
/// asks for the coloured form of an emoji.
const INVISIBLE: &[(char, char)] = &[
    ('\u{34f}', '\u{34f}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180d}'),
    ('\u{180f}', '\u{180f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0e}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{e0100}', '\u{e01ef}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    const NASTY: &[(&str, &str)] = &[
        ("red \u{1b}[31mtext\u{1b}[0m", r"red \u{1b}[31mtext\u{1b}[0m"),
        ("\u{1b}]0;new title\u{7}", r"\u{1b}]0;new title\u{7}"),
        (
            "\u{1b}]8;;https://example.com\u{1b}\\link\u{1b}]8;;\u{1b}\\",
            r"\u{1b}]8;;https://example.com\u{1b}\link\u{1b}]8;;\u{1b}\",
        ),
        ("\u{1b}P+q544e\u{1b}\\", r"\u{1b}P+q544e\u{1b}\"),
        ("8-bit \u{9b}2J and \u{9d}0;x\u{9c}", r"8-bit \u{9b}2J and \u{9d}0;x\u{9c}"),
        ("over\rwritten", r"over\rwritten"),
        ("windows\r\nlines\r\n", "windows\nlines\n"),
        ("back\u{8}\u{8}space \u{0} \u{7f}", r"back\u{8}\u{8}space \u{0} \u{7f}"),
        ("a\tb\n\tc", "a   b\n    c"),
        ("user\u{202e}nimda\u{2066}x\u{2069}", r"user\u{202e}nimda\u{2066}x\u{2069}"),
        ("pass\u{200b}ed \u{feff}\u{ad}\u{2028}", r"pass\u{200b}ed \u{feff}\u{ad}\u{2028}"),
        ("fill\u{3164}ed\u{ffa0}\u{115f}\u{34f}", r"fill\u{3164}ed\u{ffa0}\u{115f}\u{34f}"),
        ("tags \u{e0041}\u{e0100} private \u{e000}", r"tags \u{e0041}\u{e0100} private \u{e000}"),
        ("e\u{301} and ✔\u{fe0f} stay, café 日本語 too", "e\u{301} and ✔\u{fe0f} stay, café 日本語 too"),
        ("z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}", "z\u{300}\u{301}\u{302}\u{303}\\u{304}\\u{305}"),
    ];

    #[test]
    fn what_acts_or_hides_is_shown_as_an_escape() {
        for (nasty, shown) in NASTY {
            assert_eq!(for_terminal(&Captured::new(*nasty)), *shown, "{nasty:?}");
        }
    }

    #[test]
    fn every_control_and_every_way_to_reorder_text_is_shown() {
        let controls = ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}').filter(|c| !matches!(c, '\n' | '\t'));
        // https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
        let bidi = ('\u{202a}'..='\u{202e}')
            .chain('\u{2066}'..='\u{2069}')
            .chain(['\u{61c}', '\u{200e}', '\u{200f}']);
        for character in controls.chain(bidi) {
            let shown = for_terminal(&Captured::new(format!("a{character}b")));
            assert_eq!(shown, format!("a{}b", character.escape_default()));
        }
    }

    #[test]
    fn what_takes_no_room_is_a_mark_or_a_letter_that_joins_another_or_shown() {
        let unseen: Vec<char> = ('\0'..=char::MAX)
            .filter(|character| character.width() == Some(0) && !is_hidden(*character))
            .filter(|character| {
                let category = get_general_category(*character);
                let mark = matches!(
                    category,
                    Category::NonspacingMark | Category::EnclosingMark | Category::SpacingMark
                );
                // Korean vowels and finals, and some letters and a caret of India that stand above the next one.
                !mark && category != Category::OtherLetter && *character != '\u{a8fa}'
            })
            .collect();
        assert!(unseen.is_empty(), "{unseen:?}");
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let lines = for_terminal(&Captured::new("line\n".repeat(LINES + 3)));
        assert_eq!(lines.lines().count(), LINES + 1);
        assert!(lines.ends_with("\n… (4 more lines)"), "the empty last line counts too");
        let long = for_terminal(&Captured::new("x".repeat(CHARACTERS + 7)));
        assert!(long.ends_with("x… (7 more characters)"));
    }

    #[test]
    fn a_path_stays_on_its_line() {
        assert_eq!(one_line(&"day4/\n::error::x".into()), r"day4/\n::error::x");
    }

    #[test]
    fn what_is_clean_holds_no_character_that_xml_cannot() {
        // https://www.w3.org/TR/xml/#charsets
        let can = |character: char| matches!(character, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        let shown: Vec<char> = ('\0'..=char::MAX).filter(|&character| !is_hidden(character)).collect();
        assert!(shown.len() > 100_000 && shown.into_iter().all(can));
        let hidden =
            ('\0'..=char::MAX).filter(|&character| is_hidden(character) && character != '\n').take(300);
        assert!(visible(&hidden.collect::<String>()).chars().all(can));
    }

    #[test]
    fn a_command_is_one_line_whose_text_ends_neither_a_property_nor_the_line() {
        assert_eq!(for_command("100%\n::error::x ##[y]"), "100%25%0A: :error::x # #[y]");
        assert_eq!(for_property("a,b: c%3A\n"), "a%2Cb%3A c%253A%0A");
    }

    #[test]
    fn markup_shows_the_text_and_a_log_sees_no_command_in_it() {
        let nasty = "<img onerror=\"x\"> ]]> &amp; '::add-mask::x' ##[group]";
        let escaped = for_markup(nasty);
        let unescaped = quick_xml::escape::unescape(&escaped).unwrap();
        assert_eq!(unescaped, nasty);
        assert!(!escaped.contains(['<', '>', '"']) && !escaped.contains("::") && !escaped.contains("##["));
    }

    #[test]
    fn plain_words_of_markdown_stay_and_all_else_is_code() {
        let table = [
            (
                "`@retry(times)` calls again, at most `times` times",
                "`@retry(times)` calls again, at most `times` times",
            ),
            ("the result of a call (the first) is 'x'.", "the result of a call (the first) is 'x'."),
            ("ask @kim or #3 at https://x.example now", "ask `@kim` or `#3` at `https://x.example` now"),
            ("<b>bold</b> *and* more", "`<b>bold</b> *and*` more"),
            ("- no list", "`-` no list"),
            ("this & that, &amp; and &x", "this & that, `&amp;` and `&x`"),
            ("1. no list", "`1.` no list"),
            (
                "see GH-12 and 0123456789abcdef and www.x.example",
                "see `GH-12` and `0123456789abcdef` and `www.x.example`",
            ),
            ("one ` alone", "one `` ` `` alone"),
            ("`a``b`", "`a` `b`"),
            ("(`x`) and x`y`", "(`x`) and x `y`"),
            ("", ""),
        ];
        for (text, markdown) in table {
            assert_eq!(for_prose(text), markdown, "{text:?}");
        }
        assert_eq!(for_cell("int | None"), "int `\\|` None");
        assert_eq!(for_fence("```\n::x"), "````text\n```\n: :x\n````\n");
    }

    #[test]
    fn a_path_becomes_a_uri_that_leads_to_it() {
        assert_eq!(for_uri("week 1/é#?%:@.py"), "week%201/%C3%A9%23%3F%25%3A%40.py");
    }

    #[test]
    fn a_github_log_gets_text_and_no_commands() {
        let table = [
            ("::error::no", ": :error::no"),
            ("  \u{a0}::add-mask::a", "  \u{a0}: :add-mask::a"),
            ("\u{1b}[31m::stop-commands::x\u{1b}[0m", "\u{1b}[31m: :stop-commands::x\u{1b}[0m"),
            ("fine\n::set-output name=x::y", "fine\n: :set-output name=x::y"),
            ("see ##[error]no", "see # #[error]no"),
            ("items[::-1] and std::io", "items[::-1] and std::io"),
            (":::: twice", ": ::: twice"),
        ];
        for (line, shown) in table {
            assert_eq!(for_github_log(line), shown, "{line:?}");
            assert_eq!(for_github_log(shown), shown, "a second time changes nothing");
        }
    }
}
