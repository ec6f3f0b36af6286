#!/usr/bin/env bash
# Decides what is cached in this job, and under which keys.
set -euo pipefail

if [[ -n $VERSION && ! $VERSION =~ ^[0-9][0-9A-Za-z.+]*$ ]]; then
    printf '::error title=grade::%s\n' "the input 'version' names no version of a release, such as 0.1.0"
    exit 2
fi

# A cache is read by whoever runs in the same place: a branch, or the merge of a pull request. A pull request may come from somebody
# who can add a workflow to it, and nothing else to the repository, so what is kept in its place proves nothing.
case $CACHE:$GITHUB_EVENT_NAME in
true:push | true:schedule | true:workflow_dispatch) cache=true ;;
*) cache=false ;;
esac

digest() { sha256sum | cut -c 1-16; }

# What is installed is known by its version, and what is built by the files that it is built from.
if [[ -n $VERSION ]]; then
    source=$VERSION
else
    source=$(cd "$GITHUB_ACTION_PATH" && find . \( -name .git -o -name target \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | digest)
fi
machine=$RUNNER_OS-$RUNNER_ARCH-${ImageOS:-other}
{
    printf 'cache=%s\n' "$cache"
    printf 'tools=grade-tools-%s-python%s-%s\n' "$machine" "$PYTHON_VERSION" "$source"
    printf 'results=grade-results-%s-python%s-%s-%s\n' "$machine" "$PYTHON_VERSION" "$source" "$(printf %s "$GITHUB_REF" | digest)"
} >>"$GITHUB_OUTPUT"
