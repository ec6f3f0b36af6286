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
    let suitable = text.len() <= LONGEST && !text.contains('\n');
    let tokens = if suitable { tokens(text)? } else { return None };
    let mut value = String::with_capacity(text.len() * 2);
    let mut open: Vec<bool> = Vec::new();
    for (index, &(token, kind)) in tokens.iter().enumerate() {
        let broken = open.last() == Some(&true);
        match kind {
            Kind::Open(reach) => {
                let empty = tokens.get(index + 1).is_some_and(|(_, next)| *next == Kind::Close);
                let breaks = (open.is_empty() || broken && reach > INLINE) && !empty && open.len() < DEPTH;
                value.push_str(token);
                open.push(breaks);
                new_line(&mut value, &open);
            }
            Kind::Close => {
                if open.pop() == Some(true) {
                    end_element(&mut value, &open);
                }
                value.push_str(token);
            }
            Kind::Comma => {
                value.push_str(token);
                new_line(&mut value, &open);
            }
            Kind::Text => {
                value.push_str(if value.ends_with([' ', '\n']) { token.trim_start() } else { token })
            }
        }
    }
    open_anything(&tokens).then_some(value)
}

fn open_anything(tokens: &[(&str, Kind)]) -> bool {
    tokens.iter().any(|(_, kind)| *kind == Kind::Close)
}

/// Begins a line where the innermost group is one that is broken up.
fn new_line(value: &mut String, open: &[bool]) {
    if open.last() == Some(&true) {
        value.push('\n');
        indent(value, open.len());
    }
}

/// Ends the last element of a group, with a comma as all others have, so that an element added after it is the only difference.
fn end_element(value: &mut String, open: &[bool]) {
    value.truncate(value.trim_end().len());
    if !value.ends_with(',') {
        value.push(',');
    }
    value.push('\n');
    indent(value, open.len());
}

fn indent(value: &mut String, depth: usize) {
    value.extend(std::iter::repeat_n("  ", depth));
}

/// Returns the brackets, commas and what is between them, or `None` where brackets or quotes do not match.
fn tokens(text: &str) -> Option<Vec<(&str, Kind)>> {
    let mut tokens = Vec::new();
    let mut open: Vec<(usize, usize, char)> = Vec::new();
    let (mut start, mut quote, mut escaped) = (0, None, false);
    for (at, character) in text.char_indices() {
        let kind = match (quote, character) {
            (Some(_), _) if escaped => None,
            (Some(mark), _) if character == mark => {
                quote = None;
                None
            }
            (Some(_), _) => None,
            (None, '\'' | '"') => {
                quote = Some(character);
                None
            }
            (None, '[' | '{' | '(') => Some(Kind::Open(0)),
            (None, ']' | '}' | ')') => Some(Kind::Close),
            (None, ',') => Some(Kind::Comma),
            (None, _) => None,
        };
        escaped = quote.is_some() && character == '\\' && !escaped;
        let Some(kind) = kind else { continue };
        if at > start {
            tokens.push((&text[start..at], Kind::Text));
        }
        match kind {
            Kind::Open(_) => open.push((tokens.len(), at, closing(character))),
            Kind::Close => {
                let (index, from, expected) = open.pop()?;
                let opening: &mut (&str, Kind) = (expected == character).then(|| tokens.get_mut(index))??;
                opening.1 = Kind::Open(at - from);
            }
            Kind::Comma | Kind::Text => {}
        }
        start = at + character.len_utf8();
        tokens.push((&text[at..start], kind));
    }
    if start < text.len() {
        tokens.push((&text[start..], Kind::Text));
    }
    (open.is_empty() && quote.is_none()).then_some(tokens)
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
