#!/bin/sh
# Keeps the folder that Envoy watches at the configuration that an S3 bucket names: config/current holds the SHA-256 of an object
# config/<SHA-256>, a bundle (lib/delivery/bundle.ts). Nothing that comes from the bucket is used before its hash was checked. In Docker
# the same two objects are files of a folder, and a configuration is published once.
# A bundle is put in place file by file, in the order that lib/gateway/publication-plan.ts explains; Envoy is asked after each step,
# and where it refuses one, the files are put back. What is in force stays in force while the bucket is away or holds nonsense.
#
# CONFIG_BUCKET      name of the bucket; only s3:GetObject is needed
# CONFIG_PREFIX      folder in it (config)
# CONFIG_SOURCE      a folder with the objects, instead of a bucket
# CONFIG_DIRECTORY   folder that Envoy watches, owned by this container (/etc/mcp-egress). VERSION is there once Envoy may start
# ADMIN_SOCKET       Envoy's admin socket; its folder is made writable for Envoy (none: Envoy is never asked)
# SETTLE_SECONDS     waited after each step where Envoy is never asked (0)
# POLL_SECONDS       between two looks at the bucket (5)
# RETRY_SECONDS      until a version is tried again that could not be put in place, other than for what it says (30)
# ONCE               set: ends after one look, with 0 where the configuration that is named is in force
set -u
umask 022
export LC_ALL=C

publication=$(cat "${0%/*}/publication.awk")
taken=$(cat "${0%/*}/taken.awk")

source=${CONFIG_SOURCE:-}
bucket=${CONFIG_BUCKET:-}
[ -n "$source$bucket" ] || { echo 'CONFIG_BUCKET, the name of the bucket, is missing' >&2 && exit 2; }
prefix=${CONFIG_PREFIX:-config}
directory=${CONFIG_DIRECTORY:-/etc/mcp-egress}
socket=${ADMIN_SOCKET:-}
poll=${POLL_SECONDS:-5}
settle=${SETTLE_SECONDS:-0}
retry=${RETRY_SECONDS:-30}
# Folders of their own: a rename in the watched folder itself makes Envoy read everything again.
state=$directory/.state
stage=$directory/.stage
scratch=${TMPDIR:-/tmp}/config-sync
filter='(\.(lds|cds|rds\..+)\.(version_text|update_rejected|update_failure)|total_listeners_warming|warming_clusters)$'
tab=$(printf '\t')
child=
version=
at=0
until=-
refused=
again_at=
said=
said_at=0
retry_at=0

# log EVENT [KEY VALUE]...
log() {
  fields=
  event=$1
  shift
  while [ $# -gt 1 ]; do
    fields="$fields,\"$1\":\"$(printf '%s' "$2" | tr -c 'A-Za-z0-9 ._:/()+-' ' ' | cut -c 1-300)\""
    shift 2
  done
  printf '{"time":"%s","layer":"sync","event":"%s"%s}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$event" "$fields"
}

# The same trouble is told once a minute.
trouble() {
  seconds=$(date +%s)
  [ "$said" = "$*" ] && [ $((seconds - said_at)) -lt 60 ] && return
  said=$*
  said_at=$seconds
  log "$@"
}

# Runs a command so that TERM ends it and us at once.
run() {
  "$@" &
  child=$!
  wait "$child"
  code=$?
  child=
  return "$code"
}

# Whether two files are the same. Not `cmp`: Amazon Linux 2023 leaves diffutils out of its container image.
same() {
  [ -f "$1" ] && [ -f "$2" ] && [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ]
}

# fetch KEY FILE [OPTION]...
fetch() {
  key=$prefix/$1
  to=$2
  rm -f "$to"
  if [ -n "$source" ]; then
    cp "$source/$1" "$to" 2>"$scratch/error" && return
    trouble unavailable object "$source/$1" error "$(tail -n 1 "$scratch/error")"
    return 1
  fi
  shift 2
  run aws s3api get-object --bucket "$bucket" --key "$key" --cli-connect-timeout 5 --cli-read-timeout 20 "$@" "$to" \
    >/dev/null 2>"$scratch/error" && return
  trouble unavailable object "$key" error "$(tail -n 1 "$scratch/error")"
  return 1
}

ask() {
  run curl -sf -G --max-time 60 --unix-socket "$socket" --data-urlencode "filter=$filter" -o "$1" http://localhost/stats
}

# Envoy's health check reads it: a task whose sidecar is gone would serve an old policy for ever.
alive() { date +%s >"$state/alive"; }

# Waits until Envoy has taken the files listed in a file. Before the first configuration there is no Envoy to ask.
await() {
  [ -f "$scratch/before" ] || return 0
  polls=0
  while ask "$scratch/now"; do
    # New clusters wait for the first answer of a resolver; a slow one must not stop a publication.
    answer=$(awk -v warm=$((polls > 30)) "$taken" role=files "$1" role=before "$scratch/before" role=now "$scratch/now")
    case $answer in
      taken) return 0 ;;
      refused*) reason="Envoy refuses ${answer#refused }" && return 1 ;;
    esac
    alive
    polls=$((polls + 1))
    [ "$polls" -gt 300 ] && reason='Envoy has not taken the files in a minute' && return 1
    run sleep 0.2
  done
  reason="Envoy's admin interface does not answer"
  return 1
}

# place FOLDER LIST [anyway]: renames the listed files of a folder over those that Envoy reads, and waits until it has taken them.
# Where Envoy cannot be asked, nothing is done, but `anyway`.
place() {
  [ -s "$2" ] || return 0
  rm -f "$scratch/before"
  if [ -n "$socket" ] && [ -S "$socket" ] && ! ask "$scratch/before"; then
    rm -f "$scratch/before"
    reason="Envoy's admin interface does not answer"
    [ "${3:-}" = anyway ] || return 1
  fi
  while IFS=$tab read -r path _; do
    mv -f "$1/$path" "$directory/$path" || return 1
  done <"$2"
  # Before the first configuration there is no Envoy that would have to read it.
  if [ -z "$socket" ] && [ -n "$version" ]; then run sleep "$settle"; fi
  await "$2"
}

# Gives the files of a step their head and keeps those that differ from what is there; the old ones are copied for `put_back`.
prepare() {
  mkdir -p "$stage/undo/$1/routes"
  : >"$stage/changed.$1"
  : >"$stage/undo/$1/list"
  : >"$stage/undo/$1/new"
  while IFS=$tab read -r step path; do
    [ "$step" = "$1" ] || continue
    sum=$(sha256sum <"$stage/$1/$path" | cut -c 1-16)
    {
      printf '# Generated by cdktf-mcp-egress; changes are lost.\nversion_info: "%s"\nresources:\n' "$sum"
      cat "$stage/$1/$path"
    } >"$stage/whole" && mv -f "$stage/whole" "$stage/$1/$path" || return 1
    same "$stage/$1/$path" "$directory/$path" && continue
    printf '%s\t%s\n' "$path" "$sum" >>"$stage/changed.$1" || return 1
    if [ -f "$directory/$path" ]; then
      cp "$directory/$path" "$stage/undo/$1/$path" || return 1
      printf '%s\t%s\n' "$path" "$(sed -n 's/^version_info: "\(.*\)"$/\1/p' "$directory/$path")" >>"$stage/undo/$1/list" ||
        return 1
    else
      printf '%s\n' "$path" >>"$stage/undo/$1/new" || return 1
    fi
  done <"$stage/plan"
}

# The same way back, step by step, so that no moment is less safe than it was on the way here.
put_back() {
  for back in 5 4 3 2 1; do
    [ -d "$stage/undo/$back" ] || continue
    while read -r path; do rm -f "$directory/$path"; done <"$stage/undo/$back/new"
    place "$stage/undo/$back" "$stage/undo/$back/list" anyway || log put_back_failed step "$back" error "$reason"
  done
}

# publish OLD OLD_AT NEXT NEXT_AT: OLD may be empty.
publish() {
  reason='the files cannot be written'
  rm -rf "$stage"
  for step in 1 2 3 4 5; do mkdir -p "$stage/$step/routes"; done
  if [ -n "$1" ]; then set -- side=old "at=$2" "$1" side=next "at=$4" "$3"; else set -- side=next "at=$4" "$3"; fi
  if ! run awk -v mode=plan -v "stage=$stage" "$publication" "$@" >"$scratch/fault"; then
    # Without a word awk could not write.
    fault=$(head -n 1 "$scratch/fault")
    [ -z "$fault" ] || reason="no plan: $fault"
    return 1
  fi
  mkdir -p "$directory/routes"
  for file in "$directory"/routes/*.yaml; do
    grep -qxF "routes/${file##*/}" "$stage/keep" || rm -f "$file"
  done
  for step_now in 1 2 3 4 5; do
    prepare "$step_now" && place "$stage/$step_now" "$stage/changed.$step_now" && continue
    why=$reason
    put_back
    reason=$why
    return 1
  done
}

# What is in force: `VERSION AT UNTIL`, and the bundle beside it.
commit() {
  # It may hold the room that the next lines need.
  rm -rf "$stage"
  printf '%s %s %s\n' "$1" "$2" "${3:--}" >"$state/in-force.new" && mv -f "$state/in-force.new" "$state/in-force"
  rm -f "$state/attempt"
  version=$1
  at=$2
  until=${3:--}
  for file in "$state"/*.bundle; do
    [ "$file" = "$state/$version.bundle" ] || rm -f "$file"
  done
  # Written in place: a rename would make Envoy read everything again.
  [ "$(cat "$directory/VERSION" 2>/dev/null)" = "$version" ] || printf '%s\n' "$version" >"$directory/VERSION"
}

# change NEXT NEXT_AT CAUSE: puts a bundle of the state folder in force.
change() {
  old=
  [ -n "$version" ] && old=$state/$version.bundle
  printf '%s %s\n' "$1" "$2" >"$state/attempt"
  if publish "$old" "$at" "$state/$1.bundle" "$2"; then
    commit "$1" "$2" "$(inspect check "$state/$1.bundle" "$2" | sed -n 's/^until //p')"
    said=
    log applied cause "$3" version "$1" until "$until"
  else
    rm -f "$state/attempt"
    trouble refused cause "$3" version "$1" error "$reason"
    return 1
  fi
}

# inspect MODE BUNDLE AT
inspect() { awk -v "mode=$1" "$publication" side=next "at=$3" "$2"; }

# Goes on from what an earlier process of this container left on the volume.
resume() {
  mkdir -p "$state" "$scratch"
  rm -f "$state"/*.new
  [ -f "$state/in-force" ] || return 0
  read -r version at until <"$state/in-force"
  if [ "$(sha256sum <"$state/$version.bundle" | cut -c 1-64)" != "$version" ]; then
    log bad_state version "$version"
    version=''
    at=0
    until=-
    return 0
  fi
  log resumed version "$version" until "$until"
  [ -f "$state/attempt" ] || return 0
  # It ended in the middle of a publication: back to what was in force.
  read -r broken broken_at <"$state/attempt"
  [ "$broken" = "$version" ] && return 0
  if publish "$state/$broken.bundle" "$broken_at" "$state/$version.bundle" "$at"; then
    rm -f "$state/attempt"
    log put_back version "$version" attempt "$broken"
  else
    log put_back_failed version "$version" attempt "$broken" error "$reason"
  fi
}

# Chains whose rules' last day is over go at that moment; a clock that is set back opens nothing again.
expire() {
  [ -n "$version" ] && [ "$until" != - ] || return 0
  now=$(date +%s)
  if [ "$now" -lt "$until" ] || [ "$now" -lt "$retry_at" ]; then return 0; fi
  change "$version" "$now" expiry || retry_at=$((now + 60))
}

# No room, most likely.
unwritten() {
  rm -f "$state/bundle.new"
  trouble unwritten version "$wanted" error "the files cannot be written into $directory"
}

# The version that the pointer names, if it is another one than the one in force.
update() {
  # A pointer is 65 bytes; what somebody made of it may be more than the disk holds.
  fetch current "$scratch/pointer" --range bytes=0-127 || return 1
  wanted=$(head -c 65 "$scratch/pointer" | tr -d '\000')
  case $wanted in
    *[!0-9a-f]*) wanted= ;;
  esac
  [ "${#wanted}" -eq 64 ] || { trouble bad_pointer && return 1; }
  if [ "$wanted" = "$version" ]; then
    refused=''
    said=''
    return 0
  fi
  now=$(date +%s)
  if [ "$wanted" = "$refused" ] && [ "$now" -lt "${again_at:-$((now + 1))}" ]; then
    trouble still_refused version "$wanted"
    return 1
  fi
  bundle=$scratch/bundle
  fetch "$wanted" "$bundle" || return 1
  sum=$(sha256sum <"$bundle" | cut -c 1-64)
  [ "$sum" = "$wanted" ] || { trouble bad_hash version "$wanted" && return 1; }
  [ "$now" -lt "$at" ] && now=$at
  inspect check "$bundle" "$now" >"$scratch/fault" ||
    { trouble bad_bundle version "$wanted" error "$(tail -n 1 "$scratch/fault")" && return 1; }
  inspect bootstrap "$bundle" "$now" >"$scratch/envoy.yaml"
  if [ -z "$version" ]; then
    cp "$scratch/envoy.yaml" "$directory/envoy.yaml" || { unwritten && return 1; }
  elif ! same "$scratch/envoy.yaml" "$directory/envoy.yaml"; then
    trouble bootstrap_differs version "$wanted" remedy 'replace the task: Envoy reads envoy.yaml only when it starts'
    return 1
  fi
  cp "$bundle" "$state/bundle.new" && mv -f "$state/bundle.new" "$state/$wanted.bundle" || { unwritten && return 1; }
  refused=
  change "$wanted" "$now" change && return
  refused=$wanted
  # What Envoy refuses it refuses again; but a disk may have room, or Envoy an answer, later.
  case $reason in
    'Envoy refuses'* | 'no plan'*) again_at= ;;
    *) again_at=$(($(date +%s) + retry)) ;;
  esac
  rm -f "$state/$wanted.bundle"
  return 1
}

trap '[ -n "$child" ] && kill "$child" 2>/dev/null; exit 0' TERM INT
if [ -n "$socket" ]; then
  folder=${socket%/*}
  [ "$folder" != "$directory" ] || { log bad_admin_socket remedy 'its folder must not be the one that Envoy reads'; exit 2; }
  mkdir -p "$folder" && chmod 1777 "$folder"
fi
resume
while :; do
  alive
  expire
  update
  code=$?
  if [ -n "${ONCE:-}" ]; then
    # Nobody is there from here on, which is as it should be.
    rm -f "$state/alive"
    exit "$code"
  fi
  run sleep "$poll"
done
