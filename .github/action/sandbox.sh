#!/usr/bin/env bash
# Raises the level of the sandbox where the runner allows it. What cannot be raised stays as it is; the report says what was in force.
set -euo pipefail

# Ubuntu lets only listed programs make namespaces. It is what `grade doctor` advises for a machine that is thrown away after the job;
# somebody's own machine is theirs to change.
setting=kernel.apparmor_restrict_unprivileged_userns
if [[ ${RUNNER_ENVIRONMENT:-} == github-hosted && $(sysctl --values "$setting" 2>/dev/null || true) == 1 ]]; then
    sudo --non-interactive sysctl --quiet --write "$setting=0" ||
        printf '%s\n' "The sandbox stays as it is: sudo needs a password here. 'grade doctor' says what would raise its level."
fi
