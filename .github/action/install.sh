#!/usr/bin/env bash
# Installs grade and sets up its tools, unless both are there.
set -euo pipefail

home=$RUNNER_TEMP/grade
grade=$home/program/bin/grade

# The version that is wanted may be on the PATH, put there by whoever wrote the workflow.
if [[ -n $VERSION ]] && there=$(command -v grade) && [[ $("$there" --version) =~ ^grade\ ([^ ]+) && ${BASH_REMATCH[1]} == "$VERSION" ]]; then
    grade=$there
elif [[ ! -x $grade ]]; then
    if [[ -n $VERSION ]]; then
        what=grade-by-day==$VERSION
    else
        what=$GITHUB_ACTION_PATH
    fi
    "$GRADE_PYTHON" -m venv --clear "$home/program"
    CARGO_TARGET_DIR=$home/build "$home/program/bin/pip" install --disable-pip-version-check --no-input --no-deps -- "$what"
    rm -rf "$home/build"
fi

"$grade" --version
"$grade" setup
printf 'grade=%s\n' "$grade" >>"$GITHUB_OUTPUT"
