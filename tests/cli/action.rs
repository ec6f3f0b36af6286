//! The action of this repository: its steps, run in their order as a runner runs them, on the strong and on the weak submission.
//!
//! What stands for the runner here: steps that are scripts are run by bash with the environment and the files that they get there.
//! Of the actions of others that it uses, `setup-python` names the tests' own Python, and `cache` keeps folders in a folder. The
//! version that is installed is the one that is on the PATH.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use grade::config::env::Environment;
use serde_json::Value;

use crate::common::{data_dir, toolchain};
use crate::place::{Place, Ran, copy};
use crate::runner::{Step, obeyed};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file of YAML.
fn yaml(path: &Path) -> Value {
    let script = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1], encoding='utf-8')), sys.stdout, default=str)";
    let read = Command::new(&toolchain().python).args(["-I", "-c", script]).arg(path).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    // `on` is a truth value in YAML.
    serde_json::from_slice(&read.stdout).unwrap()
}

fn action() -> Value {
    yaml(&root().join("action.yml"))
}

fn steps(action: &Value) -> &Vec<Value> {
    action["runs"]["steps"].as_array().unwrap()
}

/// A job that uses the action in a workspace with a learner's repository in the folder `kim`.
struct Job {
    place: Place,
    inputs: Vec<(&'static str, String)>,
    event: &'static str,
    variables: Vec<(&'static str, String)>,
    run: u32,
}

/// What a job came to.
struct Done {
    /// The exit code of the step that failed, or 0.
    conclusion: i32,
    outputs: BTreeMap<String, String>,
    /// Standard output and error of all scripts.
    log: String,
    summary: String,
    /// Whether caches were read or written, in their order.
    cached: Vec<String>,
}

impl Job {
    fn new(fixture: &str) -> Self {
        let place = Place::new();
        fs::create_dir_all(place.path("workspace/kim/.git")).unwrap();
        fs::create_dir_all(place.path("bin")).unwrap();
        copy(&root().join("fixtures").join(fixture).join("submission"), &place.path("workspace/kim"));
        symlink(env!("CARGO_BIN_EXE_grade"), place.path("bin/grade")).unwrap();
        let job = Self { place, inputs: Vec::new(), event: "push", variables: Vec::new(), run: 0 };
        job.program("sysctl", "echo 0");
        job.program("sudo", "exit 1");
        job.with("repo", "kim").with("version", VERSION)
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.inputs.retain(|(known, _)| *known != name);
        self.inputs.push((name, value.to_owned()));
        self
    }

    /// Puts a program on the PATH, before all others.
    fn program(&self, name: &str, script: &str) {
        let path = self.place.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\necho \"{name} $*\" >> \"$RUNNER_TEMP/../called\"\n{script}\n"))
            .unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Returns what was called of the programs that `program` made.
    fn called(&self) -> String {
        fs::read_to_string(self.place.path("runner/called")).unwrap_or_default()
    }

    /// Runs the action, on a runner with nothing on it but what caches bring.
    fn run(&mut self) -> Done {
        self.run += 1;
        let _ = fs::remove_dir_all(self.place.path("runner"));
        let action = action();
        let mut facts = self.facts(&action);
        let mut done = Done {
            conclusion: 0,
            outputs: BTreeMap::new(),
            log: String::new(),
            summary: String::new(),
            cached: Vec::new(),
        };
        for (index, step) in steps(&action).iter().enumerate() {
            let wanted = step["if"].as_str().unwrap_or("success()");
            let needs_success = !wanted.contains("always()");
            if (done.conclusion != 0 && needs_success) || !is_true(wanted, &facts) {
                continue;
            }
            let files = Step::new(&self.place);
            let outputs = match step["run"].as_str() {
                Some(script) => {
                    let ran = self.script(script, step, &files, &facts, index);
                    done.conclusion = if done.conclusion == 0 { ran.code } else { done.conclusion };
                    done.log += &format!("{}{}", ran.raw, ran.stderr);
                    done.summary += &files.summary();
                    files.outputs()
                }
                None => self.uses(step, &facts, &mut done),
            };
            let id = step["id"].as_str().unwrap_or("unnamed");
            facts.extend(
                outputs.into_iter().map(|(name, value)| (format!("steps.{id}.outputs.{name}"), value)),
            );
        }
        for (name, output) in action["outputs"].as_object().unwrap() {
            done.outputs.insert(name.clone(), expanded(output["value"].as_str().unwrap(), &facts));
        }
        done
    }

    /// Returns what expressions may name.
    fn facts(&self, action: &Value) -> BTreeMap<String, String> {
        let declared = action["inputs"].as_object().unwrap();
        let mut facts: BTreeMap<String, String> = declared
            .iter()
            .map(|(name, input)| (format!("inputs.{name}"), input["default"].as_str().unwrap().to_owned()))
            .collect();
        for (name, value) in &self.inputs {
            let known = facts.insert(format!("inputs.{name}"), value.clone());
            assert!(known.is_some(), "`{name}` is no input");
        }
        facts.insert("runner.temp".to_owned(), self.place.path("runner/temp").display().to_string());
        facts.insert("github.run_id".to_owned(), self.run.to_string());
        facts.insert("github.run_attempt".to_owned(), "1".to_owned());
        facts
    }

    /// Runs a script as `shell: bash` does:
    /// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>.
    fn script(
        &self,
        script: &str,
        step: &Value,
        files: &Step,
        facts: &BTreeMap<String, String>,
        index: usize,
    ) -> Ran {
        assert_eq!(step["shell"], "bash");
        let path = self.place.path(&format!("runner/{index}.sh"));
        fs::write(&path, script).unwrap();
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(path);
        self.place.settle(&mut command);
        let usual = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path).unwrap();
        let path = format!("{}:{}", self.place.path("bin").display(), usual.to_str().unwrap());
        for ours in ["GRADE_DATA_DIR", "GRADE_CACHE_DIR", "GRADE_PYTHON"] {
            command.env_remove(ours);
        }
        command.env("PATH", path).current_dir(self.place.path("workspace"));
        files.tell(&mut command);
        command.env("GITHUB_WORKSPACE", self.place.path("workspace")).env("GITHUB_ACTION_PATH", root());
        command.env("GITHUB_EVENT_NAME", self.event).env("GITHUB_REF", "refs/heads/main");
        command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            let value = expanded(value.as_str().unwrap(), facts);
            match name.as_str() {
                // All tests share their tools, which are found again only where they were made.
                "GRADE_DATA_DIR" => {
                    assert_eq!(value, format!("{}/grade/data", facts["runner.temp"]));
                    command.env(name, data_dir())
                }
                _ => command.env(name, value),
            };
        }
        self.place.finish(&mut command)
    }

    /// Does what somebody else's action does.
    fn uses(
        &self,
        step: &Value,
        facts: &BTreeMap<String, String>,
        done: &mut Done,
    ) -> BTreeMap<String, String> {
        let with = |name: &str| expanded(step["with"][name].as_str().unwrap_or_default(), facts);
        let action = step["uses"].as_str().unwrap().split('@').next().unwrap();
        let mut outputs = BTreeMap::new();
        match action {
            "actions/setup-python" => {
                outputs.insert("python-version".to_owned(), "3.13.1".to_owned());
                // The one from which the tests' tools were made: it is found on the PATH, unless a variable names it.
                let named = Environment::read().python().unwrap_or_default();
                outputs.insert("python-path".to_owned(), named.display().to_string());
            }
            "actions/cache/restore" => {
                done.cached.push(format!("restore {}", with("key")));
                let found = self.kept(&with("key")).or_else(|| self.kept(&with("restore-keys")));
                if let Some(kept) = found {
                    copy(&kept, Path::new(&with("path")));
                }
            }
            "actions/cache/save" => {
                done.cached.push(format!("save {}", with("key")));
                // The tools are there already.
                if !with("path").contains("data") {
                    copy(Path::new(&with("path")), &self.place.path("caches").join(with("key")));
                }
            }
            other => panic!("{other} is not known here"),
        }
        outputs
    }

    /// Returns the newest cache whose key begins with this.
    fn kept(&self, key: &str) -> Option<PathBuf> {
        let caches = fs::read_dir(self.place.path("caches")).ok()?.map(|entry| entry.unwrap().path());
        let is_named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(key);
        caches.filter(|path| !key.is_empty() && is_named(path)).max()
    }
}

/// Returns a text with its expressions replaced.
fn expanded(text: &str, facts: &BTreeMap<String, String>) -> String {
    let mut pieces = text.split("${{");
    let mut whole = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (expression, rest) = piece.split_once("}}").unwrap();
        whole += &value(expression.trim(), facts);
        whole += rest;
    }
    whole
}

fn value(expression: &str, facts: &BTreeMap<String, String>) -> String {
    match expression.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(text) => text.to_owned(),
        // What does not exist is an empty text.
        None => facts.get(expression).cloned().unwrap_or_default(),
    }
}

fn is_true(condition: &str, facts: &BTreeMap<String, String>) -> bool {
    condition.split("&&").map(str::trim).all(|part| match (part.split_once("=="), part.split_once("!=")) {
        (Some((left, right)), _) => value(left.trim(), facts) == value(right.trim(), facts),
        (_, Some((left, right))) => value(left.trim(), facts) != value(right.trim(), facts),
        _ => ["always()", "success()"].contains(&part),
    })
}

#[test]
fn the_action_passes_the_strong_submission() {
    let mut job = Job::new("strong").with("target", "day2");
    let done = job.run();
    assert_eq!(done.conclusion, 0, "{}", done.log);
    assert_eq!((&*done.outputs["passed"], &*done.outputs["failed"]), ("14", "0"));
    let report = fs::read_to_string(&done.outputs["report"]).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&report).unwrap()["verdict"], "passed");
    assert!(done.summary.starts_with("## ✅ grade: passed"), "{}", done.summary);
    assert_eq!(obeyed(&done.log), ["remove-matcher owner=python::"]);
}

#[test]
fn the_action_fails_the_weak_submission_and_says_where() {
    let mut job = Job::new("weak").with("target", "day2");
    let done = job.run();
    assert_eq!(done.conclusion, 1, "{}", done.log);
    assert_ne!(done.outputs["failed"], "0");
    assert!(done.summary.starts_with("## ❌ grade: FAILED"), "{}", done.summary);
    let errors: Vec<String> =
        obeyed(&done.log).into_iter().filter(|command| command.starts_with("error ")).collect();
    assert!(!errors.is_empty() && errors.len() <= 10, "{errors:?}");
    let placed: Vec<&str> =
        errors.iter().filter_map(|error| error.strip_prefix("error file=")?.split(',').next()).collect();
    assert!(!placed.is_empty(), "{errors:?}");
    // `kim` is a repository of its own, as it is where it was checked out into a folder.
    for file in placed {
        assert!(job.place.path("workspace/kim").join(file).is_file(), "{file}");
    }
}

#[test]
fn a_second_push_is_answered_from_what_the_first_one_left() {
    let mut job = Job::new("strong").with("target", "day2.lint");
    let first = job.run();
    assert!(!first.log.contains("nothing has changed"), "{}", first.log);
    let kinds = |done: &Done| -> Vec<String> {
        done.cached.iter().map(|cached| cached.split('-').take(2).collect::<Vec<_>>().join("-")).collect()
    };
    assert_eq!(
        kinds(&first),
        ["restore grade-tools", "save grade-tools", "restore grade-results", "save grade-results"]
    );
    let second = job.run();
    assert!(second.log.contains("nothing has changed since it was graded"), "{}", second.log);
    assert_eq!((second.conclusion, &second.outputs["passed"]), (0, &first.outputs["passed"]));

    // Whoever opens a pull request may have put something there, so nothing that is kept is asked.
    job.event = "pull_request";
    let asked = job.run();
    assert!(!asked.log.contains("nothing has changed"), "{}", asked.log);
    assert_eq!((asked.conclusion, asked.cached), (0, Vec::new()));
    job.event = "push";
    let without = job.with("cache", "false").run();
    assert_eq!(without.cached, [""; 0]);
}

#[test]
fn a_branch_is_not_answered_from_what_another_one_left() {
    let mut job = Job::new("strong").with("target", "day2.lint");
    let keys =
        |done: Done| done.cached.into_iter().find(|key| key.starts_with("restore grade-results")).unwrap();
    let main = keys(job.run());
    job.variables.push(("GITHUB_REF", "refs/heads/other, with a comma".to_owned()));
    let other = job.run();
    assert!(!other.log.contains("nothing has changed"), "{}", other.log);
    let other = keys(other);
    assert_ne!(main.rsplit_once("-2-"), other.rsplit_once("-2-"));
    assert!(!other.contains(','), "a key has no comma: {other}");
}

#[test]
fn no_input_is_a_command_or_an_option_that_it_should_not_be() {
    let cases = [
        ("target", "--sandbox none", 2),
        ("target", "list", 2),
        ("target", "$(touch came-here) `touch came-here` ; touch came-here", 2),
        ("repo", "kim; touch came-here", 2),
        ("require-sandbox", "full; touch came-here", 2),
        ("version", "0.1.0 --index-url=https://example.org", 2),
        ("args", "; touch came-here", 2),
    ];
    for (name, value, code) in cases {
        let mut job = Job::new("empty").with(name, value);
        let done = job.run();
        assert_eq!(done.conclusion, code, "{name}: {value}: {}", done.log);
        assert!(!done.log.contains("NO SANDBOX"), "{}", done.log);
        assert!(
            !job.place.path("workspace/came-here").exists() && !root().join("came-here").exists(),
            "{value}"
        );
        assert_eq!(done.outputs["passed"], "");
    }
}

#[test]
fn options_and_several_targets_reach_grade() {
    let mut job =
        Job::new("strong").with("target", "day0.hello\nday3.yaml").with("require-sandbox", "limits");
    let done = job.with("args", "--seed 7 --format json=report.json").run();
    assert_eq!(done.conclusion, 0, "{}", done.log);
    assert!(done.log.contains("--seed 7"), "{}", done.log);
    assert!(done.outputs["report"].ends_with("workspace/report.json"));
    assert_eq!(done.outputs["passed"], "2");
    job = Job::new("empty");
    assert_eq!(job.run().conclusion, 4, "nothing was graded, and the check says so");
}

#[test]
fn the_sandbox_is_raised_on_a_machine_of_githubs_and_nowhere_else() {
    let mut job = Job::new("strong").with("target", "day0.folders");
    let raised =
        "sudo --non-interactive sysctl --quiet --write kernel.apparmor_restrict_unprivileged_userns=0";
    job.program("sysctl", "echo 1");
    assert_eq!(job.run().conclusion, 0);
    assert!(!job.called().contains("sudo"), "somebody's own machine is left as it is: {}", job.called());
    job.variables.push(("RUNNER_ENVIRONMENT", "github-hosted".to_owned()));
    let refused = job.run();
    assert!(job.called().contains(raised), "{}", job.called());
    assert_eq!(refused.conclusion, 0, "what cannot be raised stays: {}", refused.log);
    assert!(refused.log.contains("sudo needs a password here"), "{}", refused.log);
    job.program("sysctl", "exit 1");
    assert_eq!(job.run().conclusion, 0);
    assert!(!job.called().contains("sudo"), "there is no such setting");
}

#[test]
fn scripts_get_inputs_as_variables_and_every_action_is_named_by_its_commit() {
    let action = action();
    let mut known: Vec<String> = Vec::new();
    for name in ["ci.yml", "release.yml"] {
        let text = fs::read_to_string(root().join(".github/workflows").join(name)).unwrap();
        known.extend(
            text.lines().filter_map(|line| Some(line.split_once("uses: ")?.1.split(' ').next()?.to_owned())),
        );
    }
    for step in steps(&action) {
        if let Some(script) = step["run"].as_str() {
            assert!(!script.contains("${{"), "{script}");
        }
        if let Some(used) = step["uses"].as_str() {
            let (name, commit) = used.split_once('@').unwrap();
            assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{used}");
            let ours: Vec<&String> =
                known.iter().filter(|other| other.starts_with(&format!("{name}@"))).collect();
            assert!(ours.iter().all(|other| *other == used), "{used} and {ours:?}");
        }
    }
}

#[test]
fn a_grade_of_another_version_is_not_the_one_that_is_wanted() {
    let job = Job::new("empty").with("version", "9.9.9");
    let python = job.place.path("bin/python");
    fs::write(&python, "#!/bin/sh\necho \"python $*\"\nexit 7\n").unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    let script = root().join(".github/action/install.sh");
    let step = Step::new(&job.place);
    let mut command = Command::new("bash");
    command.arg(script);
    job.place.settle(&mut command);
    command.env("PATH", format!("{}:/usr/bin:/bin", job.place.path("bin").display()));
    command.env("VERSION", "9.9.9").env("GRADE_PYTHON", &python).env("GITHUB_ACTION_PATH", root());
    let ran = job.place.finish(step.tell(&mut command)).exits_with(7);
    assert!(ran.raw.starts_with("python -m venv --clear "), "{}", ran.raw);
    fs::remove_file(&python).unwrap();
    command.env("VERSION", VERSION).env_remove("GRADE_PYTHON");
    let path = Environment::read().get("PATH").unwrap().to_owned();
    let path = format!("{}:{}", job.place.path("bin").display(), path.display());
    let there = job.place.finish(command.env("PATH", path)).exits_with(0);
    assert!(there.raw.starts_with(&format!("grade {VERSION}")) && there.raw.contains("ready: Python"));
}
