#!/bin/sh
# Runs Envoy as the container's first process. At TERM it keeps serving for a while, since clients' DNS answers still point here, and then
# ends it in order. Where Envoy ends by itself, so does the container, with its exit code.
#
# CONFIG_DIRECTORY  folder with envoy.yaml (/etc/mcp-egress)
# DRAIN_SECONDS     from TERM to the end (45)
# CONCURRENCY       Envoy's worker threads (one for each processor)
# WAIT_FOR_CONFIG   set: waits until somebody has published a configuration (its file VERSION)
# ENVOY             the executable (envoy)
set -u

# The first process of a container has to say that TERM ends it.
trap 'exit 0' TERM INT
until [ -z "${WAIT_FOR_CONFIG:-}" ] || [ -s "${CONFIG_DIRECTORY:-/etc/mcp-egress}/VERSION" ]; do sleep 0.2; done

# An unknown field in a watched file would otherwise be a warning, and the rest would be applied (as lib/gateway/start.ts).
set -- --config-path "${CONFIG_DIRECTORY:-/etc/mcp-egress}/envoy.yaml" --log-level warning --component-log-level misc:error \
  --disable-hot-restart --drain-time-s 10 --reject-unknown-dynamic-fields --file-flush-interval-msec 100
[ -z "${CONCURRENCY:-}" ] || set -- "$@" --concurrency "$CONCURRENCY"

# A tunnel takes two files, and an Envoy that may open no more crashes; the soft limit of a container can be 1,024.
ulimit -S -n "$(ulimit -H -n)" 2>/dev/null || :

stopping=
stop() {
  [ -z "$stopping" ] || return 0
  (
    sleep "${DRAIN_SECONDS:-45}"
    kill -TERM "$envoy"
  ) 2>/dev/null &
  stopping=$!
}

"${ENVOY:-envoy}" "$@" &
envoy=$!
trap stop TERM INT
# A signal ends `wait` before Envoy ends.
while :; do
  wait "$envoy"
  code=$?
  kill -0 "$envoy" 2>/dev/null || break
done
[ -z "$stopping" ] || code=0
exit "$code"
