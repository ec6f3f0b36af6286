//! `grade show` on a terminal: what is longer than the screen goes through a pager.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::place::Place;
use crate::terminal::at_terminal;

/// Writes a pager that says how it was called, and shows nothing.
fn own_pager(place: &Place) -> String {
    let pager = place.path("home/pager");
    fs::write(&pager, "#!/bin/sh\necho \"paged $1 LESS=$LESS, lines: $(wc -l | tr -d ' ')\"\n").unwrap();
    fs::set_permissions(&pager, fs::Permissions::from_mode(0o755)).unwrap();
    pager.display().to_string()
}

#[test]
fn a_long_text_goes_through_the_pager_and_a_short_one_does_not() {
    let place = Place::new();
    let pager = own_pager(&place);
    let shown = |args: &str, pager: &str| {
        at_terminal(&place, place.bare(args).env("PAGER", pager), "").exits_with(0).raw
    };
    let paged = shown("show day2", &format!("{pager} -x"));
    assert!(paged.starts_with("paged -x LESS=FRX, lines: ") && !paged.contains("LRUCache"), "{paged}");
    for (args, pager) in [
        ("show day2 --no-pager", pager.as_str()),
        ("show day2.stack", &pager),
        ("show day2", "no-such-pager"),
        ("show day2", "./pager"),
    ] {
        let shown = shown(args, pager);
        assert!(shown.contains("day2.stack") && !shown.contains("paged"), "{args} {pager}: {shown}");
    }
    // What is no terminal gets the text.
    place.finish(place.bare("show day2").env("PAGER", &pager)).reports(0, &["day2.stack", "LRUCache"]);
}

#[test]
fn whoever_leaves_the_pager_early_meets_no_error() {
    let place = Place::new();
    let ran = at_terminal(&place, place.bare("show day4").env("PAGER", "true"), "").exits_with(0);
    assert_eq!(ran.raw, "");
}

#[test]
fn without_a_pager_of_ones_own_it_is_less() {
    let place = Place::new();
    let programs = place.path("home/programs");
    fs::create_dir(&programs).unwrap();
    fs::rename(own_pager(&place), programs.join("less")).unwrap();
    let path = format!("{}:/usr/bin:/bin", programs.display());
    let ran = at_terminal(&place, place.bare("show day2").env("PATH", path), "").exits_with(0);
    assert!(ran.raw.starts_with("paged  LESS=FRX"), "{}", ran.raw);
}
