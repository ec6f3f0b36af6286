#!/usr/bin/env bash
# Grades. Its exit code is the conclusion of the check.
set -euo pipefail

read -r -d '' -a targets <<<"$TARGET" || true
read -r -d '' -a more <<<"$ARGS" || true
options=(--repo "$REPO")
if [[ -n $REQUIRE_SANDBOX ]]; then
    options+=(--require-sandbox "$REQUIRE_SANDBOX")
fi

# setup-python makes an annotation of every traceback in the log; those of a learner's programs are in the report.
printf '::remove-matcher owner=python::\n'

# What follows `--` is a target, whatever it looks like.
exec "$GRADE" "${options[@]}" "${more[@]}" -- "${targets[@]}"
