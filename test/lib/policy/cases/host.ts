import type { ProblemCases } from './cases';

/** Hosts that are names. */
export const HOST_CASES: ProblemCases = {
  host_choice: [
    {
      rule: '{ ports: [443] }',
      says: ['6:9: the rule names no hosts; write exactly one of `host`, `hosts`, `group`, `preset`'],
    },
    {
      rule: '{ host: a.example.com, hosts: [b.example.com] }',
      says: ['6:9: `host` and `hosts` stand in one rule; write exactly one of `host`, `hosts`, `group`, `preset`'],
    },
    {
      text: 'version: 1\ngroups: { g: [] }\nworkloads: { a: { port: 10000, allow: [{ host: a.example.com, group: g }] } }',
      says: ['3:40: `host` and `group` stand in one rule; write exactly one of `host`, `hosts`, `group`, `preset`'],
    },
    {
      text: 'version: 1\ngroups: { g: [{ ports: [1] }] }',
      says: ['2:15: the rule names no hosts; write exactly one of `host`, `hosts`'],
    },
  ],
  host_empty: [{ rule: 'host: ""', says: ['6:15: host "": a host is empty; write a name like "api.example.com"'] }],
  host_yaml_word: [
    {
      rule: 'host: no',
      says: ['6:15: host "no": some YAML readers take this word for a boolean or for nothing; write it in quotes'],
    },
    {
      rule: 'hosts: [on, a.example.com]',
      says: ['6:17: host "on": some YAML readers take this word for a boolean or for nothing; write it in quotes'],
    },
  ],
  host_space: [
    {
      rule: 'host: a.example.com b.example.com',
      says: [
        '6:15: host "a.example.com b.example.com": a host holds no spaces; write one host, or several as a list: `hosts: [a.example.com, b.example.com]`',
      ],
    },
    {
      rule: 'host: "a.example.com\\t"',
      says: [
        '6:15: host "a.example.com\\t": a host holds no spaces; write one host, or several as a list: `hosts: [a.example.com, b.example.com]`',
      ],
    },
  ],
  host_character: [
    {
      rule: 'host: "exam\\u200bple.com"',
      says: ['6:15: host "exam\\u{200b}ple.com": the character U+200B cannot be seen; type the name again without it'],
    },
    {
      rule: 'host: "\\e[31mexample.com"',
      says: [
        '6:15: host "\\u001b[31mexample.com": the character U+001B cannot be seen; type the name again without it',
      ],
    },
    {
      rule: 'host: "a.example.com\\u202e"',
      says: [
        '6:15: host "a.example.com\\u{202e}": the character U+202E cannot be seen; type the name again without it',
      ],
    },
    {
      rule: 'host: a%2eexample.com',
      says: ['6:15: host "a%2eexample.com": "%" cannot stand in a host; letters, digits, "-" and "." can'],
    },
    {
      rule: 'host: a,b.example.com',
      says: ['6:15: host "a,b.example.com": "," cannot stand in a host; letters, digits, "-" and "." can'],
    },
    {
      rule: 'host: "[a.example.com]"',
      says: [
        '6:15: host "[a.example.com]": colons and brackets stand only in an IPv6 address, and this is none; write a name like "api.example.com" or an address like "fd12:3456::7"',
      ],
    },
    {
      rule: 'host: a:b',
      says: [
        '6:15: host "a:b": colons and brackets stand only in an IPv6 address, and this is none; write a name like "api.example.com" or an address like "fd12:3456::7"',
      ],
    },
  ],
  host_scheme: [
    {
      rule: 'host: https://user:secret@api.example.com:8443/v1?key=1',
      says: [
        '6:15: host "https://user:secret@api.example.com:8443/v1?key=1": this is a URL; write the host alone: "api.example.com"',
      ],
    },
    {
      rule: 'host: "//api.example.com"',
      says: ['6:15: host "//api.example.com": this is a URL; write the host alone: "api.example.com"'],
    },
  ],
  host_userinfo: [
    {
      rule: 'host: user@api.example.com',
      says: [
        '6:15: host "user@api.example.com": a host holds no user name; write what stands behind the @: "api.example.com"',
      ],
    },
  ],
  host_path: [
    {
      rule: 'host: api.example.com/v1',
      says: [
        '6:15: host "api.example.com/v1": a host holds no path; write the host alone: "api.example.com"; an http rule narrows paths with `paths`',
      ],
    },
    {
      rule: 'host: "api.example.com?x"',
      says: [
        '6:15: host "api.example.com?x": a host holds no path; write the host alone: "api.example.com"; an http rule narrows paths with `paths`',
      ],
    },
  ],
  host_port: [
    {
      rule: 'host: api.example.com:8443',
      says: [
        '6:15: host "api.example.com:8443": a host holds no port; write the host "api.example.com" and `ports: [8443]`',
      ],
    },
    {
      rule: 'host: "[fd12::7]:8443"',
      says: ['6:15: host "[fd12::7]:8443": a host holds no port; write the host "[fd12::7]" and `ports: [8443]`'],
    },
  ],
  host_everything: [
    {
      rule: 'host: "*"',
      says: [
        '6:15: host "*": there is no rule for every host; name each host; `mode: observe` lets everything pass and logs it',
      ],
    },
  ],
  host_wildcard: [
    {
      rule: 'host: api.*.example.com',
      says: [
        '6:15: host "api.*.example.com": a wildcard is "*." in front of a name, which means any depth below it; write one like "*.example.com", or the exact names',
      ],
    },
    {
      rule: 'host: "*api.example.com"',
      says: [
        '6:15: host "*api.example.com": a wildcard is "*." in front of a name, which means any depth below it; write one like "*.example.com", or the exact names',
      ],
    },
    {
      rule: 'host: "*.*.example.com"',
      says: [
        '6:15: host "*.*.example.com": a wildcard is "*." in front of a name, which means any depth below it; write one like "*.example.com", or the exact names',
      ],
    },
    {
      rule: 'host: a.*.com',
      says: [
        '6:15: host "a.*.com": a wildcard is "*." in front of a name, which means any depth below it; write one like "*.example.com", or the exact names',
      ],
    },
    {
      rule: 'host: "*."',
      says: [
        '6:15: host "*.": a wildcard is "*." in front of a name, which means any depth below it; write one like "*.example.com", or the exact names',
      ],
    },
  ],
  host_public_suffix: [
    {
      rule: 'host: "*.com"',
      says: [
        '6:15: host "*.com": anybody can get a name below "com" (public suffix list); name the hosts, or a wildcard on a name of one owner, like "*.example.com"',
      ],
    },
    {
      rule: 'host: "*.co.uk"',
      says: [
        '6:15: host "*.co.uk": anybody can get a name below "co.uk" (public suffix list); name the hosts, or a wildcard on a name of one owner, like "*.example.co.uk"',
      ],
    },
    {
      rule: 'host: "*.github.io"',
      says: [
        '6:15: host "*.github.io": anybody can get a name below "github.io" (public suffix list); name the hosts, or a wildcard on a name of one owner, like "*.example.github.io"',
      ],
    },
    {
      rule: 'host: "*.ck"',
      says: [
        '6:15: host "*.ck": anybody can get a name below "ck" (public suffix list); name the hosts, or a wildcard on a name of one owner, like "*.example.ck"',
      ],
    },
    {
      rule: 'host: "*.compute.amazonaws.com"',
      says: [
        '6:15: host "*.compute.amazonaws.com": anybody can get a name below "compute.amazonaws.com" (public suffix list); name the hosts, or a wildcard on a name of one owner, like "*.example.compute.amazonaws.com"',
      ],
    },
    {
      rule: 'host: com',
      says: ['6:15: host "com": this is a top-level domain, not a host; write a whole name, like "www.example.com"'],
    },
    {
      rule: 'host: "*.internal"',
      says: [
        '6:15: host "*.internal": "internal" is a top-level name; write a wildcard on a longer name, or add `private` with the networks that these names may resolve to',
      ],
    },
  ],
  host_label: [
    {
      rule: 'host: a..example.com',
      says: ['6:15: host "a..example.com": a label is empty; write one dot between two labels'],
    },
    {
      rule: 'host: .example.com',
      says: [
        '6:15: host ".example.com": a label is empty; for every name below write "*.example.com", for the name itself "example.com"',
      ],
    },
    {
      rule: 'host: -a.example.com',
      says: [
        '6:15: host "-a.example.com": the label "-a" is not allowed; a label is made of letters, digits and "-", and neither begins nor ends with "-"',
      ],
    },
    {
      rule: 'hosts: [_dmarc.example.com, "*.a_b.example.com", example_.com]',
      says: [
        '6:17: host "_dmarc.example.com": the label "_dmarc" holds an underscore, and Envoy\'s HTTP/1 parser refuses such a host with 400; name a host without one: no server behind the gateway is reached under this name',
        '6:37: host "*.a_b.example.com": the label "a_b" holds an underscore, and Envoy\'s HTTP/1 parser refuses such a host with 400; name a host without one: no server behind the gateway is reached under this name',
        '6:58: host "example_.com": the label "example_" holds an underscore, and Envoy\'s HTTP/1 parser refuses such a host with 400; name a host without one: no server behind the gateway is reached under this name',
      ],
    },
    {
      rule: 'host: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com',
      says: [
        '6:15: host "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com": the label "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" has 64 characters; a label has at most 63 (RFC 1035)',
      ],
    },
    {
      rule: 'host: abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.de',
      says: [
        '6:15: host "abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc\u2026: the name has 254 characters; a name has at most 253 (RFC 1035)',
      ],
    },
  ],
  host_idna: [
    {
      rule: 'host: xn--a.example.com',
      says: [
        '6:15: host "xn--a.example.com": this is not a valid international name (UTS #46); write the name as it stands in the address bar of a browser, or its "xn--" form',
      ],
    },
    {
      rule: 'host: "\\u0300a.example.com"',
      says: [
        '6:15: host "\u0300a.example.com": this is not a valid international name (UTS #46); write the name as it stands in the address bar of a browser, or its "xn--" form',
      ],
    },
  ],
};
