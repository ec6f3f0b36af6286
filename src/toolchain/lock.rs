//! The lock: which tools grade uses, in which versions, and what their files must hash to.
//!
//! `requirements.lock` is compiled in. It is pip's own format, so pip and uv check the hashes themselves; what is
//! here only counts the entries and names the lock.

use std::sync::LazyLock;

/// The lock as pip and uv read it.
pub const TEXT: &str = include_str!("requirements.lock");

/// One pinned package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The package's name, as the lock writes it.
    pub name: &'a str,
    /// Its exact version.
    pub version: &'a str,
    /// The condition under which it is installed, as in `sys_platform == 'win32'`.
    pub marker: Option<&'a str>,
    /// The hashes of the files that are accepted, as in `sha256:02ab…`.
    pub hashes: Vec<&'a str>,
}

impl Entry<'_> {
    /// Returns whether the entry is only for Windows, which grade does not run on.
    pub fn is_for_windows(&self) -> bool {
        self.marker.is_some_and(|marker| marker.contains("sys_platform == 'win32'"))
    }
}

/// Returns the lock's digest: 64 hexadecimal digits.
pub fn digest() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| blake3::hash(TEXT.as_bytes()).to_hex().to_string());
    &DIGEST
}

/// Returns how many packages are installed.
pub fn packages() -> u64 {
    entries().iter().filter(|entry| !entry.is_for_windows()).count() as u64
}

/// Returns the entries of the lock that name an exact version; see the test that all of them do.
pub fn entries() -> Vec<Entry<'static>> {
    logical_lines().iter().filter_map(|words| entry(words)).collect()
}

// A requirement and its hashes are one line, broken by backslashes.
fn logical_lines() -> Vec<Vec<&'static str>> {
    let mut lines = vec![Vec::new()];
    for line in TEXT.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let continued = line.strip_suffix('\\');
        lines.last_mut().expect("never empty").push(continued.unwrap_or(line).trim());
        if continued.is_none() {
            lines.push(Vec::new());
        }
    }
    lines.retain(|line| line.iter().any(|part| !part.is_empty()));
    lines
}

fn entry(parts: &[&'static str]) -> Option<Entry<'static>> {
    let (first, rest) = parts.split_first()?;
    let (pin, marker) = match first.split_once(" ; ") {
        Some((pin, marker)) => (pin, Some(marker)),
        None => (*first, None),
    };
    let (name, version) = pin.split_once("==")?;
    let hashes = rest.iter().filter_map(|part| part.strip_prefix("--hash=")).collect();
    Some(Entry { name, version, marker, hashes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lock_is_an_exact_version_with_hashes() {
        assert_eq!(entries().len(), logical_lines().len());
        for Entry { name, version, hashes, .. } in entries() {
            let exact = version.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(exact && !version.is_empty(), "{name}=={version}");
            assert!(!hashes.is_empty(), "{name} has no hash");
            for hash in hashes {
                let digits = hash.strip_prefix("sha256:").unwrap_or_default();
                assert!(
                    digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
                    "{name}: {hash}"
                );
            }
        }
    }

    #[test]
    fn the_lock_names_no_host_and_no_index() {
        for forbidden in ["://", "--index", "--extra-index", "--find-links", "--trusted-host"] {
            assert!(!TEXT.contains(forbidden), "{forbidden}");
        }
    }

    #[test]
    fn whatever_is_asked_for_is_locked() {
        let wanted = include_str!("requirements.in").lines().filter(|line| !line.starts_with('#'));
        for name in wanted.filter(|line| !line.is_empty()) {
            assert!(entries().iter().any(|entry| entry.name == name), "{name}");
        }
        assert!(packages() >= 10 && packages() < entries().len() as u64);
    }
}
