//! The learner's own tests: where they are run from, and whose modules they get.

use crate::place::Place;

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
