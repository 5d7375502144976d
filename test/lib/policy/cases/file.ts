import type { ProblemCases } from './cases';

/** The file and its shape. */
export const FILE_CASES: ProblemCases = {
  yaml_syntax: [
    {
      text: `version: 1\n${'\tx: 1\n'.repeat(30)}`,
      says: [
        ...Array.from({ length: 10 }, (_, line) => `${line + 2}:1: a tab stands in the indentation; YAML wants spaces`),
        '12:1: from here on 20 more places are not valid YAML; mend those before first',
      ],
    },
    {
      text: 'version: 1\nworkloads: [',
      says: ['2:13: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    },
    {
      text: 'version: 1\nworkloads:\n\tweb-search: {}',
      says: ['3:1: a tab stands in the indentation; YAML wants spaces'],
    },
    {
      text: 'version: 1\nworkloads:\n  a: { port: 10000, allow: [{ host: * }] }',
      says: ['3:37: a star without quotes begins a YAML alias; write a wildcard in quotes, like "*.example.com"'],
    },
  ],
  yaml_feature: [
    {
      text: 'version: 1\n---\nversion: 1',
      says: [
        '2:1: a second document begins here; one file holds one policy: remove the `---`, or write two files and give both to --policy',
      ],
    },
    {
      text: '%YAML 1.1\n---\nversion: 1',
      says: ['1:1: %YAML 1.1 changes what words like "no" mean; remove the line, YAML 1.2 is read'],
    },
    {
      text: 'version: !!int "1"',
      says: ['1:16: the tag "tag:yaml.org,2002:int" is not allowed; write the plain value, text in quotes'],
    },
    {
      rule: 'host: *.example.com',
      says: [
        '6:15: "*.example.com" without quotes is a YAML alias, and it has no anchor; write a wildcard in quotes: "*.example.com"',
      ],
    },
    {
      text: 'version: 1\nworkloads: { &k web: {port: 10000, allow: []}, *k : {port: 10000, allow: [{host: evil.example.com}]} }',
      says: [
        '2:48: the alias "*k" stands as a key, where it could repeat another key unseen; write the key itself: "web"',
      ],
    },
    {
      text: 'version: 1\nworkloads:\n  &k web:\n    port: 10000\n  *k :\n    port: 10000\n    allow: [{host: evil.example.com}]',
      says: [
        '5:3: the alias "*k" stands as a key, where it could repeat another key unseen; write the key itself: "web"',
      ],
    },
    {
      text: 'version: 1\nworkloads:\n  web:\n    port: 10000\n    &a allow: []\n    *a : [{host: evil.example.com}]',
      says: [
        '6:5: the alias "*a" stands as a key, where it could repeat another key unseen; write the key itself: "allow"',
      ],
    },
    {
      rule: '{ &h host: a.example.com, *h : evil.example.com }',
      says: [
        '6:35: the alias "*h" stands as a key, where it could repeat another key unseen; write the key itself: "host"',
      ],
    },
    {
      text: 'version: 1\nx: &a [1,1,1,1,1,1,1,1,1,1]\ny: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nz: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nw: [*c,*c,*c,*c,*c]',
      says: [
        '1:1: the aliases unfold into too much (Excessive alias count indicates a resource exhaustion attack); write the values out, or share rules through `groups`',
      ],
    },
  ],
  duplicate_key: [
    {
      text: 'version: 1\nversion: 1',
      says: [
        '2:1: the key "version" stands here a second time; a key stands once: write its values together, or remove one',
      ],
    },
    {
      text: 'version: 1\nworkloads:\n  "a": { port: 10000 }\n  "a": { port: 10001 }',
      says: ['4:3: the key "a" stands here a second time; a key stands once: write its values together, or remove one'],
    },
  ],
  empty_file: [
    { text: '', says: ['1:1: the policy is empty; write `version: 1`, which alone means that nothing leaves'] },
    {
      text: '# nothing yet\n',
      says: ['1:1: the policy is empty; write `version: 1`, which alone means that nothing leaves'],
    },
  ],
  unknown_key: [
    {
      text: 'version: 1\nworkload: {}',
      says: [
        '2:1: the key "workload" is not known in a policy (did you mean "workloads"?); allowed: version, mode, groups, workloads',
      ],
    },
    {
      rule: 'hots: a.example.com',
      says: [
        '6:9: the key "hots" is not known in a rule (did you mean "hosts"?); allowed: host, hosts, ports, protocol, methods, paths, private, address, expires, owner, reason, group, preset',
      ],
    },
    {
      rule: '{ host: a.example.com, port: 443 }',
      says: [
        '6:32: the key "port" is not known in a rule (did you mean "ports"?); allowed: host, hosts, ports, protocol, methods, paths, private, address, expires, owner, reason, group, preset',
      ],
    },
    {
      rule: '{ host: a.example.com, domain: 1, "\\e[31m": 2 }',
      says: [
        '6:32: the key "domain" is not known in a rule (did you mean "host"?); allowed: host, hosts, ports, protocol, methods, paths, private, address, expires, owner, reason, group, preset',
        '6:43: the key "\\u001b[31m" is not known in a rule; allowed: host, hosts, ports, protocol, methods, paths, private, address, expires, owner, reason, group, preset',
      ],
    },
    {
      text: 'version: 1\nworkloads:\n  a: { port: 10000, rules: [] }',
      says: ['3:21: the key "rules" is not known in a workload (did you mean "allow"?); allowed: port, allow, limits'],
    },
    {
      text: 'version: 1\nworkloads:\n  a: { port: 10000, limits: { connection: 5 } }',
      says: [
        '3:31: the key "connection" is not known in `limits` (did you mean "connections"?); allowed: requestsPerSecond, connections, tunnelMinutes, uploadKilobytesPerSecond',
      ],
    },
    {
      text: 'version: 1\ngroups: { g: [{ host: a.example.com, color: red }] }',
      says: [
        '2:38: the key "color" is not known in an entry of a group; allowed: host, hosts, ports, protocol, methods, paths, private, address, expires, owner, reason',
      ],
    },
  ],
  missing_key: [
    {
      text: 'mode: enforce',
      says: ['1:1: the key "version" is missing: the format has one version; write `version: 1`'],
    },
    {
      text: 'version: 1\nworkloads:\n  a: { allow: [] }',
      says: ['3:6: the key "port" is missing: a port is a whole number from 1024 to 65535; write `port: 10000`'],
    },
  ],
  wrong_type: [
    { text: '[]', says: ['1:1: []: a policy is a mapping; write `version: 1` and `workloads:`'] },
    {
      text: 'version: 1\nworkloads: [a]',
      says: ['2:12: workloads ["a"]: `workloads` is a mapping; write each entry below its name'],
    },
    {
      rule: 'just-text.example.com',
      says: [
        '6:9: allow "just-text.example.com": a rule is a mapping of keys to values; write one like `host: api.example.com`',
      ],
    },
    {
      rule: 'host: 8080',
      says: [
        '6:15: host 8080: a host is text; write a name like `api.example.com`, in quotes where YAML would read something else',
      ],
    },
    {
      rule: 'hosts: a.example.com',
      says: ['6:16: hosts "a.example.com": a list with at least one entry is wanted; write `hosts: [api.example.com]`'],
    },
    {
      rule: '{ host: a.example.com, ports: 443 }',
      says: ['6:39: ports 443: a list with at least one entry is wanted; write `ports: [443]`'],
    },
    {
      rule: '{ host: a.example.com, reason: 7 }',
      says: ['6:40: reason 7: a reason is text; write it in quotes where YAML would read something else'],
    },
    {
      text: 'version: 1\nworkloads: { true: {port: 10000}, "true": {port: 10000, allow: [{host: evil.example.com}]} }',
      says: [
        '2:14: the key true is not text, and could repeat one in quotes unseen; write text, in quotes where YAML would read something else',
      ],
    },
    {
      text: 'version: 1\nworkloads:\n  a: { port: "10000" }',
      says: ['3:14: port "10000": a port is a whole number from 1024 to 65535; write `port: 10000`'],
    },
    {
      text: 'version: 1\nworkloads:\n  a: { port: 10000, limits: { connections: many } }',
      says: [
        '3:44: connections "many": a whole number from 1 to 1000000 is wanted; write `connections: 200`, or leave the key out for no limit',
      ],
    },
  ],
  wrong_value: [
    { text: 'version: 2', says: ['1:10: version 2: the format has one version; write `version: 1`'] },
    {
      text: 'version: 1\nmode: dry-run',
      says: ['2:7: mode "dry-run": one of "enforce" and "observe" is wanted; leave the key out for enforce'],
    },
    {
      rule: '{ host: a.example.com, protocol: https }',
      says: [
        '6:42: protocol "https": one of "tls", "http" and "tcp" is wanted; write `protocol: http` for plain HTTP, or leave the key out for tls',
      ],
    },
    {
      rule: '{ host: a.example.com, ports: [] }',
      says: ['6:39: ports []: a list with at least one entry is wanted; write `ports: [443]`'],
    },
    {
      rule: '{ host: a.example.com, ports: [0, 70000] }',
      says: [
        '6:40: ports 0: a port is a whole number from 1 to 65535; write `ports: [443]`',
        '6:43: ports 70000: a port is a whole number from 1 to 65535; write `ports: [443]`',
      ],
    },
    {
      text: 'version: 1\nworkloads:\n  a: { port: 80 }',
      says: ['3:14: port 80: a port is a whole number from 1024 to 65535; write `port: 10000`'],
    },
    {
      text: 'version: 1\nworkloads:\n  a: { port: 10000, limits: { requestsPerSecond: 0, tunnelMinutes: 50000 } }',
      says: [
        '3:50: requestsPerSecond 0: a whole number from 1 to 1000000 is wanted; write `requestsPerSecond: 50`, or leave the key out for no limit',
        '3:68: tunnelMinutes 50000: a whole number from 1 to 43200 is wanted; write `tunnelMinutes: 60`, or leave the key out for no limit',
      ],
    },
  ],
  workload_name: [
    {
      text: 'version: 1\nworkloads:\n  Web_Search: { port: 10000 }',
      says: [
        '3:3: name "Web_Search": a name begins with a lower case letter, is made of lower case letters, digits and "-", and has at most 63 characters; write one like "web-search"',
      ],
    },
  ],
  group_name: [
    {
      text: 'version: 1\ngroups: { 2fast: [] }',
      says: [
        '2:11: name "2fast": a name begins with a lower case letter, is made of lower case letters, digits and "-", and has at most 63 characters; write one like "search-engines"',
      ],
    },
  ],
  text: [
    {
      rule: '{ host: a.example.com, owner: "" }',
      says: [
        '6:39: owner "": one line of 1 to 200 printable characters is wanted; write a short text, or leave the key out',
      ],
    },
    {
      rule: '{ host: a.example.com, reason: "red \\e[31m\\nline" }',
      says: [
        '6:40: reason "red \\u001b[31m\\nline": one line of 1 to 200 printable characters is wanted; write a short text, or leave the key out',
      ],
    },
    {
      rule: '{ host: a.example.com, reason: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }',
      says: [
        '6:40: reason "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u2026: one line of 1 to 200 printable characters is wanted; write a short text, or leave the key out',
      ],
    },
    {
      text: 'version: 1 # a \u202e comment',
      says: [
        '1:16: the character U+202E cannot be seen, and reorders or hides the text around it, so that the policy reads otherwise than it is; remove it',
      ],
    },
    {
      rule: 'host: a.example.com #\r        expires: 2030-06-30',
      says: [
        '6:30: the character U+000D looks like the end of a line in an editor, and is not read as one, so that the policy reads otherwise than it is; end lines with a line feed',
      ],
    },
    {
      text: 'version: 1 # \u001b[2K',
      says: [
        '1:14: the character U+001B is obeyed by a terminal rather than shown, so that the policy reads otherwise than it is; remove it',
      ],
    },
  ],
};
