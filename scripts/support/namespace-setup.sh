#!/bin/sh
# Runs as root of a new user, network and mount namespace: namespace-setup.sh RESOLV_CONF ADDRESS... -- COMMAND ARGS...
# The namespace has no device but loopback, so nothing that runs in it can reach another machine.
set -eu

resolv_conf=$1
shift
ip link set lo up
while [ "$1" != "--" ]; do
  case $1 in
    *:*) ip -6 address add "$1" dev lo nodad ;;
    *) ip address add "$1" dev lo ;;
  esac
  shift
done
shift
mount --bind "$resolv_conf" /etc/resolv.conf
exec "$@"
