//! What a Python file imports, by reading its lines: quick, never fails, and rather too much than too little.
//!
//! A line in a docstring or under `if TYPE_CHECKING` counts too; the price is a file too many in the snapshot.

use std::collections::BTreeSet;

/// Different imports of one file that are looked at, and names of one import; no file that a person wrote has more.
const MAX_IMPORTS: usize = 300;
/// Lines over which the names in brackets may stretch.
const MAX_CONTINUED: usize = 100;

/// One import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Import {
    /// Leading dots: 0 is absolute, 1 the file's own package, 2 the one above.
    pub level: usize,
    /// The parts of the module's name; none in `from . import x`.
    pub module: Vec<String>,
    /// The names after `import` in `from … import …`, each of which may be a module itself.
    pub names: Vec<String>,
}

/// What a file's lines say about imports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scan {
    /// The imports, each once.
    pub imports: BTreeSet<Import>,
    /// Whether the file speaks of `sys.path`, so that it may import from anywhere.
    pub mentions_sys_path: bool,
}

/// Reads a Python file's imports.
pub fn scan(source: &[u8]) -> Scan {
    let text = String::from_utf8_lossy(source);
    let mut scan = Scan { mentions_sys_path: text.contains("sys.path"), ..Scan::default() };
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !line.contains("import") || scan.imports.len() >= MAX_IMPORTS {
            continue;
        }
        let rest: Vec<&str> = if is_open(line) { continuation(&mut lines.clone()) } else { Vec::new() };
        let statement = std::iter::once(line).chain(rest).map(without_comment).collect::<Vec<_>>().join(" ");
        read_line(&statement, &mut scan.imports);
    }
    scan
}

fn is_open(line: &str) -> bool {
    let code = without_comment(line).trim_end();
    code.ends_with('\\') || (code.contains('(') && !code.contains(')'))
}

fn continuation<'a>(lines: &mut std::str::Lines<'a>) -> Vec<&'a str> {
    let mut taken = Vec::new();
    for line in lines.take(MAX_CONTINUED) {
        taken.push(line);
        let code = without_comment(line).trim_end();
        if code.contains(')') || !(code.ends_with(['\\', ',']) || code.is_empty() || is_names(code)) {
            break;
        }
    }
    taken
}

fn is_names(code: &str) -> bool {
    code.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ',' | ' ' | '\t'))
}

fn without_comment(line: &str) -> &str {
    line.split_once('#').map_or(line, |(code, _)| code)
}

/// Reads the statements of a line. All that a file has may stand on one, so it is bounded as the lines are.
fn read_line(line: &str, imports: &mut BTreeSet<Import>) {
    for statement in line.split(';') {
        if imports.len() >= MAX_IMPORTS {
            return;
        }
        read_statement(statement, imports);
    }
}

/// Reads a statement; it may follow `try:` or a doctest's `>>>`.
fn read_statement(statement: &str, imports: &mut BTreeSet<Import>) {
    let statement = statement.trim().trim_start_matches(">>> ").trim_start_matches("... ");
    let after_colon = statement.rsplit_once(": ").map(|(_, after)| after.trim());
    for text in std::iter::once(statement).chain(after_colon) {
        if let Some(modules) = text.strip_prefix("import ") {
            imports
                .extend(modules.split(',').filter_map(|module| plain(first_word(module))).take(MAX_IMPORTS));
        } else if let Some((module, names)) = text.strip_prefix("from ").and_then(split_at_import) {
            imports.extend(from(module, names));
        }
    }
    imports.extend(called(statement));
}

fn split_at_import(text: &str) -> Option<(&str, &str)> {
    let at = text.find("import")?;
    Some((text[..at].trim(), &text[at + "import".len()..]))
}

fn plain(module: &str) -> Option<Import> {
    let module = parts(module)?;
    (!module.is_empty()).then_some(Import { level: 0, module, names: Vec::new() })
}

fn from(module: &str, names: &str) -> Option<Import> {
    let level = module.chars().take_while(|c| *c == '.').count();
    let names = names.split(['(', ')', ',', '\\']).map(first_word).filter(|name| is_name(name));
    let names = names.take(MAX_IMPORTS).map(str::to_owned).collect();
    Some(Import { level, module: parts(&module[level..])?, names })
}

/// Reads `importlib.import_module("a.b")` and `__import__("a")`.
fn called(statement: &str) -> Option<Import> {
    let (_, after) =
        statement.split_once("import_module(").or_else(|| statement.split_once("__import__("))?;
    let quoted = after.trim_start().strip_prefix(['"', '\''])?;
    plain(quoted.split(['"', '\'']).next()?)
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}

fn parts(module: &str) -> Option<Vec<String>> {
    if module.is_empty() {
        return Some(Vec::new());
    }
    module.split('.').map(|part| is_name(part).then(|| part.to_owned())).collect()
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(source: &str) -> Vec<String> {
        let show = |import: &Import| {
            let module = format!("{}{}", ".".repeat(import.level), import.module.join("."));
            if import.names.is_empty() { module } else { format!("{module}:{}", import.names.join(",")) }
        };
        let mut all: Vec<String> = scan(source.as_bytes()).imports.iter().map(show).collect();
        all.sort();
        all
    }

    #[test]
    fn every_way_to_import_is_seen() {
        for (source, wanted) in [
            ("import a", vec!["a"]),
            ("import a.b as c, d  # e", vec!["a.b", "d"]),
            ("from a.b import c, d as e", vec!["a.b:c,d"]),
            ("from . import x", vec![".:x"]),
            ("from ..a import b", vec!["..a:b"]),
            ("from .a import *", vec![".a"]),
            ("    import inner", vec!["inner"]),
            ("x = 1; import y", vec!["y"]),
            ("try: import fast\nexcept ImportError: import slow", vec!["fast", "slow"]),
            ("from a import (\n    b,\n    c,  # why\n)\nimport d", vec!["a:b,c", "d"]),
            ("from a import b, \\\n    c\n", vec!["a:b,c"]),
            ("mod = importlib.import_module(\"a.b\")", vec!["a.b"]),
            ("    >>> from a import b", vec!["a:b"]),
            ("from a import(b)", vec!["a:b"]),
        ] {
            assert_eq!(imports(source), wanted, "{source}");
        }
    }

    #[test]
    fn what_is_no_import_is_not_seen() {
        for source in
            ["important = 1", "# import a", "print('import')", "import 1a", "from", "import", "from x y"]
        {
            assert_eq!(imports(source), Vec::<String>::new(), "{source}");
        }
    }

    #[test]
    fn a_hostile_file_is_read_in_bounded_time() {
        let many: String = (0..60_000).map(|number| format!("import m{number}\n")).collect();
        assert!(scan(many.as_bytes()).imports.len() <= MAX_IMPORTS + 1);
        let open = "from a import (\n".repeat(60_000);
        assert!(scan(open.as_bytes()).imports.len() <= MAX_IMPORTS + 1);
        scan(b"\xff\xfe import \x00 from import (");
    }

    #[test]
    fn a_line_that_imports_without_end_is_read_as_far_as_a_file_is() {
        let numbered = |text: &str, between: &str| {
            (0..60_000).map(|number| format!("{text}{number}")).collect::<Vec<_>>().join(between)
        };
        for line in [format!("import {}", numbered("m", ",")), numbered("import m", ";")] {
            assert!(scan(line.as_bytes()).imports.len() <= 2 * MAX_IMPORTS, "{}", &line[..40]);
        }
        let names = scan(format!("from a import {}", numbered("m", ",")).as_bytes());
        assert_eq!(names.imports.first().unwrap().names.len(), MAX_IMPORTS);
    }

    #[test]
    fn a_file_that_changes_the_path_is_known() {
        assert!(scan(b"import sys\nsys.path.insert(0, '..')").mentions_sys_path);
        assert!(!scan(b"import sys").mentions_sys_path);
    }
}
