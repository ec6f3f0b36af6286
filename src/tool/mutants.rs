//! Faulty versions (*mutants*) of a learner's own modules: which the learner's tests are tried on, and what comes of it.
//!
//! `grade_kit.mutants` makes them where no learner's code runs, and `grade_kit.trials` runs the tests. Among the versions there are *neutral* ones, in which
//! nothing is wrong: tests that complain of them look at how the code is written, or pretend. A mutant that nobody notices counts against the
//! tests only if the hidden suite notices it; otherwise it may be as good as the module.
//!
//! With the same means it is counted how many of the statements the tests reach.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{Captured, Finding, Place, TIME_OUT};

/// Mutants that a day's modules have at the most.
pub const MOST_MUTANTS: usize = 20;
/// Neutral versions that are tried at the most; where most faults are to be noticed, so many even of one module, because tests that
/// fail now and then would pass one often enough.
const MOST_NEUTRAL: usize = 3;
/// Per cent from which on they are most.
const MOST: u16 = 50;
/// Unnoticed mutants that are shown.
const MOST_SHOWN: usize = 3;

/// What is made of one module.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Versions {
    neutral: Vec<String>,
    mutants: Vec<Mutant>,
    /// The module's statements, where they were wanted.
    statements: Option<Statements>,
}

/// The statements of a module, as `grade_kit.statements` describes them: a line of the text, how far it is indented, and the learner's line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Statements {
    text: String,
    stops: Vec<[u32; 3]>,
}

/// A module with one fault.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mutant {
    /// The function that is changed, with its classes: `Account.deposit`; nothing outside of all.
    #[serde(default)]
    function: String,
    /// The first line that is changed, in the learner's file.
    line: u32,
    /// The lines as the learner wrote them.
    before: String,
    /// The same with the fault.
    after: String,
    /// Whether only wording is changed, or what shows the module off.
    #[serde(default)]
    for_people: bool,
    /// The whole module.
    text: String,
}

/// A version of a module that the tests are tried on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version<'a> {
    /// The module's path below the root.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What is wrong with it, or nothing in a neutral one.
    mutant: Option<&'a Mutant>,
}

/// What a mutant changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The module's path below the root.
    pub file: String,
    /// The function, with its classes: `Account.deposit`; nothing outside of all.
    pub function: String,
    /// The first line that is changed.
    pub line: u32,
    /// The lines as they stand there.
    pub before: String,
    /// The same with the fault.
    pub after: String,
}

/// The versions that a day's tests are tried on, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial<'a> {
    versions: Vec<Version<'a>>,
    enough: usize,
    /// Modules by path of which it is counted how many statements are reached, where that is asked.
    reach: Option<Vec<(&'a str, &'a Statements)>>,
    /// What every record of the trial has, and the tests themselves never see.
    token: String,
}

/// Characters of a token.
const TOKEN: usize = 32;

/// What the tests are told of a version; its text comes later.
#[derive(Debug, Serialize)]
pub struct Announced<'a> {
    path: &'a str,
    length: usize,
}

/// A module of which the tests are told that its statements are counted; the text comes later.
#[derive(Debug, Serialize)]
pub struct Counted<'a> {
    path: &'a str,
    length: usize,
    stops: &'a [[u32; 3]],
}

/// How many statements the tests reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Nothing, where it cannot be proved.
    reached: Option<usize>,
    statements: usize,
    /// The learner's lines at which no test comes by, by path.
    missed: Vec<(String, u32)>,
}

/// What came of a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried<'a> {
    /// How many mutants were noticed.
    pub noticed: usize,
    /// The mutants that were not.
    pub unnoticed: Vec<Version<'a>>,
    neutral_tried: usize,
    /// How many statements are reached, where that was asked.
    pub reached: Option<Reached>,
    /// The neutral version that the tests complained of, and the test that did first.
    complaint: Option<(Version<'a>, Captured)>,
}

/// One line of what `grade_kit.trials` reports; whatever is not one belongs to the tests themselves.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Record {
    Version { number: usize, noticed: bool, by: String, token: String },
    Reach { reached: Option<usize>, statements: usize, missed: Vec<(String, u32)>, token: String },
}

/// Returns how many of so many mutants must be noticed; `percent` is what the day asks for.
pub fn enough(percent: u16, mutants: usize) -> usize {
    (mutants * usize::from(percent)).div_ceil(100)
}

/// Returns whether it is certain what to say of tests that noticed so many mutants: of those that they did not notice so many count, and of
/// so many it is open.
pub fn is_decided(percent: u16, noticed: usize, counting: usize, open: usize) -> bool {
    let too_few = noticed < enough(percent, noticed + counting);
    let enough_in_any_case = noticed >= enough(percent, noticed + counting + open);
    enough_in_any_case || (too_few && counting >= MOST_SHOWN)
}

/// Returns every mutant that was made, module by module.
pub fn all(made: &BTreeMap<String, Versions>) -> impl Iterator<Item = Version<'_>> {
    made.iter().flat_map(|(path, made)| {
        made.mutants.iter().map(move |mutant| Version { path, text: &mutant.text, mutant: Some(mutant) })
    })
}

impl<'a> Trial<'a> {
    /// Plans a trial of what was made of a day's modules, by path: `percent` of the mutants are to be noticed, and where it is asked the
    /// statements counted that are reached. The secret, which is another each time, says where among the mutants the neutral versions come.
    pub fn new(
        made: &'a BTreeMap<String, Versions>,
        percent: u16,
        counts: bool,
        secret: u128,
    ) -> Option<Self> {
        let mut versions: Vec<Version<'a>> = all(made).collect();
        let enough = enough(percent, versions.len());
        let statements =
            made.iter().filter_map(|(path, made)| Some((path.as_str(), made.statements.as_ref()?)));
        let reach = counts.then(|| statements.collect());
        if enough == 0 && reach.is_none() {
            return None;
        }
        let mut draw = secret;
        let count = if percent < MOST { made.len().min(MOST_NEUTRAL) } else { MOST_NEUTRAL };
        let neutral = (0..MOST_NEUTRAL).flat_map(|round| {
            made.iter().filter_map(move |(path, made)| Some((path.as_str(), made.neutral.get(round)?)))
        });
        for (path, text) in neutral.take(if enough > 0 { count } else { 0 }) {
            // Enough can be noticed only after so many, so these are always tried.
            let place = usize::try_from(draw % enough as u128).unwrap_or(0);
            draw /= enough as u128;
            versions.insert(place, Version { path, text, mutant: None });
        }
        Some(Self { versions, enough, reach, token: format!("{secret:0TOKEN$x}") })
    }

    /// Returns how many mutants must be noticed for the trial to end before all are tried.
    pub fn enough(&self) -> usize {
        self.enough
    }

    /// Returns what the tests are told beforehand.
    pub fn announced(&self) -> Vec<Announced<'a>> {
        self.versions
            .iter()
            .map(|version| Announced { path: version.path, length: version.text.len() })
            .collect()
    }

    /// Returns what they are told of modules whose statements are counted.
    pub fn reach(&self) -> Option<Vec<Counted<'a>>> {
        let counted = |(path, of): &(&'a str, &'a Statements)| Counted {
            path,
            length: of.text.len(),
            stops: &of.stops,
        };
        self.reach.as_ref().map(|files| files.iter().map(counted).collect())
    }

    /// Returns what they must not be told beforehand: the token, and the texts in the same order.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let statements = self.reach.iter().flatten().map(|(_, of)| of.text.as_str());
        std::iter::once(&*self.token)
            .chain(self.versions.iter().map(|version| version.text))
            .chain(statements)
    }

    /// Reads what came of it.
    pub fn tried(&self, report: &[u8]) -> Tried<'a> {
        let mut tried =
            Tried { noticed: 0, unnoticed: Vec::new(), neutral_tried: 0, reached: None, complaint: None };
        let mut open: BTreeMap<usize, Version<'a>> = self.versions.iter().copied().enumerate().collect();
        for line in report.split(|byte| *byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(Record::Version { number, noticed, by, token }) if token == self.token => {
                    // Each can be heard of once.
                    let Some(version) = open.remove(&number) else { continue };
                    match (version.mutant, noticed) {
                        (Some(_), true) => tried.noticed += 1,
                        (Some(_), false) => tried.unnoticed.push(version),
                        (None, false) => tried.neutral_tried += 1,
                        (None, true) => tried.complaint = Some((version, Captured::new(by))),
                    }
                }
                Ok(Record::Reach { reached, statements, missed, token }) if token == self.token => {
                    tried.reached = Some(Reached { reached, statements, missed });
                }
                _ => {}
            }
        }
        tried
    }
}

impl Reached {
    /// Returns what to say where not more than so many per cent of the statements are reached.
    pub fn findings(&self, covers: u16) -> Vec<Finding> {
        let Some(reached) = self.reached else {
            let why = "runs in which it was noted which statements they reach differed, or did not end well; does chance or the time decide what they do, or does one of them look at how the code is written?";
            return vec![Finding::new("your tests do the same each time").because(why)];
        };
        if 100 * reached > usize::from(covers) * self.statements {
            return Vec::new();
        }
        let percent = (100 * reached).checked_div(self.statements).unwrap_or(0);
        let why = format!(
            "they reach {} of {} statements: {percent} %; docstrings, abstract methods and what runs under `__main__` do not count",
            reached, self.statements
        );
        let first = Finding::new(format!("your tests reach more than {covers} % of your code")).because(why);
        let mut findings = vec![first];
        for (path, lines) in stretches(&self.missed).into_iter().take(MOST_SHOWN + 2) {
            let why = match lines {
                (first, last) if first == last => format!("no test comes by line {first}"),
                (first, last) => format!("no test comes by lines {first} to {last}"),
            };
            findings.push(Finding::new("a test comes by here").because(why).at(Place::line(path, lines.0)));
        }
        findings
    }
}

/// Returns the lines that follow each other as stretches, the longest first.
fn stretches(missed: &[(String, u32)]) -> Vec<(&str, (u32, u32))> {
    let mut lines: Vec<(&str, u32)> = missed.iter().map(|(path, line)| (path.as_str(), *line)).collect();
    lines.sort_unstable();
    lines.dedup();
    let mut found: Vec<(&str, (u32, u32))> = Vec::new();
    for (path, line) in lines {
        match found.last_mut() {
            // A statement may go on in the next lines.
            Some((last_path, (_, last))) if *last_path == path && line <= *last + 2 => *last = line,
            _ => found.push((path, (line, line))),
        }
    }
    found.sort_by_key(|(_, (first, last))| std::cmp::Reverse(last - first));
    found
}

fn too_slow(before: &str) -> Finding {
    let finding = Finding::new("your tests are quick enough to be tried on faulty versions of your code");
    let because =
        format!("they took so long that the time was over before {before}; does one of them sleep or wait?");
    Finding { rule: Some(TIME_OUT.to_owned()), ..finding.because(because) }
}

impl Tried<'_> {
    /// Returns why the trial says nothing about faults, where that is so.
    pub fn objection(&self) -> Option<Finding> {
        if let Some((version, by)) = &self.complaint {
            let why = format!(
                "they fail when `{}` is written with other line breaks and no comments, and does the same: {}",
                version.path,
                by.raw()
            );
            return Some(
                Finding::new("your tests look at what your code does, not at how it is written").because(why),
            );
        }
        if self.neutral_tried == 0 {
            return Some(too_slow("any was tried"));
        }
        None
    }
}

impl Version<'_> {
    /// Returns what it changes, which is nothing where it is neutral.
    pub fn change(&self) -> Option<Change> {
        let Mutant { function, line, before, after, .. } = self.mutant?.clone();
        Some(Change { file: self.path.to_owned(), function, line, before, after })
    }

    /// Returns whether only wording is changed, or what shows the module off: that is for people, and no requirement asks about it.
    pub fn is_for_people(&self) -> bool {
        self.mutant.is_some_and(|mutant| mutant.for_people)
    }

    fn finding(&self) -> Option<Finding> {
        let mutant = self.mutant?;
        let marked = |mark: &str, lines: &str| {
            lines.lines().map(|line| format!("{mark} {line}\n")).collect::<String>()
        };
        let why = format!(
            "all your tests still pass when this is changed:\n{}{}",
            marked("-", &mutant.before),
            marked("+", &mutant.after)
        );
        let finding = Finding::new("a test notices this fault").because(why.trim_end().to_owned());
        Some(finding.at(Place::line(self.path, mutant.line)))
    }
}

/// Returns what to say of tests that notice too few of `counted` mutants.
pub fn too_few(percent: u16, noticed: usize, counted: usize, unnoticed: &[Version<'_>]) -> Vec<Finding> {
    let wanted = enough(percent, counted);
    let why = match counted {
        1 => "your tests did not notice the one small fault that was put into your code".to_owned(),
        _ => format!(
            "of {counted} small faults that were put into your code, one at a time, your tests noticed {noticed}; they should notice {wanted}"
        ),
    };
    let first = Finding::new("your tests notice faults in your code").because(why);
    std::iter::once(first).chain(unnoticed.iter().take(MOST_SHOWN).filter_map(Version::finding)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(mutants: u32) -> BTreeMap<String, Versions> {
        let mutant = |line| Mutant {
            function: String::new(),
            line,
            before: "a < b".into(),
            after: "a <= b".into(),
            for_people: false,
            text: format!("text {line}"),
        };
        let versions = Versions {
            neutral: vec!["neutral".into(); 3],
            mutants: (1..=mutants).map(mutant).collect(),
            statements: None,
        };
        BTreeMap::from([("day5/banking.py".to_owned(), versions)])
    }

    /// What is said by whoever knows the token that comes of this secret.
    fn line(number: usize, noticed: bool) -> String {
        said(number, noticed, 0)
    }

    fn said(number: usize, noticed: bool, secret: u128) -> String {
        format!(
            "{{\"kind\":\"version\",\"number\":{number},\"noticed\":{noticed},\"by\":\"test_x\",\"token\":\"{secret:032x}\"}}\n"
        )
    }

    #[test]
    fn a_neutral_version_is_always_among_those_that_are_tried() {
        let made = made(20);
        for secret in 0..50 {
            let trial = Trial::new(&made, 30, false, secret).unwrap();
            assert_eq!((trial.versions.len(), trial.enough()), (21, 6));
            assert!(trial.versions[..6].iter().any(|version| version.mutant.is_none()), "{secret}");
        }
    }

    #[test]
    fn where_most_faults_are_to_be_noticed_three_neutral_versions_are_tried() {
        let made = made(20);
        for secret in [0, 7, 99_999, u128::MAX] {
            let trial = Trial::new(&made, 70, false, secret).unwrap();
            assert_eq!((trial.versions.len(), trial.enough()), (23, 14));
            let tried = &trial.versions[..14 + 3];
            assert_eq!(tried.iter().filter(|version| version.mutant.is_none()).count(), 3, "{secret}");
        }
    }

    #[test]
    fn what_is_said_of_a_version_twice_counts_once() {
        let made = made(4);
        let trial = Trial::new(&made, 40, false, 0).unwrap();
        let report = line(0, false) + &line(1, true) + &line(1, true) + &line(2, false) + &line(99, true);
        let tried = trial.tried(report.as_bytes());
        assert_eq!((tried.noticed, tried.unnoticed.len()), (1, 1));
        assert_eq!(tried.objection(), None);
    }

    #[test]
    fn tests_that_complain_of_a_neutral_version_are_told_so() {
        let made = made(4);
        let trial = Trial::new(&made, 40, false, 0).unwrap();
        let tried = trial.tried((line(0, true) + &line(1, true)).as_bytes());
        assert!(tried.objection().unwrap().message.unwrap().raw().contains("test_x"));
    }

    #[test]
    fn a_trial_that_never_came_to_a_neutral_version_proves_nothing() {
        let made = made(4);
        let trial = Trial::new(&made, 40, false, 1).unwrap();
        let tried = trial.tried(said(0, true, 1).as_bytes());
        assert_eq!(tried.objection().unwrap().rule.as_deref(), Some(TIME_OUT));
    }

    #[test]
    fn what_is_said_without_the_token_is_not_heard() {
        let made = made(4);
        let trial = Trial::new(&made, 40, false, 0).unwrap();
        let tried = trial.tried((said(1, true, 7) + &said(2, true, 7)).as_bytes());
        assert_eq!((tried.noticed, tried.neutral_tried), (0, 0));
    }

    #[test]
    fn a_module_without_mutants_is_not_tried() {
        assert_eq!(Trial::new(&made(0), 30, false, 0), None);
        assert_eq!(Trial::new(&made(4), 0, false, 0), None);
    }

    #[test]
    fn no_more_is_asked_when_however_the_rest_comes_out_the_verdict_is_the_same() {
        let verdict = |noticed, counting| noticed >= enough(30, noticed + counting);
        for noticed in 0..20_usize {
            for counting in 0..=20 - noticed {
                for open in 0..=20 - noticed - counting {
                    let is_same = (0..=open)
                        .all(|more| verdict(noticed, counting + more) == verdict(noticed, counting));
                    let shows_all = verdict(noticed, counting) || counting >= MOST_SHOWN;
                    let decided = is_decided(30, noticed, counting, open);
                    assert_eq!(decided, is_same && shows_all, "{noticed} {counting} {open}");
                }
            }
        }
    }

    #[test]
    fn an_unnoticed_fault_is_shown_as_a_change_at_its_line() {
        let made = made(1);
        let trial = Trial::new(&made, 40, false, 0).unwrap();
        let findings =
            too_few(100, 0, 1, &trial.tried((line(0, false) + &line(1, false)).as_bytes()).unnoticed);
        assert_eq!(findings[1].place, Some(Place::line("day5/banking.py", 1)));
        assert!(findings[1].message.as_ref().unwrap().raw().ends_with("- a < b\n+ a <= b"));
    }
}
