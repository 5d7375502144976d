#!/bin/bash
# Whether the gateway answers GET /healthz with 200. Envoy's image has no curl: this is bash's /dev/tcp.
#
# HEALTH_PORT  the gateway's health port (9900)
exec 3<>"/dev/tcp/127.0.0.1/${HEALTH_PORT:-9900}" || exit 1
printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 _ status _ <&3
[ "$status" = 200 ]
