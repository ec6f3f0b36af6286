//! Bad input: each kind gets a message that says what to do next, and where several days are graded the others still are.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::place::{Place, edit};

#[test]
fn a_target_that_names_nothing_is_a_usage_error_with_advice() {
    let place = Place::new();
    let cases = [
        ("dya1", "error: `dya1` is not something to grade\n\nhint: did you mean `day1`?\n"),
        (
            "quux",
            "error: `quux` is not something to grade\n\nhint: targets are written like `day4`, `day4.retry`, `week1`, `day1..day5` or `all`\n",
        ),
        ("day99", "error: `tiny` has no day99\n\nhint: graded are `day1`, `day2`, `day3`, `day5`\n"),
        (
            "day4",
            "error: day4 of `tiny` is not graded yet\n\nhint: graded are `day1`, `day2`, `day3`, `day5`\n",
        ),
        (
            "day4..day4",
            "error: no day of `day4..day4` can be graded yet\n\nhint: `grade list` shows what can be graded\n",
        ),
        ("week7", "error: the course has no week 7\n\nhint: there are `week1`, `week2`\n"),
        ("day1.gret", "error: day1 has no requirement `gret`\n\nhint: did you mean `day1.greet`?\n"),
        ("day1.quux", "error: day1 has no requirement `quux`\n\nhint: `grade show day1` lists them\n"),
        (
            "day3..day1",
            "error: `day3..day1` ends before it begins\n\nhint: write the earlier day first, as in `day1..day5`\n",
        ),
        (
            "day1 list",
            "error: `list` is not something to grade\n\nhint: `list` is a command and comes before all targets: `grade list`\n",
        ),
        (
            "show week1",
            "error: `week1` is more than one day, and `show` shows one\n\nhint: `grade list` shows all days; name one of them, as in `grade show day4`\n",
        ),
        ("show day9", "error: `tiny` has no day9\n\nhint: graded are `day1`, `day2`, `day3`, `day5`\n"),
        ("pack check day9", "error: `tiny` has no day9\n\nhint: graded are `day1`, `day2`, `day3`, `day5`\n"),
    ];
    for (args, message) in cases {
        // The command itself is left as it is typed; what is compared is joined again where the terminal's width broke it.
        let ran = place.run(args).exits_with(2);
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!((ran.stdout.as_str(), ran.error()), ("", message), "{args}");
    }
}

#[test]
fn an_unknown_flag_is_a_usage_error_and_the_nearest_is_offered() {
    let ran = Place::new().run("--sede 3").exits_with(2);
    assert!(ran.stderr.contains("--seed"), "{}", ran.stderr);
    assert!(ran.stderr.contains("Usage: grade [OPTIONS] [TARGET]..."), "{}", ran.stderr);
}

#[test]
fn options_of_grading_are_refused_where_a_command_would_ignore_them() {
    let ran = Place::new().run("--seed 3 list").exits_with(2);
    assert!(ran.stderr.contains("cannot be used with a command"), "{}", ran.stderr);
}

#[test]
fn without_a_repository_it_says_where_to_go() {
    let place = Place::new();
    let outside = tempfile::tempdir().unwrap();
    let ran = place.finish(place.grade("").current_dir(outside.path())).exits_with(2);
    let said = ran.error();
    assert!(said.starts_with("error: found no repository in `") && said.contains("`--repo DIR`"), "{said}");
    place.write("file", "");
    place.run("--repo file").says(
        2,
        "error: failed to open the folder `file`\n  caused by: Not a directory (os error 20)\n\nhint: `--repo` takes the folder that your day folders are in\n",
    );
    place.run("--repo nowhere").says(
        2,
        "error: failed to open the folder `nowhere`\n  caused by: No such file or directory (os error 2)\n\nhint: `--repo` takes the folder that your day folders are in\n",
    );
}

#[test]
fn a_broken_grade_toml_is_told_by_line_and_key_whatever_the_command() {
    let place = Place::new();
    let cases = [
        ("\ncuorse = 'x'\n", "line 2: unknown key `cuorse` at the top level", "the key is `course`"),
        ("[days.day1]\nfolder = 1\n", "line 2: `days.day1.folder` must be a text in quotes, not integer", ""),
        ("[[[\n", "line 1:", "is TOML"),
        ("[days.day1.names]\ngreet = '1x'\n", "line 2:", ""),
    ];
    for (text, cause, hint) in cases {
        place.write("grade.toml", text);
        for args in ["day1", "list", "show day1"] {
            let ran = place.run(args).exits_with(2);
            let said = ran.error();
            assert!(
                said.starts_with("error: failed to read `[PLACE]/repo/grade.toml` caused by:"),
                "{args}: {said}"
            );
            assert!(said.contains(cause) && said.contains(hint), "{args}: {said}");
            assert_eq!(ran.stdout, "", "{args}");
        }
    }
    place.write("grade.toml", "course = 'python-24'\n");
    place
        .finish(&mut place.bare(""))
        .says(2, "error: there is no course `python-24`\n\nhint: the nearest is `python-23`\n");
}

#[test]
fn a_broken_pack_is_told_by_file_line_and_key() {
    let place = Place::with(&[1]);
    let pack = place.own_pack();
    edit(&pack.join("day05-counting/day.toml"), "[limits]", "[limits]\ntime_limit = \"1s\"");
    let ran = place.finish(place.bare("day5 --pack").arg(&pack)).exits_with(2);
    let said = ran.error();
    let file = "error: failed to read `[PLACE]/packs/tiny/day05-counting/day.toml`";
    assert_eq!(
        said,
        format!(
            "{file} caused by: line 9, column 1: unknown key `time_limit` in `[limits]` hint: the key is `wall`"
        )
    );
    assert_eq!(ran.stdout, "");
    place.finish(place.bare("day1 --pack").arg(&pack)).reports(0, &["passed"]);
    let ran = place.finish(&mut place.bare("day1 --pack nowhere")).exits_with(2);
    assert!(ran.error().contains("`--pack` takes a course's folder"), "{}", ran.stderr);
}

#[test]
fn what_is_no_text_no_python_or_no_file_fails_its_day_and_the_rest_is_graded() {
    let place = Place::with(&[2, 5]);
    place.write("week1/day1/greeting.py", b"name = '\xff\xfe'\n");
    place.write("week1/day2/tidy.py", "def (\n");
    fs::remove_file(place.repo().join("day5/answer.py")).unwrap();
    symlink("/etc/passwd", place.repo().join("day5/answer.py")).unwrap();
    symlink("/etc", place.repo().join("day5/etc")).unwrap();
    assert!(Command::new("mkfifo").arg(place.repo().join("day5/pipe.py")).status().unwrap().success());
    File::create(place.repo().join("day5/huge.py")).unwrap().set_len(10 << 30).unwrap();
    place.write("day3/answer.py", "def quick():\n    return 1\n\n\ndef slow():\n    return 2\n");
    place.run("--seed 7").matches_golden(1, "no-python");
}

#[test]
fn a_module_that_exits_or_hangs_on_import_blocks_its_day_and_the_rest_is_graded() {
    let place = Place::with(&[1]);
    place.write("day3/answer.py", "import os\nos._exit(0)\n");
    place.write("day5/answer.py", "import time\ntime.sleep(60)\n");
    place.run("--seed 7").matches_golden(1, "no-import");
}

#[test]
fn ten_thousand_files_cost_a_note_and_not_the_machine() {
    let place = Place::with(&[1]);
    for number in 0..10_000 {
        place.write(&format!("week1/day1/notes/{number}.txt"), "");
    }
    place.run("day1").reports(0, &["passed       greet"]);
    for number in 0..10_000 {
        place.write(&format!("week1/day1/a{number}.py"), "");
    }
    place.run("day1").reports(0, &["passed       greet", "there are more than 2000 files", "more note"]);
}
