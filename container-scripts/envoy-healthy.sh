#!/bin/bash
# Whether the gateway answers GET /healthz with 200, and its sidecar has shown up in the last ten minutes: without one, an old policy would
# be served for ever, so the task has to be replaced. Envoy's image has no curl: this is bash's /dev/tcp.
#
# HEALTH_PORT       the gateway's health port (9900)
# CONFIG_DIRECTORY  the folder that the sidecar keeps (/etc/mcp-egress)
alive=${CONFIG_DIRECTORY:-/etc/mcp-egress}/.state/alive
if [ -f "$alive" ]; then
  printf -v now '%(%s)T' -1
  seen=$(<"$alive")
  [ $((now - ${seen:-now})) -lt 600 ] || exit 1
fi
exec 3<>"/dev/tcp/127.0.0.1/${HEALTH_PORT:-9900}" || exit 1
printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 _ status _ <&3
[ "$status" = 200 ]
