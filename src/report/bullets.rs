//! What `grade pack table` prints: every bullet of the plan, in our words, with the requirements that stand for it. Markdown.

use crate::day::{DayId, Slug};

/// One row of a day's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// The bullet's number, or `None` for what is asked for without a bullet of its own.
    pub bullet: Option<u16>,
    /// What it asks for, in our words.
    pub words: &'a str,
    /// The requirements that stand for it, and whether each is ticked by hand.
    pub requirements: Vec<(&'a Slug, bool)>,
}

/// Returns what stands above the tables of a whole course.
pub fn head(title: &str, not_graded: &[DayId]) -> String {
    let title = one_line(title);
    let days: Vec<String> = not_graded.iter().map(ToString::to_string).collect();
    let left =
        if days.is_empty() { String::new() } else { format!("Not graded yet: {}.\n\n", days.join(", ")) };
    format!("# {title}: what is graded\n\n{INTRODUCTION}\n{left}")
}

/// Returns the section of one day.
pub fn day(day: DayId, title: &str, rows: &[Row<'_>]) -> String {
    let mut text = format!(
        "## {day}: {}\n\n| bullet | what is asked for | requirements |\n| --- | --- | --- |\n",
        one_line(title)
    );
    for row in rows {
        let bullet = row.bullet.map_or_else(|| "–".to_owned(), |bullet| bullet.to_string());
        text.push_str(&format!("| {bullet} | {} | {} |\n", cell(row.words), requirements(row)));
    }
    text
}

fn requirements(row: &Row<'_>) -> String {
    let name =
        |(slug, by_hand): &(&Slug, bool)| format!("`{slug}`{}", if *by_hand { " (by hand)" } else { "" });
    let names: Vec<String> = row.requirements.iter().map(name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const INTRODUCTION: &str = "\
A day of the plan asks for a list of things, its bullets. Below is every bullet of the days that are graded, in our own words and
numbered as in the plan, with the requirements that stand for it. Several requirements may share a bullet, and one may cover
several. A dash marks what is asked for without a bullet of its own. No program can see what is by hand: the learner ticks it in
`grade.toml`.

`grade pack table` writes this page from every day's day.toml; change it there.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_or_a_line_break_does_not_spoil_the_table() {
        let slug: Slug = "union".parse().unwrap();
        let rows =
            [Row { bullet: Some(1), words: "int | None,\nand so on", requirements: vec![(&slug, true)] }];
        let text = day(DayId::new(4), "Types", &rows);
        assert!(text.ends_with("\n| 1 | int \\| None, and so on | `union` (by hand) |\n"), "{text}");
    }
}
