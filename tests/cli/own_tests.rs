//! The learner's own tests: where they are run from, and whose modules they get.

use std::fs;

use crate::place::Place;

/// A file beside the tests that has the name of a module which pytest imports when it starts.
const CODE: &str = "def three() -> int:\n    return 3\n";
const USING_CODE: &str =
    "from code import three\n\nfrom tidy import add\n\n\ndef test_add():\n    assert add(1, 2) == three()\n";

#[test]
fn own_tests_that_want_to_be_run_in_their_folder_pass_whatever_becomes_of_them_elsewhere() {
    let place = Place::with(&[2]);
    for (elsewhere, line, marker) in [
        ("it fails", "", ""),
        ("it is skipped", "", "@pytest.mark.skipif(not HERE, reason='')"),
        ("it is expected to fail", "", "@pytest.mark.xfail(not HERE, reason='')"),
        ("it cannot be collected", "assert HERE", ""),
        ("it ends the process as if all were well", "HERE or os._exit(0)", ""),
    ] {
        let test = format!(
            "import os\nimport pytest\nfrom tidy import add\n\nHERE = os.path.exists('tidy.py')\n{line}\n\n\n\
             {marker}\ndef test_add():\n    assert HERE and add(1, 2) == 3\n"
        );
        place.write("week1/day2/test_tidy.py", test);
        assert_eq!(place.run("day2.tests").code, 0, "{elsewhere}");
    }
}

#[test]
fn a_file_that_has_the_name_of_a_module_of_the_library_is_what_own_tests_import_on_versions_too() {
    let place = Place::with(&[2]);
    place.write("week1/day2/code.py", CODE);
    place.write("week1/day2/test_tidy.py", USING_CODE);
    place.run("day2.tests").exits_with(0);
}

/// Many runs share what is imported for tests, and none of it gets in the way of theirs.
#[test]
fn it_is_so_where_many_are_graded_in_one_process_too() {
    let place = Place::new();
    let pack = place.own_pack();
    let folder = pack.join("day02-tidy/solutions/plain/week1/day2");
    let fails = || {
        let ran = place.finish(place.bare("pack check day2 --repeat 1 --seed 7 --pack").arg(&pack));
        let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        said.contains("solutions/plain: day2.tests fails")
    };
    fs::write(folder.join("test_tidy.py"), USING_CODE).unwrap();
    assert!(fails(), "there is no `three` in the library's `code`");
    fs::write(folder.join("code.py"), CODE).unwrap();
    assert!(!fails());
}

/// Runs on versions go on from a pytest that has begun already, where that is the same to the tests.
#[test]
fn own_tests_that_need_the_start_of_pytest_are_tried_on_versions_from_there_on() {
    let place = Place::with(&[2]);
    place.write("week1/day2/conftest.py", "def pytest_sessionstart(session):\n    session.begun = True\n");
    let length = fs::read(place.repo().join("week1/day2/tidy.py")).unwrap().len();
    for (asserted, said) in [
        ("tidy.add(1, 2) == 3", "Well done!"),
        (
            &*format!("len(open(tidy.__file__).read()) == {length}"),
            "look at what your code does, not at how it is written",
        ),
    ] {
        let test = format!(
            "import tidy\n\n\ndef test_add(request):\n    assert request.session.begun and {asserted}\n"
        );
        place.write("week1/day2/test_tidy.py", test);
        let ran = place.run("day2.tests");
        let shown = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(said), "{asserted}: {shown}");
    }
}

/// Their runs on versions have nobody who would read it.
#[test]
fn own_tests_may_look_at_what_pytest_does_for_readers() {
    let place = Place::with(&[2]);
    for test in LOOKING {
        place.write("week1/day2/test_tidy.py", format!("import pytest\nfrom tidy import add\n\n{test}"));
        assert_eq!(place.run("day2.tests").code, 0, "{test}");
    }
}

/// The last one has none of the words by which it is known what tests look at.
const LOOKING: [&str; 4] = [
    r#"
import logging
def test_add(caplog):
    logging.info("before")
    logging.warning("%s", add(1, 2))
    assert caplog.messages == ["3"]
"#,
    r#"
import warnings
def test_add(recwarn):
    warnings.warn(str(add(1, 2)))
    assert str(recwarn.pop().message) == "3"
"#,
    r#"
def test_add(request):
    assert add(1, 2) == 3 and request.config.get_terminal_writer()
"#,
    r#"
import sys
def test_add(capsys):
    print("x" * 1_000_000, add(1, 2))
    print("!", file=sys.stderr)
    with pytest.raises(OSError):
        input()
    assert capsys.readouterr() == ("x" * 1_000_000 + " 3\n", "!\n")
"#,
];
