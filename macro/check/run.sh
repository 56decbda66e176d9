#!/bin/sh
# The proof against the tools that people really use: make check, or
#
#   sh macro/check/run.sh                every step
#   sh macro/check/run.sh sam guard      some of them
#   sh macro/check/run.sh -list          what there is
#
# The tools are installed once, at exact versions, into a folder of their own
# (GRANTINVOKE_CHECK_CACHE, else XDG_CACHE_HOME/grantinvoke-check). What cannot
# be had is skipped, and said so; with CI=true it is a failure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if command -v python3 >/dev/null 2>&1; then
  exec python3 -B "$here/run.py" "$@"
fi
echo "check: there is no python3, without which no step runs" >&2
if [ "${CI:-}" = true ]; then
  exit 1
fi
echo "check: SKIPPED, nothing has been checked; hint: install Python 3.10 or later" >&2
