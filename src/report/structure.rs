//! Breaks a Python value written on one line (`[{'a': 1, …}, …]`) onto several, so that two of them can be compared
//! line by line.
//!
//! It reads brackets, commas and quotes and nothing else, so it works on what only looks like Python, such as
//! `deque([Point(x=1, y=2)])`. Where the brackets do not match, the text is left as it is.

/// Bytes up to which a group inside of the value stays on one line.
const INLINE: usize = 30;
/// Groups inside of groups that are broken up; deeper ones stay on one line.
const DEPTH: usize = 6;
/// Bytes of the longest value that is broken up. The lines of a longer one would be cut anyway.
const LONGEST: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An opening bracket, and how many bytes there are up to the one that closes it.
    Open(usize),
    Close,
    Comma,
    Text,
}

/// Returns the value with one element on each line and a comma after each, or `None` when it is not a value with
/// brackets on a single line.
pub(super) fn broken_up(text: &str) -> Option<String> {
    if text.len() > LONGEST || text.contains('\n') {
        return None;
    }
    let tokens = Reader::read(text)?;
    let mut writer = Writer::default();
    for (index, &(token, kind)) in tokens.iter().enumerate() {
        let empty = tokens.get(index + 1).is_some_and(|(_, next)| *next == Kind::Close);
        match kind {
            Kind::Open(reach) => writer.open(token, reach, empty),
            Kind::Close => writer.close(token),
            Kind::Comma => writer.comma(token),
            Kind::Text => writer.text(token),
        }
    }
    tokens.iter().any(|(_, kind)| *kind == Kind::Close).then_some(writer.value)
}

/// Writes the value, and knows of every group around the current place whether it is broken up.
#[derive(Default)]
struct Writer {
    value: String,
    groups: Vec<bool>,
}

impl Writer {
    fn open(&mut self, bracket: &str, reach: usize, empty: bool) {
        let wide = self.groups.last().is_none_or(|&broken| broken && reach > INLINE);
        self.value.push_str(bracket);
        self.groups.push(wide && !empty && self.groups.len() < DEPTH);
        self.next_element();
    }

    /// Ends a group. Its last element gets a comma as all others have, so that an element more is the only difference.
    fn close(&mut self, bracket: &str) {
        if self.groups.pop() == Some(true) {
            self.value.truncate(self.value.trim_end().len());
            if !self.value.ends_with(',') {
                self.value.push(',');
            }
            self.new_line();
        }
        self.value.push_str(bracket);
    }

    fn comma(&mut self, comma: &str) {
        self.value.push_str(comma);
        self.next_element();
    }

    fn text(&mut self, text: &str) {
        let begins_line = self.value.ends_with([' ', '\n']);
        self.value.push_str(if begins_line { text.trim_start() } else { text });
    }

    fn next_element(&mut self) {
        if self.groups.last() == Some(&true) {
            self.new_line();
        }
    }

    fn new_line(&mut self) {
        self.value.push('\n');
        self.value.extend(std::iter::repeat_n("  ", self.groups.len()));
    }
}

/// Takes a value apart.
#[derive(Default)]
struct Reader<'a> {
    tokens: Vec<(&'a str, Kind)>,
    /// The brackets that are open: which token each is, where it stands, and what closes it.
    open: Vec<(usize, usize, char)>,
    quote: Option<char>,
    escaped: bool,
    /// Where the text begins that is not a token yet.
    start: usize,
}

impl<'a> Reader<'a> {
    /// Returns the brackets, commas and what is between them, or `None` where brackets or quotes do not match.
    fn read(text: &'a str) -> Option<Vec<(&'a str, Kind)>> {
        let mut reader = Self::default();
        for (at, character) in text.char_indices() {
            if !reader.is_quoted(character) {
                reader.character(text, at, character)?;
            }
        }
        reader.end_text(text, text.len());
        (reader.open.is_empty() && reader.quote.is_none()).then_some(reader.tokens)
    }

    /// Returns whether a character is part of a string literal, its quotes included.
    fn is_quoted(&mut self, character: char) -> bool {
        match self.quote {
            None if matches!(character, '\'' | '"') => self.quote = Some(character),
            None => return false,
            Some(_) if self.escaped => self.escaped = false,
            Some(_) if character == '\\' => self.escaped = true,
            Some(mark) if character == mark => self.quote = None,
            Some(_) => {}
        }
        true
    }

    fn character(&mut self, text: &'a str, at: usize, character: char) -> Option<()> {
        let kind = match character {
            '[' | '{' | '(' => Kind::Open(0),
            ']' | '}' | ')' => Kind::Close,
            ',' => Kind::Comma,
            _ => return Some(()),
        };
        self.end_text(text, at);
        match kind {
            Kind::Open(_) => self.open.push((self.tokens.len(), at, closing(character))),
            Kind::Close => self.close(at, character)?,
            Kind::Comma | Kind::Text => {}
        }
        self.start = at + character.len_utf8();
        self.tokens.push((&text[at..self.start], kind));
        Some(())
    }

    /// Tells the bracket that is closed here how far it reaches.
    fn close(&mut self, at: usize, bracket: char) -> Option<()> {
        let (index, from, expected) = self.open.pop()?;
        self.tokens[index].1 = Kind::Open(at - from);
        (expected == bracket).then_some(())
    }

    fn end_text(&mut self, text: &'a str, at: usize) {
        if at > self.start {
            self.tokens.push((&text[self.start..at], Kind::Text));
        }
    }
}

fn closing(bracket: char) -> char {
    match bracket {
        '[' => ']',
        '{' => '}',
        _ => ')',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_element_gets_a_line_and_short_groups_stay_together() {
        let text = "[{'name': 'Ada', 'tags': ['a, b', \"c]\"], 'age': 36}, (1, 2), []]";
        let lines = "[\n  {\n    'name': 'Ada',\n    'tags': ['a, b', \"c]\"],\n    'age': 36,\n  },\n  (1, 2),\n  [],\n]";
        assert_eq!(broken_up(text).unwrap(), lines);
    }

    #[test]
    fn what_only_looks_like_python_is_broken_up_too() {
        assert_eq!(broken_up("deque([1, 2])").unwrap(), "deque(\n  [1, 2],\n)");
        assert_eq!(broken_up(r"{'it\'s': 1}").unwrap(), "{\n  'it\\'s': 1,\n}");
    }

    #[test]
    fn what_is_no_value_is_left_alone() {
        for text in ["plain", "[1, 2", "1, 2]", "[1)", "['open]", "[1,\n2]", ""] {
            assert_eq!(broken_up(text), None, "{text}");
        }
        let deep = "[".repeat(20_000) + &"]".repeat(20_000);
        assert!(broken_up(&deep).is_some(), "no depth is too deep for it");
    }
}
