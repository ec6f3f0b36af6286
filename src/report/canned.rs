//! Finished runs for the tests of every format: all outcomes, all optional fields, and texts of a hostile learner.

use std::time::Duration;

use crate::event::{CheckKind, Containment, DayReport, Level, RequirementReport, RunInfo, RunReport};
use crate::finding::{Captured, Definition, Finding, Findings, Frame, Place};
use crate::outcome::{Fault, Outcome, Verdict};

/// Returns every canned run with its name.
pub(super) fn all() -> Vec<(&'static str, RunReport)> {
    vec![
        ("everything", everything()),
        ("passed", passed()),
        ("cancelled", cancelled()),
        ("unsafe", without_sandbox()),
        ("weak", contained(Level::Limits)),
        ("restricted", contained(Level::Restricted)),
        ("by-bubblewrap", contained(Level::FullBwrap)),
        ("nothing", nothing()),
        ("by-hand", by_hand()),
        ("empty", run(Vec::new())),
    ]
}

/// Returns a run with every outcome and every field.
pub(super) fn everything() -> RunReport {
    let mut run = run(vec![setup(), decorators(), banking(), not_started(), tools_broken()]);
    run.elapsed = Duration::from_millis(4210);
    run
}

fn passed() -> RunReport {
    let mut run = run(vec![day(
        1,
        "Data Structures",
        vec![
            requirement("day1.stack", "`Stack` with push, pop and peek", CheckKind::Hidden, Outcome::Passed),
            requirement(
                "day1.lru-cache",
                "`LRUCache` evicts the least recently used key",
                CheckKind::Hidden,
                Outcome::Passed,
            ),
            requirement("day1.types", "mypy has no complaints", CheckKind::Types, Outcome::Passed),
            requirement("day1.tests", "your own tests pass", CheckKind::OwnTests, Outcome::Passed),
        ],
    )]);
    run.elapsed = Duration::from_millis(930);
    run
}

fn cancelled() -> RunReport {
    let mut run = run(vec![day(
        1,
        "Data Structures",
        vec![
            requirement("day1.stack", "`Stack` with push, pop and peek", CheckKind::Hidden, Outcome::Passed),
            requirement(
                "day1.lru-cache",
                "`LRUCache` evicts the least recently used key",
                CheckKind::Hidden,
                Outcome::Cancelled,
            ),
        ],
    )]);
    run.elapsed = Duration::from_secs(72);
    run
}

fn without_sandbox() -> RunReport {
    let mut run = passed();
    run.info.containment = Containment {
        level: Level::None,
        layers: vec!["limits".to_owned()],
        missing: vec!["memory is limited per process".to_owned()],
        reason: Some("`--sandbox none` was given".to_owned()),
    };
    run
}

fn contained(level: Level) -> RunReport {
    let mut run = passed();
    run.info.containment.level = level;
    run.info.containment.reason = Some("full cannot be had: failed to create namespaces".to_owned());
    run
}

fn nothing() -> RunReport {
    run(vec![not_started()])
}

fn by_hand() -> RunReport {
    let ticked = Outcome::ByHand { ticked: true };
    run(vec![day(
        0,
        "Setup",
        vec![requirement("day0.repository", "a repository on GitHub", CheckKind::ByHand, ticked)],
    )])
}

fn decorators() -> DayReport {
    let mut day = day(
        4,
        "Decorators",
        vec![
            requirement(
                "day4.timer",
                "`@timer` prints how long the call took",
                CheckKind::Hidden,
                Outcome::Passed,
            ),
            requirement(
                "day4.retry",
                "`@retry(times, delay)` calls again after an exception, at most `times` times, and waits `delay` seconds between two calls",
                CheckKind::Hidden,
                failed(vec![
                    values_differ(),
                    raises(),
                    hostile(),
                    Finding::new("one more"),
                    Finding::new("and another"),
                ]),
            ),
            requirement(
                "day4.cache",
                "`@cache` remembers results",
                CheckKind::Hidden,
                failed(vec![structures_differ()]),
            ),
            requirement(
                "day4.banner",
                "`banner` draws a frame around a text",
                CheckKind::Hidden,
                failed(vec![lines_differ(), look_the_same()]),
            ),
            requirement("day4.lint", "ruff has no complaints", CheckKind::Lint, failed(lint())),
            requirement("day4.types", "mypy has no complaints", CheckKind::Types, broken()),
            requirement("day4.strict-types", "mypy is strict", CheckKind::Types, broken()),
            requirement("day4.commit", "the day is committed", CheckKind::Git, Outcome::Passed),
            requirement("day4.readme", "`README.md` is there", CheckKind::Files, Outcome::Passed),
            requirement("day4.own-tests", "your own tests pass", CheckKind::OwnTests, Outcome::Passed),
            requirement(
                "day4.a-name-that-is-longer-than-any-column",
                "and still has its place",
                CheckKind::Hidden,
                Outcome::Passed,
            ),
            requirement("day4.pep", "read PEP 318", CheckKind::ByHand, Outcome::ByHand { ticked: true }),
            requirement(
                "day4.review",
                "have a friend review it",
                CheckKind::ByHand,
                Outcome::ByHand { ticked: false },
            ),
        ],
    );
    day.notices = vec![
        "`week1/day4/data.bin` was left out: it is larger than 1 MiB".into(),
        "`week1/day4/\u{1b}]0;owned\u{7}\u{202e}gpj.exe` was left out: it is a link".into(),
    ];
    day
}

fn banking() -> DayReport {
    let reason = Finding {
        message: Some("importing `banking` raised `ModuleNotFoundError`: No module named 'helpers'".into()),
        place: Some(Place::line("week1/day5/banking.py", 3)),
        trace: vec![frame("week1/day5/banking.py", 3, "<module>", "from helpers import money")],
        ..Finding::new("`banking` can be imported")
    };
    let blocked = |id, text| requirement(id, text, CheckKind::Hidden, Outcome::Blocked(reason.clone()));
    day(
        5,
        "Classes: a bank that never loses a cent, with accounts, transfers, interest and a ledger",
        vec![
            blocked("day5.account", "`Account` keeps a balance"),
            blocked("day5.transfer", "`transfer` moves money or does nothing"),
            blocked("day5.ledger", "every change is in the ledger"),
        ],
    )
}

fn not_started() -> DayReport {
    let mut day = day(
        6,
        "Files",
        vec![
            requirement(
                "day6.reader",
                "reads a CSV file line by line",
                CheckKind::Hidden,
                Outcome::NotStarted,
            ),
            requirement("day6.writer", "writes it back", CheckKind::Hidden, Outcome::NotStarted),
        ],
    );
    day.folder = None;
    day
}

fn tools_broken() -> DayReport {
    let outcome = Outcome::Broken(Fault::new("failed to start the examiner"));
    day(7, "Generators", vec![requirement("day7.primes", "`primes` never ends", CheckKind::Hidden, outcome)])
}

/// Returns a run in which every text that could be a stranger's is made anew by `text`.
pub(super) fn written_by(mut text: impl FnMut() -> String) -> RunReport {
    let mut run = everything();
    for day in &mut run.days {
        day.title = text();
        day.folder = Some(Captured::new(text()));
        day.notices = vec![Captured::new(text())];
        for requirement in &mut day.requirements {
            requirement.text = text();
            requirement.outcome = match requirement.outcome {
                Outcome::Failed(_) => {
                    let traced = finding_by(&mut text);
                    failed(vec![traced, Finding { trace: Vec::new(), ..finding_by(&mut text) }])
                }
                Outcome::Blocked(_) => Outcome::Blocked(finding_by(&mut text)),
                Outcome::Broken(_) => Outcome::Broken(Fault::new(text()).because(text()).hint(text())),
                _ => continue,
            };
        }
    }
    let containment = &mut run.info.containment;
    (containment.layers, containment.missing) = (vec![text()], vec![text()]);
    (containment.level, containment.reason) = (Level::None, Some(text()));
    run
}

/// Returns a run whose texts are all that anybody tried: commands, markup, links, what reorders or hides, and without an end.
pub(super) fn without_end() -> RunReport {
    const ATTACKS: &[&str] = &[
        "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m",
        "\n::add-mask::password\n  ::error file=x::y\n##[group]z",
        "]]></failure><!-- <![CDATA[",
        "</script></style></pre></code><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "| a | b |\n| --- | --- |",
        "``` ` ~~~ ````` \\` \\|",
        "[x](https://evil.example) ![x](//evil.example/x.png) <https://evil.example>",
        "https://evil.example www.evil.example mailto:a@evil.example",
        "@everyone #1 GH-1 owner/repo#2 0123456789abcdef0123456789abcdef01234567 :tada: $x$",
        "# heading\n\n---\n> quote\n- list\n1. list\n    code\n[x]: //evil.example",
        "user\u{202e}nimda\u{2066}\u{2069}\u{200b}",
        "\0\u{fffe}\u{ffff}\u{fffd}\\ud800",
        "&lt;b&gt; &#60; %0A%0D%3A",
        "javascript:alert(1) 'x' \"x\" ${{ secrets.X }} {{ x }}",
    ];
    let mut number = 0;
    let mut run = written_by(|| {
        number += 1;
        let attack = ATTACKS[number % ATTACKS.len()];
        if number % 31 == 0 { attack.repeat(500) } else { format!("{attack} {}", ATTACKS[number % 11]) }
    });
    let mut findings = Vec::new();
    for index in 0..10_000 {
        let attack = ATTACKS[index % ATTACKS.len()];
        findings.push(Finding::new(attack).because(attack).at(Place::line(attack, 1)));
    }
    let day = &mut run.days[1];
    day.requirements[1].outcome = failed(findings.clone());
    for number in 0..600 {
        let id = format!("day4.r{number}");
        let outcome = failed(vec![findings[number].clone(), findings[number + 1].clone()]);
        day.requirements.push(requirement(&id, ATTACKS[number % ATTACKS.len()], CheckKind::Hidden, outcome));
    }
    run
}

fn finding_by(text: &mut impl FnMut() -> String) -> Finding {
    let mut captured = || Captured::new(text());
    let place = Place { path: captured(), line: Some(1), column: None };
    Finding {
        title: captured().raw().to_owned(),
        did: Some(captured()),
        expected: Some(captured()),
        actual: Some(captured()),
        message: Some(captured()),
        about: vec![Definition { place: place.clone(), name: Some(captured()) }],
        trace: vec![Frame { place: place.clone(), function: captured(), code: captured() }],
        output: Some(captured()),
        rule: Some(captured().raw().to_owned()),
        place: Some(place),
    }
}

fn setup() -> DayReport {
    let mut day = day(
        0,
        "Setup",
        vec![requirement("day0.hello", "`hello.py` greets", CheckKind::Hidden, Outcome::Passed)],
    );
    (day.cached, day.seed) = (true, 77);
    day
}

fn values_differ() -> Finding {
    Finding {
        did: Some("call a function under `@retry(3)` that fails twice and then returns 42".into()),
        expected: Some("42".into()),
        actual: Some("None".into()),
        place: Some(Place { path: "week1/day4/decorators.py".into(), line: Some(31), column: Some(5) }),
        ..Finding::new("the result of the first call that succeeds is returned")
    }
}

fn raises() -> Finding {
    Finding {
        did: Some("call a function under `@retry(5)` that always raises `TimeoutError`".into()),
        message: Some("`wrapper` raised `RecursionError`: maximum recursion depth exceeded".into()),
        place: Some(Place::line("week1/day4/decorators.py", 12)),
        trace: (6..=12)
            .map(|line| frame("week1/day4/decorators.py", line, "wrapper", "return wrapper(*args, **kwargs)"))
            .collect(),
        output: Some(Captured::new((1..=14).map(|call| format!("attempt {call}…\n")).collect::<String>())),
        ..Finding::new("after the last attempt the exception is raised again")
    }
}

fn hostile() -> Finding {
    Finding {
        did: Some("call `name()`".into()),
        expected: Some("'Ada'".into()),
        actual: Some("'\u{1b}[32mpassed\u{1b}[0m\u{202e}'".into()),
        message: Some("::error file=x::owned\n::add-mask::a\n##[group]x".into()),
        place: Some(Place::file("week1/day4/\u{1b}[2J\u{202e}yp.evil")),
        trace: vec![frame("week1/day4/x.py\n::error::x", 1, "f\u{9b}2J", "print('\u{200b}')\t# \r::warning::x")],
        output: Some(
            "\u{1b}]8;;https://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\\n::stop-commands::token\nbar 10%\rbar 99%\r\n\
             z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}algo\n\tindented\n日本語のとても長い行です日本語のとても長い行です日本語のとても長い行です日本語のとても長い行です"
                .into(),
        ),
        ..Finding::new("the name is kept")
    }
}

fn structures_differ() -> Finding {
    let row = |name: &str, age: u32| format!("{{'name': '{name}', 'age': {age}, 'tags': ['a', 'b']}}");
    let list = |rows: &[String]| Captured::new(format!("[{}]", rows.join(", ")));
    Finding {
        did: Some("load the table twice through `@cache`".into()),
        expected: Some(list(&[row("Ada", 36), row("Grace", 85), row("Alan", 41), row("Edsger", 72)])),
        actual: Some(list(&[row("Ada", 36), row("Grace", 86), row("Alan", 41)])),
        ..Finding::new("both calls return the same rows")
    }
    .about(vec![defined(31, "cache"), defined(64, "Table.load")])
}

fn defined(line: u32, name: &str) -> Definition {
    Definition { place: Place::line("week1/day4/decorators.py", line), name: Some(name.into()) }
}

fn lines_differ() -> Finding {
    Finding {
        did: Some("print(banner('Hi'))".into()),
        expected: Some("******\n* Hi *\n******".into()),
        actual: Some("******\n* Hi *\n****** ".into()),
        ..Finding::new("the frame is as wide as its text")
    }
}

fn look_the_same() -> Finding {
    Finding {
        expected: Some("Hi".into()),
        actual: Some("Hi".into()),
        ..Finding::new("the text in the frame is a `str`")
    }
}

fn lint() -> Vec<Finding> {
    let complaint = |line, rule: &str, message: &str| Finding {
        rule: Some(rule.to_owned()),
        ..Finding::new("there is nothing that ruff complains about").because(message).at(Place {
            path: "week1/day4/decorators.py".into(),
            line: Some(line),
            column: Some(1),
        })
    };
    let mut findings = vec![
        complaint(1, "F401", "`os` imported but unused"),
        complaint(2, "E711", "comparison to `None`: use `is`"),
    ];
    findings.extend((3..=12).map(|line| complaint(line, "F821", "undefined name `retrey`")));
    findings
}

fn broken() -> Outcome {
    Outcome::Broken(
        Fault::new("mypy ended before its report was written").because("it was ended by signal 11").hint(
            "`grade doctor` tells whether the tools are whole; `grade setup --again` installs them anew",
        ),
    )
}

fn failed(findings: Vec<Finding>) -> Outcome {
    Outcome::Failed(Findings::from_vec(findings).unwrap())
}

fn frame(path: &str, line: u32, function: &str, code: &str) -> Frame {
    Frame { place: Place::line(path, line), function: function.into(), code: code.into() }
}

fn requirement(id: &str, text: &str, check: CheckKind, outcome: Outcome) -> RequirementReport {
    RequirementReport { id: id.parse().unwrap(), text: text.to_owned(), check, outcome }
}

fn day(number: u16, title: &str, requirements: Vec<RequirementReport>) -> DayReport {
    DayReport {
        day: crate::day::DayId::new(number),
        title: title.to_owned(),
        folder: Some(Captured::new(format!("week1/day{number}"))),
        verdict: Verdict::of_day(requirements.iter().map(|requirement| &requirement.outcome)),
        cached: false,
        seed: 123,
        elapsed: Duration::from_millis(1840),
        requirements,
        notices: Vec::new(),
    }
}

fn run(days: Vec<DayReport>) -> RunReport {
    let containment = Containment {
        level: Level::Full,
        layers: ["namespaces", "landlock 7", "seccomp"].map(str::to_owned).to_vec(),
        missing: vec!["memory is limited per process (no cgroup delegation)".to_owned()],
        reason: None,
    };
    let info = RunInfo {
        course: "python-23".parse().unwrap(),
        root: "~/bootcamp".to_owned(),
        seed: 123,
        containment,
        days: days.iter().map(|day| (day.day, day.requirements.len())).collect(),
    };
    let verdict = Verdict::of_run(days.iter().map(|day| day.verdict));
    RunReport { info, days, elapsed: Duration::ZERO, verdict }
}
