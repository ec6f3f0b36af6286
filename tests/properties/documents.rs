//! Bytes that a stranger might send: any at all, and well-formed documents with something done to them.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What goes wrong in practice, and what somebody would try on purpose.
const NASTY: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\n",
    b"\r",
    b"\"",
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"null",
    b"-1",
    b"1e999",
    b"99999999999999999999999999",
    b"9223372036854775807",
    b"-9223372036854775809",
    b"4294967296",
    b"\x1b[2J",
    b"\x1b]0;title\x07",
    b"\n::error::no\n",
    b"##[error]",
    "\u{202e}\u{2066}\u{200b}".as_bytes(),
    "\u{feff}".as_bytes(),
];

/// What opens one more level, again and again.
const OPENINGS: &[&[u8]] = &[b"[", b"{\"a\":", b"{a=", b"a."];

/// One change of a document. Places are parts of its length, so that every change fits every document.
#[derive(Debug, Clone)]
enum Edit {
    CutAt(Index),
    Insert(Index, &'static [u8]),
    Nest(Index, &'static [u8], usize),
    Remove(Index, Index),
    Repeat(Index, Index),
    Replace(Index, u8),
}

impl Edit {
    fn apply(&self, document: &mut Vec<u8>) {
        let place = |index: &Index| index.index(document.len() + 1);
        match self {
            Self::CutAt(at) => document.truncate(place(at)),
            Self::Insert(at, what) => insert(document, place(at), what),
            Self::Nest(at, what, times) => insert(document, place(at), &what.repeat(*times)),
            Self::Remove(one, other) => {
                let (first, last) = ordered(place(one), place(other));
                document.drain(first..last);
            }
            Self::Repeat(one, other) => {
                let (first, last) = ordered(place(one), place(other));
                let again = document[first..last].to_vec();
                insert(document, last, &again);
            }
            Self::Replace(at, byte) => {
                let at = place(at);
                document.get_mut(at).into_iter().for_each(|old| *old = *byte);
            }
        }
    }
}

fn insert(document: &mut Vec<u8>, at: usize, what: &[u8]) {
    document.splice(at..at, what.iter().copied());
}

fn ordered(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = any::<Index>;
    prop_oneof![
        1 => place().prop_map(Edit::CutAt),
        4 => (place(), select(NASTY)).prop_map(|(at, what)| Edit::Insert(at, what)),
        1 => (place(), select(OPENINGS), 1..3000_usize)
            .prop_map(|(at, what, times)| Edit::Nest(at, what, times)),
        2 => (place(), place()).prop_map(|(one, other)| Edit::Remove(one, other)),
        2 => (place(), place()).prop_map(|(one, other)| Edit::Repeat(one, other)),
        4 => (place(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
    ]
}

/// Returns documents like this one, with one thing or a few done to them.
pub fn like(document: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(edit(), 0..4).prop_map(move |edits| {
        let mut changed = document.to_vec();
        edits.iter().for_each(|edit| edit.apply(&mut changed));
        changed
    })
}

/// Returns any bytes, mostly documents like this one.
pub fn any_or_like(document: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..300),
        9 => like(document),
    ]
}

/// Returns text like this one, or any text at all.
pub fn text_like(document: &'static str) -> impl Strategy<Value = String> {
    any_or_like(document.as_bytes()).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns text as a learner who means harm would write it.
pub fn hostile_text() -> impl Strategy<Value = String> {
    let nasty = select(NASTY).prop_map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let whitespace =
        select(&[" ", "\t", "\u{a0}", "\u{3000}", "\u{2028}", "\u{85}"][..]).prop_map(str::to_owned);
    let piece = prop_oneof![
        4 => nasty,
        2 => whitespace,
        2 => select(&[":", "::", "#", "##", "[", "warning file=a::b", "e\u{301}\u{302}\u{303}\u{304}\u{305}"][..])
            .prop_map(str::to_owned),
        2 => ".{0,12}",
        1 => any::<char>().prop_map(String::from),
        1 => (any::<char>(), 1..3000_usize).prop_map(|(character, times)| character.to_string().repeat(times)),
        1 => (1..400_usize).prop_map(|times| "line\n".repeat(times)),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}
