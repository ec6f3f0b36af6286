//! What belongs into a learner's repository, and what of it is missing. Nothing is written here, and no link is followed.

use crate::config::file;
use crate::git;
use crate::pack::{Catalogue, Course, PackError};
use crate::rel_path::RelPath;
use crate::repository::Repository;
use crate::snapshot::pytest_settings;
use crate::tree::{Kind, Tree};

use super::texts::{self, Tool};

/// Bytes of a file that is completed: what is longer was not written by hand.
const MAX_SIZE: u64 = 256 * 1024;

/// Where GitHub looks for workflows: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>.
const WORKFLOW: &str = ".github/workflows/grade.yml";

/// One file that belongs into a repository.
#[derive(Debug)]
pub struct Step {
    /// Where.
    pub path: RelPath,
    /// What it is for, in a few words.
    pub purpose: &'static str,
    /// What is to be done.
    pub what: What,
}

/// What is to be done about a file.
#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// Nothing: all is there.
    There,
    /// To write it, with this text.
    Make(String),
    /// To add lines to it.
    Complete {
        /// What it says.
        before: String,
        /// What it would say: all of that, and more.
        after: String,
    },
    /// Nothing, though something may be missing, for this reason.
    Leave(String),
}

/// Returns what is to be done for a course in a repository, or in a folder that is not there yet.
///
/// # Errors
///
/// When a day of the course cannot be read.
pub fn plan(course: &Course, repository: Option<&Repository>) -> Result<Vec<Step>, PackError> {
    let facts = texts::Facts::of(course)?;
    let place = Place { tree: repository.map(Repository::tree), repository };
    let mut steps: Vec<Step> =
        course.weeks().iter().filter_map(|week| place.week(course, week.number)).collect();
    let step = |name: &str, purpose, what| Step { path: at_root(name), purpose, what };
    let ignored = place.text(".gitignore", texts::gitignore, gitignore_completed);
    steps.push(step(".gitignore", "what git leaves out", ignored));
    steps.push(step("README.md", "what this is", place.readme(&facts)));
    let settings = place.text(
        "pyproject.toml",
        || texts::pyproject(&facts),
        |text| place.pyproject_completed(text, &facts),
    );
    steps.push(step("pyproject.toml", "settings of ruff, mypy and pytest", settings));
    let own = place.text(file::FILE_NAME, || texts::grade_toml(&facts), |_| What::There);
    steps.push(step(file::FILE_NAME, "what `grade` should know: nothing, as it is", own));
    Ok(steps)
}

/// Returns what is to be done about a workflow. It is never completed: whoever has one has it as they want it.
pub fn workflow(course: &Course, repository: Option<&Repository>, action: Option<&str>) -> Step {
    let path = WORKFLOW.parse().expect("a plain path");
    let place = Place { tree: repository.map(Repository::tree), repository };
    let what = match place.kind(&path) {
        Some(_) => What::There,
        None if !Catalogue::embedded().names().contains(&course.name.as_str()) => What::Leave(
            "GitHub has no such course: a workflow of your own can name its folder, with `--pack`".to_owned(),
        ),
        None => What::Make(texts::workflow(action)),
    };
    Step { path, purpose: "grades on GitHub what is pushed", what }
}

fn at_root(name: &str) -> RelPath {
    RelPath::root().child(name).expect("a plain name is a path")
}

/// The folder, if it is there.
#[derive(Clone, Copy)]
struct Place<'a> {
    tree: Option<&'a Tree>,
    repository: Option<&'a Repository>,
}

impl Place<'_> {
    fn kind(&self, path: &RelPath) -> Option<Kind> {
        self.tree.and_then(|tree| tree.kind(path))
    }

    /// Returns what to do about a text at the root: to make it, or what `complete` makes of what is there.
    fn text(&self, name: &str, make: impl FnOnce() -> String, complete: impl FnOnce(&str) -> What) -> What {
        let path = at_root(name);
        match (self.kind(&path), self.tree) {
            (None, _) | (_, None) => What::Make(make()),
            (Some(Kind::File), Some(tree)) => {
                match tree.read(&path, MAX_SIZE).map(|file| String::from_utf8(file.bytes)) {
                    Ok(Ok(text)) => complete(&text),
                    Ok(Err(_)) => What::Leave("it is not UTF-8".to_owned()),
                    Err(error) => What::Leave(error.to_string()),
                }
            }
            (Some(Kind::Link), _) => What::Leave("it is a link, which is not followed".to_owned()),
            (Some(_), _) => What::Leave("it is not a file".to_owned()),
        }
    }

    /// Any file of this name will do, whatever its ending and case.
    fn readme(&self, facts: &texts::Facts) -> What {
        let listing = self.tree.and_then(|tree| tree.list(&RelPath::root()).ok());
        let is_one = |name: &String| name.to_lowercase().split('.').next() == Some("readme");
        match listing.is_some_and(|listing| listing.entries.keys().any(is_one)) {
            true => What::There,
            false => What::Make(texts::readme(facts)),
        }
    }

    /// Returns the file that git needs in a week's folder, unless the folder is there under some name and holds anything.
    fn week(&self, course: &Course, number: u16) -> Option<Step> {
        let plain: RelPath = course.layout.week_folder(number)?.parse().ok()?;
        let there = self.repository.and_then(|repository| repository.folder_like(plain.as_str()));
        let folder = there.unwrap_or(plain);
        let path = folder.child(".gitkeep")?;
        let what = match self.kind(&folder) {
            None => What::Make(String::new()),
            Some(Kind::Folder) => {
                let listing = self.tree.and_then(|tree| tree.list(&folder).ok());
                let is_empty = listing
                    .is_some_and(|listing| listing.entries.is_empty() && listing.unnameable.is_empty());
                if is_empty { What::Make(String::new()) } else { What::There }
            }
            Some(_) => What::Leave(format!("`{folder}` is in the way: it is not a folder")),
        };
        Some(Step { path, purpose: "so that git keeps the folder", what })
    }

    /// Adds the tables of those tools of which nothing is said, neither here nor in a file of their own.
    fn pyproject_completed(&self, text: &str, facts: &texts::Facts) -> What {
        let Ok(table) = text.parse::<toml::Table>() else {
            return What::Leave("it is no TOML that can be read".to_owned());
        };
        let is_said = |tool: Tool| {
            let named = table.get("tool").and_then(|tools| tools.get(tool.name()));
            named.is_some() || self.has_file_of(tool)
        };
        let missing: String = texts::TOOLS
            .into_iter()
            .filter(|tool| !is_said(*tool))
            .filter_map(|tool| texts::settings(tool, facts))
            .collect();
        if missing.is_empty() {
            return What::There;
        }
        let after = appended(text, &missing);
        // A table that is written as `tool = { … }` cannot be gone on with.
        match after.parse::<toml::Table>() {
            Ok(_) => What::Complete { before: text.to_owned(), after },
            Err(_) => What::Leave("its tables are written so that none can be added".to_owned()),
        }
    }

    fn has_file_of(&self, tool: Tool) -> bool {
        let has = |name: &&str| self.kind(&at_root(name)).is_some();
        let says = |name: &str, section: &str| {
            let contents = self.tree.and_then(|tree| tree.read(&at_root(name), MAX_SIZE).ok());
            contents.is_some_and(|contents| String::from_utf8_lossy(&contents.bytes).contains(section))
        };
        match tool {
            Tool::Ruff => ["ruff.toml", ".ruff.toml"].iter().any(has),
            Tool::Mypy => ["mypy.ini", ".mypy.ini"].iter().any(has) || says("setup.cfg", "[mypy"),
            Tool::Pytest => {
                self.tree.is_some_and(|tree| pytest_settings::file(tree, [&RelPath::root()]).is_some())
            }
        }
    }
}

/// Adds the patterns for what is not ignored yet, however that is written.
fn gitignore_completed(text: &str) -> What {
    let lets_through = |(_, example): &&(&str, &str)| {
        example.parse().is_ok_and(|path: RelPath| !git::is_ignored_by(text.as_bytes(), &path))
    };
    let missing: Vec<&str> =
        texts::IGNORED.iter().filter(lets_through).map(|(pattern, _)| *pattern).collect();
    if missing.is_empty() {
        return What::There;
    }
    let after = appended(text, &format!("{}{}\n", texts::IGNORED_HEADING, missing.join("\n")));
    What::Complete { before: text.to_owned(), after }
}

/// Returns a text with more at its end, after an empty line.
fn appended(text: &str, more: &str) -> String {
    let end = if text.is_empty() || text.ends_with("\n\n") {
        ""
    } else if text.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    // Where lines end as they do on Windows, new ones do so as well.
    let added = format!("{end}{}", more.trim_start_matches('\n'));
    format!("{text}{}", if text.contains("\r\n") { added.replace('\n', "\r\n") } else { added })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(what: What) -> String {
        match what {
            What::Complete { before, after } => {
                assert!(after.starts_with(&before));
                after
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_ignored_already_however_it_is_written_is_not_named_again() {
        let own = "**/__pycache__\n*.py[codz]\n.*_cache\n*venv\n.coverage*\nhtmlcov\n.env\n*.egg-info";
        assert_eq!(gitignore_completed(own), What::There);
        let after = completed(gitignore_completed("*.pyc\nvenv"));
        assert!(!after.contains("\nvenv/"), "{after}");
        assert!(after.contains("\n.venv/\n"), "{after}");
        assert_eq!(gitignore_completed(&after), What::There);
    }

    #[test]
    fn lines_that_are_added_end_as_the_others_do() {
        let after = completed(gitignore_completed("*.log\r\n"));
        assert!(after.lines().count() > 5);
        assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
        assert_eq!(gitignore_completed(&after), What::There);
    }
}
