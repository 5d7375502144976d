#!/bin/sh
# One look at every way out: the allowed one must work, the others must be closed. A line of JSON for each, and one at the end.
#
# PROXY_URL      the workload's proxy: http://gateway.mcp.internal:10002
# ALLOWED_URL    a URL that its policy allows
# REFUSED_URL    one that it does not; empty: not tried
# OUTSIDE        address:port on the Internet that accepts connections
# OUTSIDE_NAME   a name that the VPC's resolver must not answer; empty: not tried
# OTHER_PORT     host:port of another workload's listener; empty: not tried
#
# Exit code 0 if all is as it must be, 1 otherwise. Needs curl 7.84 or newer.
set -u
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY

failed=0

# say CHECK RESULT DETAIL: `ok`, `escape` (a way is open that must be closed) or `broken` (the allowed way is closed)
say() {
  [ "$2" = ok ] || failed=1
  printf '{"time":"%s","layer":"canary","check":"%s","result":"%s","detail":"%s"}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$2" "$3"
}

# ask FORMAT [CURL ARGUMENTS]: prints what curl knows, and nothing that a server wrote
ask() {
  format=$1
  shift
  curl --silent --insecure --output /dev/null --connect-timeout 5 --max-time 15 --write-out "$format" "$@"
}

# direct CHECK HOST:PORT: a TCP connection must not come about, whatever is said on it
direct() {
  took=$(ask '%{time_connect}' --noproxy '*' "https://$2/")
  code=$?
  case $code:$took in
    7:0.000000 | 28:0.000000 | 7:0,000000 | 28:0,000000) say "$1" ok "no connection (curl $code)" ;;
    *) say "$1" escape "connected to $2 (curl $code after $took s)" ;;
  esac
}

# A status of the server's own is fine, 403 as well; one of the gateway carries its reason.
status=$(ask '%{http_connect} %{http_code} %header{x-egress-reason}' --proxy "$PROXY_URL" "$ALLOWED_URL")
code=$?
case $code:$status in
  0:*' 000 '*) say allowed broken "status $status(curl $code)" ;;
  0:*' ') say allowed ok "status ${status% }" ;;
  *) say allowed broken "status $status (curl $code)" ;;
esac

if [ -n "${REFUSED_URL:-}" ]; then
  status=$(ask '%{http_connect} %{http_code}' --proxy "$PROXY_URL" "$REFUSED_URL")
  code=$?
  case $code:$status in
    56:'403 000' | 0:'000 403') say refused ok "status $status" ;;
    *) say refused escape "status $status (curl $code), not the gateway's 403" ;;
  esac
fi

direct direct "$OUTSIDE"
[ -z "${OTHER_PORT:-}" ] || direct other-workload "$OTHER_PORT"

if [ -n "${OUTSIDE_NAME:-}" ]; then
  ask '' --noproxy '*' "http://$OUTSIDE_NAME/"
  code=$?
  if [ "$code" -eq 6 ]; then
    say name ok "not resolved"
  else
    say name escape "the resolver answered for $OUTSIDE_NAME (curl $code)"
  fi
fi

say run ok "faults: $failed"
exit "$failed"
