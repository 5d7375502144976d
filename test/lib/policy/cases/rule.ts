import type { ProblemCases } from './cases';

/** What Envoy's HTTP/1 parser reads, less CONNECT and TRACE. */
const METHODS =
  'ACL, BIND, CHECKOUT, COPY, DELETE, GET, HEAD, LINK, LOCK, MERGE, MKACTIVITY, MKCALENDAR, MKCOL, MOVE, MSEARCH, NOTIFY, OPTIONS, PATCH, POST, ' +
  'PROPFIND, PROPPATCH, PURGE, PUT, REBIND, REPORT, SEARCH, SOURCE, SUBSCRIBE, UNBIND, UNLINK, UNLOCK, UNSUBSCRIBE';

/** What else a rule says. */
export const RULE_CASES: ProblemCases = {
  only_http: [
    {
      rule: '{ host: a.example.com, paths: [/x], methods: [GET] }',
      says: [
        '6:32: `paths` narrows http rules alone: for tls only the host is visible; remove the key, or write `protocol: http` if the hosts speak plain HTTP',
        '6:45: `methods` narrows http rules alone: for tls only the host is visible; remove the key, or write `protocol: http` if the hosts speak plain HTTP',
      ],
    },
    {
      rule: '{ host: a.example.com, protocol: tcp, ports: [5432], reason: db, methods: [GET] }',
      says: [
        '6:74: `methods` narrows http rules alone: for tcp nothing but the host and port is visible; remove the key, or write `protocol: http` if the hosts speak plain HTTP',
      ],
    },
  ],
  tcp_wildcard: [
    {
      rule: '{ host: "*.example.com", protocol: tcp, ports: [5432], reason: db }',
      says: [
        '6:9: host "*.example.com": a tcp rule has no server name to compare, so it takes exact hosts only; name each host',
      ],
    },
  ],
  tcp_needs_ports: [
    {
      rule: '{ host: db.example.com, protocol: tcp, reason: db }',
      says: ['6:9: a tcp rule has no default port; write `ports: [5432]`'],
    },
  ],
  tcp_needs_reason: [
    {
      rule: '{ host: db.example.com, protocol: tcp, ports: [5432] }',
      says: ['6:9: a tcp rule lets unread bytes pass; write why as `reason: \u2026`'],
    },
  ],
  method: [
    {
      rule: '{ host: a.example.com, protocol: http, methods: [get, CONNECT, TRACE, "A B"] }',
      says: [
        '6:58: method "get": methods are case-sensitive; write "GET"',
        '6:63: method "CONNECT": CONNECT opens the tunnel and is not narrowed here; remove it, a client may always use it to reach the rule',
        '6:72: method "TRACE": TRACE sends request headers back and never passes; remove it',
        '6:79: method "A B": not an HTTP method (RFC 9110); write one like "GET"',
      ],
    },
    {
      rule: '{ host: a.example.com, protocol: http, methods: [FOO, M-SEARCH, GET, QUERY] }',
      says: [
        `6:58: method "FOO": Envoy does not read this method; allowed: ${METHODS}`,
        `6:63: method "M-SEARCH": Envoy does not read this method; allowed: ${METHODS}`,
        `6:78: method "QUERY": Envoy does not read this method; allowed: ${METHODS}`,
      ],
    },
  ],
  path: [
    {
      rule: '{ host: a.example.com, protocol: http, paths: [public, /a?b, /a%20b, "/a\\\\b", "/a b", //a, /a/../b] }',
      says: [
        '6:56: path "public": a path begins with "/"; write "/public"',
        '6:64: path "/a?b": only the path is compared, not the query; write "/a"',
        '6:70: path "/a%20b": percent escapes have several spellings of one path; write the characters themselves, or a shorter prefix',
        '6:78: path "/a\\\\b": a backslash is no separator; write "/"',
        '6:87: path "/a b": only letters, digits and .~_!$&\'()*+,;=:@/- can stand in a path; write a shorter prefix',
        '6:95: path "//a": two slashes follow each other; write "/a"',
        '6:100: path "/a/../b": the segments "." and ".." are resolved before paths are compared; write the resolved path',
      ],
    },
  ],
  expires: [
    {
      rule: '{ host: a.example.com, expires: 2027-02-30 }',
      says: [
        '6:41: expires "2027-02-30" is not a day of the calendar; write the last day on which the rule counts as year-month-day, like 2027-06-30',
      ],
    },
    {
      rule: '{ host: a.example.com, expires: 30.6.2027 }',
      says: [
        '6:41: expires "30.6.2027" is not a day of the calendar; write the last day on which the rule counts as year-month-day, like 2027-06-30',
      ],
    },
    ...['9999-12-31', '9999-01-01', '1969-12-31', '0001-01-01', '0000-01-01'].map((day) => ({
      rule: `{ host: a.example.com, expires: ${day} }`,
      says: [
        `6:41: expires "${day}" lies outside the years 1970 to 9998, which Envoy can compare; write a day in them, or leave the key out for a rule that does not end`,
      ],
    })),
    {
      rule: '{ host: a.example.com, expires: +010000-01-01 }',
      says: [
        '6:41: expires "+010000-01-01" is not a day of the calendar; write the last day on which the rule counts as year-month-day, like 2027-06-30',
      ],
    },
    {
      text: 'version: 1\ngroups: { g: [{ host: a.example.com }] }\nworkloads: { a: { port: 10000, allow: [{ group: g, expires: 9999-12-31 }] } }',
      says: [
        '3:61: expires "9999-12-31" lies outside the years 1970 to 9998, which Envoy can compare; write a day in them, or leave the key out for a rule that does not end',
      ],
    },
  ],
  cidr_syntax: [
    {
      rule: '{ host: a.example.com, private: [10.0.0.0/33, 10.0.0.1, ten, 10.0/8, 010.0.0.0/8, "fe80::%1/64"] }',
      says: [
        '6:42: network "10.0.0.0/33" is not a network; write an address, a slash and the number of leading bits, like "10.0.0.0/8" or "fd12:3456::/48"',
        '6:55: network "10.0.0.1" is a bare address; write the network, for this one address "10.0.0.1/32"',
        '6:65: network "ten" is not a network; write an address, a slash and the number of leading bits, like "10.0.0.0/8" or "fd12:3456::/48"',
        '6:70: network "10.0/8" is not a network; write an address, a slash and the number of leading bits, like "10.0.0.0/8" or "fd12:3456::/48"',
        '6:78: network "010.0.0.0/8" is not a network; write an address, a slash and the number of leading bits, like "10.0.0.0/8" or "fd12:3456::/48"',
        '6:91: network "fe80::%1/64" is not a network; write an address, a slash and the number of leading bits, like "10.0.0.0/8" or "fd12:3456::/48"',
      ],
    },
  ],
  cidr_host_bits: [
    {
      rule: '{ host: a.example.com, private: [10.1.2.3/8] }',
      says: [
        '6:42: network "10.1.2.3/8" has bits set behind its prefix; write the network "10.0.0.0/8", or the one address "10.1.2.3/32"',
      ],
    },
    {
      rule: '{ host: a.example.com, private: ["fd12:3456::1/32"] }',
      says: [
        '6:42: network "fd12:3456::1/32" has bits set behind its prefix; write the network "fd12:3456::/32", or the one address "fd12:3456::1/128"',
      ],
    },
  ],
  cidr_everything: [
    {
      rule: '{ host: a.example.com, private: [0.0.0.0/0, "::/0"] }',
      says: [
        '6:42: network "0.0.0.0/0" is every address there is; name the networks in which the hosts really are, like "10.20.0.0/16"',
        '6:53: network "::/0" is every address there is; name the networks in which the hosts really are, like "10.20.0.0/16"',
      ],
    },
  ],
  cidr_embeds_ipv4: [
    {
      rule: '{ host: a.example.com, private: ["::ffff:10.0.0.0/104", "64:ff9b::/96", "2000::/3", "::/127", "::ffff:0:a00:0/104"] }',
      says: [
        '6:42: network "::ffff:10.0.0.0/104" holds IPv4-mapped addresses (::ffff:0:0/96, RFC 4291 section 2.5.5.2), which carry IPv4 addresses; write the IPv4 range, or a narrower IPv6 range without them',
        '6:65: network "64:ff9b::/96" holds NAT64 addresses (64:ff9b::/96, RFC 6052), which carry IPv4 addresses; write the IPv4 range, or a narrower IPv6 range without them',
        '6:81: network "2000::/3" holds Teredo addresses (2001::/32, RFC 4380), which carry IPv4 addresses; write the IPv4 range, or a narrower IPv6 range without them',
        '6:93: network "::/127" holds IPv4-compatible addresses (::/96, RFC 4291 section 2.5.5.1), which carry IPv4 addresses; write the IPv4 range, or a narrower IPv6 range without them',
        '6:103: network "::ffff:0:a00:0/104" holds IPv4-translated addresses (::ffff:0:0:0/96, RFC 2765 section 2.1), which carry IPv4 addresses; write the IPv4 range, or a narrower IPv6 range without them',
      ],
    },
  ],
  cidr_metadata: [
    {
      rule: '{ host: a.example.com, private: [169.254.169.254/32] }',
      says: [
        '6:42: network "169.254.169.254/32" holds metadata addresses alone (169.254.0.0/16: link-local, with AWS, GCP and Azure metadata), which no rule reaches; remove it',
      ],
    },
    {
      rule: '{ host: a.example.com, private: [100.100.100.200/32, 10.0.0.0/8] }',
      says: [
        '6:42: network "100.100.100.200/32" holds metadata addresses alone (100.100.100.200/32: Alibaba Cloud metadata), which no rule reaches; remove it',
      ],
    },
    {
      rule: '{ host: a.example.com, private: ["fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128", "fd00:42::42/128"] }',
      says: [
        '6:42: network "fd20:ce::254/128" holds metadata addresses alone (fd20:ce::254/128: GCP metadata over IPv6), which no rule reaches; remove it',
        '6:62: network "fd00:c1::a9fe:a9fe/128" holds metadata addresses alone (fd00:c1::a9fe:a9fe/128: Oracle Cloud metadata over IPv6), which no rule reaches; remove it',
        '6:88: network "fd00:42::42/128" holds metadata addresses alone (fd00:42::42/128: Scaleway metadata over IPv6), which no rule reaches; remove it',
      ],
    },
  ],
  address_syntax: [
    {
      rule: '{ host: a.example.com, address: 10.0.3.7 }',
      says: [
        '6:41: address "10.0.3.7" is not an IP address and a port; write it like "10.0.3.7:8443" or "[fd12:3456::7]:8443"',
      ],
    },
    {
      rule: '{ host: a.example.com, address: "fd12::7:443" }',
      says: [
        '6:41: address "fd12::7:443" is not an IP address and a port; write it like "10.0.3.7:8443" or "[fd12:3456::7]:8443"',
      ],
    },
    {
      rule: '{ host: a.example.com, address: "a.example.com:443" }',
      says: [
        '6:41: address "a.example.com:443" is not an IP address and a port; write it like "10.0.3.7:8443" or "[fd12:3456::7]:8443"',
      ],
    },
    {
      rule: '{ host: a.example.com, address: "1.2.3.4:65536" }',
      says: [
        '6:41: address "1.2.3.4:65536" is not an IP address and a port; write it like "10.0.3.7:8443" or "[fd12:3456::7]:8443"',
      ],
    },
    {
      rule: '{ host: a.example.com, address: "[1.2.3.4]:80" }',
      says: [
        '6:41: address "[1.2.3.4]:80" is not an IP address and a port; write it like "10.0.3.7:8443" or "[fd12:3456::7]:8443"',
      ],
    },
  ],
  address_metadata: [
    {
      rule: '{ host: a.example.com, address: "169.254.169.254:80", private: [169.0.0.0/8] }',
      says: [
        '6:41: address "169.254.169.254:80" lies in 169.254.0.0/16 (link-local, with AWS, GCP and Azure metadata), which no rule reaches; write another address',
      ],
    },
    {
      rule: '{ host: a.example.com, address: "[::ffff:10.0.0.1]:80" }',
      says: [
        '6:41: address "[::ffff:10.0.0.1]:80" lies in ::ffff:0:0/96 (IPv4-mapped), which no rule reaches; write another address',
      ],
    },
    {
      rule: '{ host: a.example.com, address: "[::ffff:0:10.0.0.1]:80" }',
      says: [
        '6:41: address "[::ffff:0:10.0.0.1]:80" lies in ::ffff:0:0:0/96 (IPv4-translated), which no rule reaches; write another address',
      ],
    },
    {
      rule: '{ host: a.example.com, address: "[fd20:ce::254]:80", private: ["fd20::/16"] }',
      says: [
        '6:41: address "[fd20:ce::254]:80" lies in fd20:ce::254/128 (GCP metadata over IPv6), which no rule reaches; write another address',
      ],
    },
  ],
  address_outside_private: [
    {
      rule: '{ host: a.example.com, address: "10.0.3.7:8443" }',
      says: ['6:41: address "10.0.3.7:8443" is not public (10.0.0.0/8: private); add `private: ["10.0.3.7/32"]`'],
    },
    {
      rule: '{ host: a.example.com, address: "10.0.3.7:8443", private: [10.1.0.0/16] }',
      says: [
        '6:41: address "10.0.3.7:8443" lies outside the rule\'s `private` (10.1.0.0/16); write an address inside, or add its network',
      ],
    },
  ],
  group_unknown: [
    { rule: 'group: nope', says: ['6:16: group "nope" is not in this file; it has no groups: add it under `groups`'] },
    {
      text: 'version: 1\ngroups: { one: [], two: [] }\nworkloads: { a: { port: 10000, allow: [{ group: three }] } }',
      says: ['3:49: group "three" is not in this file; write one of "one", "two", or add it under `groups`'],
    },
  ],
  group_nested: [
    {
      text: 'version: 1\ngroups: { one: [], two: [{ group: one }] }',
      says: ['2:28: group "two" refers to group "one"; a group holds rules alone: write them here'],
    },
  ],
  group_keys: [
    {
      text: 'version: 1\ngroups: { one: [] }\nworkloads: { a: { port: 10000, allow: [{ group: one, ports: [80] }] } }',
      says: [
        "3:54: `ports` cannot change the rules of a group; beside `group` stand only `owner`, `reason` and `expires`: write it in the group's rules",
      ],
    },
  ],
  preset_unknown: [
    {
      rule: 'preset: githib',
      says: [
        '6:17: preset "githib" does not exist (did you mean "github"?); write one of anthropic, bitbucket, brave-search, crates, github, gitlab, go, google-gemini, maven, mistral, npm, openai, pypi, slack, tavily, or name the hosts yourself',
      ],
    },
  ],
  preset_keys: [
    {
      rule: '{ preset: npm, ports: [80] }',
      says: [
        '6:24: `ports` cannot change the rules of a preset; beside `preset` stand only `owner`, `reason` and `expires`: write the hosts as a rule of your own',
      ],
    },
  ],
};
