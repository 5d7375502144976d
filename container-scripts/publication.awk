# Builds the files of a publication from two bundles (lib/delivery/bundle.ts), in the order of lib/gateway/publication-plan.ts.
#
#   awk -v mode=check     -f publication.awk side=next at=SECONDS BUNDLE
#   awk -v mode=bootstrap -f publication.awk side=next at=SECONDS BUNDLE
#   awk -v mode=plan -v stage=FOLDER -f publication.awk [side=old at=SECONDS BUNDLE] side=next at=SECONDS BUNDLE
#
# `at` is the moment that each bundle is read for. `check` prints `policy HASH` and `until MOMENT`, the next moment at which
# something in the bundle changes (or `-`); `bootstrap` prints Envoy's static config; `plan` writes FOLDER/1/clusters.yaml and so on,
# without their head, FOLDER/plan with lines `STEP<tab>PATH`, and FOLDER/keep with the route files of both bundles. Folders 1/routes to 5/routes
# must be there. Anything wrong: `fault WORD`, exit code 3.
#
# POSIX awk: runs with mawk, gawk, busybox and the one true awk.

BEGIN { FS = "\t"; ORS = ""; failed = 0; until = "-"; policy = "" }

FNR == 1 {
  if (last_side != "" && !ended[last_side]) fail("truncated")
  last_side = side
  there[side] = 1
  if ($1 != "mcp-egress-config" || $2 != "1") fail("format")
  policy = $3
  if (policy !~ /^[0-9a-f]+$/) fail("format")
  next
}

ended[side] { fail("format") }

$1 == "end" {
  if ($2 + 0 != FNR) fail("truncated")
  ended[side] = 1
  next
}

NF < 6 || $2 !~ /^[A-Za-z0-9._+-]+$/ || $2 ~ /\.\./ { fail("format") }

# Out of its time, and when that changes.
$4 != "-" || $5 != "-" {
  if (side == "next") { boundary($4); boundary($5) }
  if ($4 != "-" && at + 0 < $4 + 0) next
  if ($5 != "-" && at + 0 >= $5 + 0) next
}

$1 == "fragment" { fragment[$2] = rest(); next }
$1 == "bootstrap" { bootstrap = rest(); next }
$1 == "key" { key[side, $2] = rest(); next }
$1 == "cluster" || $1 == "refusing" || $1 == "leftover" { put($1, $2, rest()); next }
$1 == "route" {
  if ($2 ~ /\+/) fail("format")
  put($1, $2, rest())
  next
}
$1 == "listener" || $1 == "internal" || $1 == "head" {
  put("any", $2, $1)
  put($1, $2, rest())
  if ($1 == "listener") { socket[side, $2] = $3; taken[side, $3] = 1 }
  next
}
$1 == "middle" || $1 == "tail" { part[side, $1, $2] = rest(); next }
$1 == "entry" || $1 == "chain" {
  number = ++count[side, $1, $2]
  item[side, $1, $2, number] = $3
  content[side, $1, $2, $3] = rest()
  next
}
{ fail("format") }

END {
  if (failed) exit 3
  if (!ended["next"] || (there["old"] && !ended["old"])) fail("truncated")
  if (mode == "check") print "policy " policy "\nuntil " until "\n"
  if (mode == "bootstrap") print bootstrap "\n"
  if (mode == "plan") plan()
  if (failed) exit 3
}

function fail(word) {
  if (!failed) print "fault " word "\n"
  failed = 1
  exit 3
}

function boundary(moment) {
  if (moment != "-" && moment + 0 > at + 0 && (until == "-" || moment + 0 < until + 0)) until = moment
}

# Everything after the fifth tab.
function rest(    text, fields) {
  text = $0
  for (fields = 0; fields < 5; fields++) text = substr(text, index(text, "\t") + 1)
  return text
}

# Remembers a text of this side by kind and name, in the order of lines.
function put(kind, name, text) {
  names[side, kind, ++total[side, kind]] = name
  part[side, kind, name] = text
}

function has(from, kind, name) { return (from, kind, name) in part }

# A guard without an entry is not there: all of its rules are over.
function present(from, name) { return has(from, "any", name) && (part[from, "any", name] != "head" || count[from, "entry", name] > 0) }

function plan(    i, name) {
  planned = stage "/plan"
  print "" > planned
  for (i = 1; i <= total["old", "route"]; i++) print "routes/" names["old", "route", i] ".yaml\n" > (stage "/keep")
  for (i = 1; i <= total["next", "route"]; i++) print "routes/" names["next", "route", i] ".yaml\n" > (stage "/keep")
  step = 1
  clusters()
  if (!there["old"]) {
    for (i = 1; i <= total["next", "route"]; i++) route("next", "route", names["next", "route", i])
    listeners(0)
    return
  }
  step = 2
  for (i = 1; i <= total["next", "route"]; i++) {
    name = names["next", "route", i]
    if (!has("old", "route", name)) route("next", "route", name)
  }
  for (i = 1; i <= total["old", "route"]; i++) {
    name = names["old", "route", i]
    if (!has("next", "route", name)) route("old", "refusing", name)
  }
  step = 3
  if (!same_listeners()) listeners(1)
  step = 4
  for (i = 1; i <= total["next", "route"]; i++) {
    name = names["next", "route", i]
    if (has("old", "route", name)) route("next", "route", name)
  }
  step = 5
  listeners(0)
}

function open_file(path) {
  out = stage "/" step "/" path
  print step "\t" path "\n" > planned
}

function clusters(    i, name) {
  open_file("clusters.yaml")
  for (i = 1; i <= total["next", "cluster"]; i++) resource("next", "cluster", names["next", "cluster", i])
  for (i = 1; i <= total["old", "cluster"]; i++) {
    name = names["old", "cluster", i]
    if (!has("next", "cluster", name)) resource("old", "cluster", name)
  }
  close(out)
}

function route(from, kind, name) {
  open_file("routes/" name ".yaml")
  resource(from, kind, name)
  close(out)
}

# Listeners of both configurations, or of the next one and what is left of the old one.
function listeners(both,    i, name, kind) {
  open_file("listeners.yaml")
  for (i = 1; i <= total["next", "any"]; i++) {
    name = names["next", "any", i]
    if (!present("next", name)) continue
    if (part["next", "any", name] == "head") guard("next", both && present("old", name) ? "old" : "", name)
    else resource("next", part["next", "any", name], name)
  }
  for (i = 1; i <= total["old", "any"]; i++) {
    name = names["old", "any", i]
    if (!present("old", name) || present("next", name)) continue
    kind = part["old", "any", name]
    if (both && kind == "listener" && needed(name)) continue
    if (both && kind == "head") guard("old", "", name)
    else if (!both && kind == "head") { if (has("old", "leftover", name)) resource("old", "leftover", name) }
    else if (both || kind == "internal") resource("old", kind, name)
  }
  close(out)
}

# Envoy refuses two listeners on one address: an old one whose port changes hands goes now.
function needed(name) { return ("next", socket["old", name]) in taken }

# Whether the listeners of both are those of the old configuration: then there is nothing to do before the routes change.
function same_listeners(    i, j, name, kind) {
  for (i = 1; i <= total["next", "any"]; i++) {
    name = names["next", "any", i]
    if (!present("next", name)) continue
    kind = part["next", "any", name]
    if (!present("old", name) || part["old", "any", name] != kind || part["old", kind, name] != part["next", kind, name]) return 0
    if (kind == "head" && (added("entry", name) || added("chain", name))) return 0
  }
  for (i = 1; i <= total["old", "any"]; i++) {
    name = names["old", "any", i]
    if (!present("old", name) || present("next", name)) continue
    if (part["old", "any", name] == "listener" && needed(name)) return 0
  }
  return 1
}

function added(kind, name,    i, one) {
  for (i = 1; i <= count["next", kind, name]; i++) {
    one = item["next", kind, name, i]
    if (!(("old", kind, name, one) in content) || content["old", kind, name, one] != content["next", kind, name, one]) return 1
  }
  return 0
}

function resource(from, kind, name) {
  print "- " > out
  write(part[from, kind, name], from)
  print "\n" > out
}

# A guard of one side, with the chains of the other one too.
function guard(from, other, name) {
  print "- " > out
  write(part[from, "head", name], from)
  items(from, other, "entry", name)
  write(part[from, "middle", name], from)
  items(from, other, "chain", name)
  write(part[from, "tail", name], from)
  print "\n" > out
}

function items(from, other, kind, name,    i, one, separator) {
  separator = ""
  for (i = 1; i <= count[from, kind, name]; i++) {
    one = item[from, kind, name, i]
    # Names stand for their content: two contents are a bug in the compiler.
    if (other != "" && ((other, kind, name, one) in content) && content[other, kind, name, one] != content[from, kind, name, one]) fail("conflict")
    print separator > out
    separator = ","
    write(content[from, kind, name, one], from)
  }
  if (other == "") return
  for (i = 1; i <= count[other, kind, name]; i++) {
    one = item[other, kind, name, i]
    if ((from, kind, name, one) in content) continue
    print separator > out
    separator = ","
    write(content[other, kind, name, one], other)
  }
}

# Writes JSON with its references: what stands in the file already is named by a YAML alias.
function write(body, from,    fields, parts, i, name) {
  fields = split(body, parts, "\t")
  for (i = 1; i <= fields; i++) {
    if (i % 2 == 1) { print parts[i] > out; continue }
    name = substr(parts[i], 2)
    if (parts[i] ~ /^k/) {
      if (!((from, name) in key)) fail("reference")
      print key[from, name] > out
    } else if ((out, name) in written) print " *s" name " " > out
    else {
      if (!(name in fragment)) fail("reference")
      written[out, name] = 1
      print " &s" name " " > out
      write(fragment[name], from)
    }
  }
}
