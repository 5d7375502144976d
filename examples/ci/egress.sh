#!/bin/sh
# Everything that a change of the policy or of a stack has to pass, for any CI. Run in the repository, after `npm ci`.
#
#   egress.sh OLD_POLICY REPORT
#
# OLD_POLICY: the policy as it is on the branch that is merged into; an empty file where it has none yet.
# REPORT: where the comment for the pull request goes, as Markdown.
#
# Exit code 0: fit to merge; 1: not; 10: fit, but it allows more than before, so somebody has to approve that.
set -u

old_policy=$1
report=$2
policy=egress.yaml
cases=egress-cases.yaml
failed=0
widened=0

section() { printf '\n### %s\n\n' "$1" >>"$report"; }

# gate TITLE COMMAND...: its Markdown into the report; anything but 0 fails
gate() {
  title=$1
  shift
  section "$title"
  "$@" >>"$report" || failed=1
}

printf '## Egress\n' >"$report"
gate Check npx mcp-egress check --policy "$policy" --strict --at today --format markdown
gate Cases npx mcp-egress test "$cases" --policy "$policy" --format markdown

section 'What changes'
if [ -s "$old_policy" ]; then
  npx mcp-egress diff "$old_policy" "$policy" --format markdown >>"$report"
  case $? in
    0) ;;
    1) widened=1 ;;
    *) failed=1 ;;
  esac
else
  printf 'The policy is new.\n' >>"$report"
  widened=1
fi

section Proof
if npx cdktf synth >synth.log 2>&1; then
  npx mcp-egress prove cdktf.out --format markdown >>"$report" || failed=1
else
  failed=1
  printf 'The synth failed:\n\n```\n' >>"$report"
  tail -n 40 synth.log >>"$report"
  printf '```\n' >>"$report"
fi

[ "$failed" -eq 0 ] || exit 1
[ "$widened" -eq 0 ] || exit 10
