# Whether Envoy has taken the files of a step, by its stats before they were put in place and now (as lib/gateway/await-taken.ts).
#
#   awk -v warm=0 -f taken.awk role=files FILES role=before STATS role=now STATS
#
# FILES has lines `PATH<tab>VERSION`. Prints `taken`, `waiting`, or `refused PATH`. With warm=1 listeners and clusters that are
# still warming count as taken.

BEGIN { ORS = ""; number = 0 }

role == "files" {
  split($0, fields, "\t")
  path[++number] = fields[1]
  version[number] = fields[2]
  next
}

{
  colon = index($0, ": ")
  if (!colon) next
  stat = substr($0, 1, colon - 1)
  value = substr($0, colon + 2)
  gsub(/"/, "", value)
  if (role == "now" && stat ~ /(total_listeners_warming|warming_clusters)$/ && value + 0 > 0) warming = 1
  for (i = 1; i <= number; i++) {
    name = subscription(path[i])
    if (is(stat, name ".version_text")) {
      if (role == "before") known[i] = 1
      else if (value == version[i]) taken[i] = 1
    }
    if (is(stat, name ".update_rejected") || is(stat, name ".update_failure")) refusals[role, i] += value
  }
}

END {
  for (i = 1; i <= number; i++) {
    # A route file that nobody reads yet is read when its listener comes.
    if (!known[i] || taken[i]) continue
    if (refusals["now", i] > refusals["before", i]) { print "refused " path[i]; exit }
    waiting = 1
  }
  print ((waiting || (warming && !warm)) ? "waiting" : "taken")
}

function subscription(file) {
  if (file == "clusters.yaml") return "cluster_manager.cds"
  if (file == "listeners.yaml") return "listener_manager.lds"
  sub(/^routes\//, "", file)
  sub(/\.yaml$/, "", file)
  return "rds." file
}

# The stat itself, or one of that name below a prefix.
function is(stat, suffix,    tail) {
  tail = substr(stat, length(stat) - length(suffix))
  return stat == suffix || tail == "." suffix
}
