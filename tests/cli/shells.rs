//! What is installed beside the program: completions, which a real bash tries, and manual pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::place::Place;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Returns the commands that `--help` lists, of `grade` or of one of its commands.
fn commands(place: &Place, of: &str) -> BTreeSet<String> {
    let help = place.finish(&mut place.bare(&format!("{of} -h"))).exits_with(0).stdout;
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // What is further to the right goes on with the line before.
    let names =
        listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|word| !word.is_empty()));
    let listed: BTreeSet<String> = names.map(str::to_owned).collect();
    assert!(listed.len() > 3, "{help}");
    listed
}

/// Returns what a bash with the script offers for the last of these words.
fn offered(script: &Path, words: &[&str]) -> BTreeSet<String> {
    let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let typed = format!(
        "source '{}'; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
         _grade grade \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display()
    );
    let output = Command::new("bash").args(["--norc", "-euc", &typed]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

fn bash_script(place: &Place) -> std::path::PathBuf {
    let script = place.path("grade.bash");
    fs::write(&script, place.run("completions bash").exits_with(0).raw).unwrap();
    script
}

#[test]
fn bash_completes_commands_options_and_what_the_course_has() {
    let place = Place::new();
    let script = bash_script(&place);
    let read = Command::new("bash").arg("-n").arg(&script).output().unwrap();
    assert!(read.status.success() && read.stderr.is_empty(), "{}", text(&read.stderr));

    let first = offered(&script, &["grade", ""]);
    let known = commands(&place, "");
    assert!(known.is_subset(&first), "{known:?} of {first:?}");
    for word in ["day1", "day5", "week1", "all", "day1.greet", "--seed"] {
        assert!(first.contains(word), "{word} of {first:?}");
    }
    assert!(!first.iter().any(|word| word.contains("TARGET")), "{first:?}");
    assert!(!first.contains("day4"), "it cannot be graded: {first:?}");
    assert_eq!(offered(&script, &["grade", "day1.gr"]), BTreeSet::from(["day1.greet".to_owned()]));
    assert!(offered(&script, &["grade", "start", "da"]).contains("day1"));
    assert!(offered(&script, &["grade", "hint", "day1."]).contains("day1.greet"));
    assert!(offered(&script, &["grade", "watch", "we"]).contains("week1"));
    assert!(commands(&place, "pack").is_subset(&offered(&script, &["grade", "pack", ""])));
    assert!(offered(&script, &["grade", "--sandbox", ""]).contains("full-bwrap"));
}

#[test]
fn every_shell_that_is_named_gets_a_script_with_every_command() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = place.run(&format!("completions {shell}")).exits_with(0);
        for command in commands(&place, "") {
            assert!(script.raw.contains(&command), "{command} for {shell}");
        }
        assert!(script.raw.contains("day1.greet") || shell != "zsh", "{}", script.raw);
        assert!(script.stderr.is_empty(), "{}", script.stderr);
    }
    let ran = place.run("completions tcsh").exits_with(2);
    assert!(ran.stderr.contains("possible values: bash, elvish, fish, powershell, zsh"), "{}", ran.stderr);
}

#[test]
fn every_command_has_a_manual_page() {
    let place = Place::new();
    let folder = place.path("home/share/man1");
    place.finish(place.bare("man").arg(&folder)).exits_with(0);
    let mut wanted = BTreeSet::from(["grade.1".to_owned()]);
    for of in ["", "hook", "pack"] {
        let names = commands(&place, of).into_iter().filter(|name| name != "help");
        wanted.extend(names.map(|name| format!("grade {of} {name}.1").replace("  ", " ").replace(' ', "-")));
    }
    let there = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(there.collect::<BTreeSet<_>>(), wanted);
    for name in wanted {
        let page = fs::read_to_string(folder.join(&name)).unwrap();
        let title = name.strip_suffix(".1").unwrap();
        assert!(page.contains(&format!(".TH {title} 1")), "{page}");
        renders(&folder.join(&name), title);
    }
    let printed = place.finish(&mut place.bare("man")).exits_with(0).raw;
    assert_eq!(printed, fs::read_to_string(folder.join("grade.1")).unwrap());
}

/// Reads a page as `man` shows it, where there is a `man`.
fn renders(page: &Path, title: &str) {
    let man = || Command::new("man");
    if !man().arg("--version").output().is_ok_and(|output| text(&output.stdout).starts_with("man ")) {
        return;
    }
    let output = man().env("MANWIDTH", "100").arg("--warnings").arg("-l").arg(page).output().unwrap();
    let example = "    grade hint day4.retry          the next hint, more concrete than the last\n";
    let (shown, complaints) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success() && complaints.is_empty(), "{title}: {complaints}");
    assert!(title != "grade-hint" || shown.contains(example), "{shown}");
    assert!(shown.contains("SYNOPSIS") && shown.contains(&format!("{title}(1)")), "{shown}");
}

#[test]
fn manual_pages_that_cannot_be_written_are_an_error() {
    let place = Place::new();
    place.write("taken", "a file");
    let ran = place.finish(place.bare("man").arg(place.repo().join("taken"))).exits_with(3);
    assert!(ran.stderr.contains("failed to write the manual pages to"), "{}", ran.stderr);
}
