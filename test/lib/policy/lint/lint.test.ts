import { parse } from 'tldts';
import { EgressPolicy, lint, normaliseHost, WARNING_CODES, type WarningCode } from '../../../../lib/policy';
import { ACCEPTS_UPLOADS, DNS_OVER_HTTPS, SHARED_HOSTING } from '../../../../lib/policy/lint/risky-hosts';

const AT = new Date('2026-06-15T12:00:00Z');

/** A policy without warnings but for what the entries of `allow` bring; the first one stands at line 6, column 9. */
function withRules(...rules: string[]): EgressPolicy {
  const allow = rules.map((rule) => `      - ${rule}\n`).join('');
  return EgressPolicy.fromYaml(
    `version: 1\nworkloads:\n  a:\n    port: 10000\n    allow:\n${allow}    limits: { connections: 5 }`,
    {
      file: 'e.yaml',
    },
  );
}

const told = (policy: EgressPolicy, at = AT) =>
  lint(policy, { at }).map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`);
const rule = (keys: string) => `{ ${keys}, owner: me, reason: why }`;

const CASES: Record<WarningCode, readonly (readonly [policy: EgressPolicy, warning: string])[]> = {
  observe: [
    [
      EgressPolicy.fromYaml('# a comment\nversion: 1\nmode: observe'),
      '1:1 observe: the mode is observe, so what no rule allows passes and is only logged; write `mode: enforce` when the log holds no surprises',
    ],
    [
      EgressPolicy.fromObject({ version: 1, mode: 'observe' }),
      '0:0 observe: the mode is observe, so what no rule allows passes and is only logged; write `mode: enforce` when the log holds no surprises',
    ],
  ],
  no_rules: [
    [
      EgressPolicy.fromYaml('version: 1\nworkloads: { a: { port: 10000, limits: { connections: 5 } } }'),
      '2:14 no_rules: workload "a" has no rules, so nothing leaves it; add rules under `allow`, or remove the workload',
    ],
  ],
  no_limits: [
    [
      EgressPolicy.fromYaml(
        'version: 1\nworkloads: { a: { port: 10000, allow: [{ host: a.example.com, owner: me, reason: why }] } }',
      ),
      '2:14 no_limits: workload "a" has no limits, so it may use all the gateway has; write `limits: { requestsPerSecond: 50, connections: 200 }`',
    ],
  ],
  no_owner: [
    [
      withRules('{ host: a.example.com, reason: why }'),
      '6:9 no_owner: rule "a.example.com:443" has no owner; write who answers for it as `owner: …`',
    ],
  ],
  no_reason: [
    [
      withRules('{ host: a.example.com, owner: me }'),
      '6:9 no_reason: rule "a.example.com:443" has no reason; write why it is there as `reason: …`',
    ],
  ],
  expired: [
    [
      withRules(rule('host: a.example.com, expires: 2026-06-14')),
      '6:9 expired: rule "a.example.com:443" counted through 2026-06-14 and refuses since; remove it, or write a later `expires`',
    ],
  ],
  expires_soon: [
    [
      withRules(rule('host: a.example.com, expires: 2026-06-15')),
      '6:9 expires_soon: rule "a.example.com:443" counts through 2026-06-15, less than 14 days from now; write a later `expires`, or tell its owner',
    ],
  ],
  tcp_443: [
    [
      withRules(rule('host: a.example.com, protocol: tcp, ports: [443]')),
      '6:9 tcp_443: rule "a.example.com:443" opens port 443 as tcp, so no server name is compared; leave `protocol` out if the host speaks TLS',
    ],
  ],
  shared_hosting: [
    [
      withRules(rule('host: "*.amazonaws.com"')),
      '6:9 shared_hosting: host "*.amazonaws.com": amazonaws.com holds the buckets, functions and APIs of every customer of a cloud; name the exact hosts',
    ],
    [
      withRules(rule('host: "*.eu-west-1.amazonaws.com"')),
      '6:9 shared_hosting: host "*.eu-west-1.amazonaws.com": amazonaws.com holds the buckets, functions and APIs of every customer of a cloud; name the exact hosts',
    ],
  ],
  accepts_uploads: [
    [
      withRules(rule('host: pastebin.com')),
      '6:9 accepts_uploads: host "pastebin.com": pastebin.com stores text or files that anybody posts; allow another host if you can',
    ],
    [
      withRules(`${rule('host: "*.github.com"')} # egress-ignore: wildcard test`),
      '6:9 accepts_uploads: host "*.github.com": gist.github.com stores text or files that anybody posts; allow another host if you can',
    ],
    [
      withRules(rule('host: my-id.oast.pro')),
      '6:9 accepts_uploads: host "my-id.oast.pro": oast.pro shows the requests it gets to whoever set it up; allow another host if you can',
    ],
  ],
  dns_over_https: [
    [
      withRules(rule('host: dns.google')),
      '6:9 dns_over_https: host "dns.google": dns.google answers DNS over HTTPS, through which names that no rule allows can be asked and data can leave; remove it: the gateway resolves every name itself',
    ],
  ],
  homograph: [
    [
      withRules(rule('host: p\u0430ypal.com')),
      '6:9 homograph: host "xn--pypal-4ve.com": its label "p\u0430ypal" mixes Latin and Cyrillic letters; make sure that it is the name you mean',
    ],
    [
      withRules(rule('host: xn--80ak6aa92e.com')),
      '6:9 homograph: host "xn--80ak6aa92e.com": its label "\u0430\u0440\u0440\u04cf\u0435" is made of Cyrillic letters that look like Latin ones; make sure that it is the name you mean',
    ],
  ],
  path_star: [
    [
      withRules(`${rule('host: a.example.com, protocol: http, paths: [/public/*]')} # egress-ignore: plain_http test`),
      '6:9 path_star: path "/public/*": a star stands for itself here, a path is a prefix already; write "/public/"',
    ],
  ],
  redundant: [
    [
      withRules(rule('host: a.example.com'), `${rule('host: "*.example.com"')} # egress-ignore: wildcard test`),
      '6:9 redundant: rule "a.example.com:443" allows nothing that the rule "*.example.com:443" at e.yaml:7:9 does not allow; remove one',
    ],
  ],
  unused_group: [
    [
      EgressPolicy.fromYaml('version: 1\ngroups: { g: [{ host: a.example.com }] }'),
      '2:11 unused_group: group "g" stands in no workload; write `- group: g` under an `allow`, or remove it',
    ],
  ],
  wildcard: [
    [
      withRules(rule('hosts: ["*.example.com", "a.example.org"]')),
      '6:9 wildcard: host "*.example.com": a wildcard opens every name below "example.com", also those that come later; name the exact hosts',
    ],
    [
      withRules(rule('host: "*.bucket.s3.amazonaws.com"')),
      '6:9 wildcard: host "*.bucket.s3.amazonaws.com": a wildcard opens every name below "bucket.s3.amazonaws.com", also those that come later; name the exact hosts',
    ],
  ],
  plain_http: [
    [
      withRules(rule('host: a.example.com, protocol: http')),
      '6:9 plain_http: rule "a.example.com:80" sends plain HTTP over the Internet, where whoever is on the way reads and changes it; leave `protocol` out if the host speaks TLS',
    ],
  ],
  wide_private: [
    [
      withRules(rule('host: a.internal, private: [10.0.0.0/15, 192.168.0.0/16]')),
      '6:9 wide_private: rule "a.internal:443" reaches private addresses in 10.0.0.0/15, which is wider than a network of one owner needs (/16, IPv6 /48); write the networks in which the hosts really are',
    ],
    [
      withRules(rule('host: a.internal, private: ["fd12::/16"]')),
      '6:9 wide_private: rule "a.internal:443" reaches private addresses in fd12::/16, which is wider than a network of one owner needs (/16, IPv6 /48); write the networks in which the hosts really are',
    ],
  ],
  ignore_no_reason: [
    [
      withRules(`${rule('host: a.example.com')} # egress-ignore: expired`),
      '6:57 ignore_no_reason: the comment accepts "expired" without a reason; write `# egress-ignore: CODE reason`, several codes with commas between them',
    ],
    [
      withRules(`${rule('host: a.example.com')} # egress-ignore:`),
      '6:57 ignore_no_reason: the comment accepts nothing without a reason; write `# egress-ignore: CODE reason`, several codes with commas between them',
    ],
  ],
  ignore_unknown: [
    [
      withRules(`${rule('host: a.example.com')} # egress-ignore: wild-card for a test`),
      '6:57 ignore_unknown: the comment accepts "wild-card", which is no code (did you mean "wildcard"?); write `# egress-ignore: CODE reason`, several codes with commas between them',
    ],
    [
      withRules(`${rule('host: a.example.com')} # egress-ignore: ignore_unused for a test`),
      '6:57 ignore_unknown: the comment accepts "ignore_unused", which is no code; write `# egress-ignore: CODE reason`, several codes with commas between them',
    ],
  ],
  ignore_unused: [
    [
      withRules(`${rule('host: a.example.com')} # egress-ignore: wildcard for a test`),
      '6:57 ignore_unused: the comment accepts "wildcard", and nothing of it is found here; remove it, or write it on the lines of the rule, workload or group that it is about, or right above',
    ],
  ],
};

describe.each(WARNING_CODES)('%s', (code) => {
  test('has a case', () => expect(CASES[code].length).toBeGreaterThan(0));
  test.each(CASES[code].map(([policy, warning]) => [warning, policy] as const))('%s', (warning, policy) => {
    expect(told(policy)).toEqual([warning]);
  });
});

describe('nothing is said of', () => {
  test.each([
    ['an ordinary rule', rule('host: a.example.com')],
    ['plain HTTP to private addresses', rule('host: a.internal, protocol: http, private: [10.0.0.0/16]')],
    ['private networks that are narrow', rule('host: a.internal, private: [10.0.0.0/16, "fd12:3456:789a::/48"]')],
    ['an exact host of a cloud', rule('host: sts.eu-west-1.amazonaws.com')],
    ['a host whose name only ends alike', rule('host: notpastebin.com')],
    ['a name in one script', rule('host: bücher.example')],
    ['a Japanese name', rule('host: 日本のweb.jp')],
    ['a Russian name', rule('host: пример.рф')],
    ['tcp on another port', rule('host: db.example.com, protocol: tcp, ports: [5432]')],
    ['an end in 15 days', rule('host: a.example.com, expires: 2026-06-30')],
  ])('%s', (_what, text) => expect(told(withRules(text))).toEqual([]));
});

test('a rule counts through its last day (UTC)', () => {
  const policy = withRules(rule('host: a.example.com, expires: 2026-06-14'));
  const code = (at: string) => lint(policy, { at: new Date(at) }).map((warning) => warning.code);
  expect(code('2026-06-14T23:59:59.999Z')).toEqual(['expires_soon']);
  expect(code('2026-06-15T00:00:00Z')).toEqual(['expired']);
  expect(code('2026-05-31T23:59:59.999Z')).toEqual([]);
  expect(code('2026-06-01T00:00:00Z')).toEqual(['expires_soon']);
});

test('what a group brings into several workloads is told once', () => {
  const policy = EgressPolicy.fromYaml(`version: 1
groups: { g: [{ host: a.example.com, reason: why }] }
workloads:
  a: { port: 10000, allow: [{ group: g }], limits: { connections: 5 } }
  b: { port: 10001, allow: [{ group: g }], limits: { connections: 5 } }`);
  expect(told(policy)).toEqual([
    '2:15 no_owner: rule "a.example.com:443" has no owner; write who answers for it as `owner: …`',
  ]);
});

describe('the lists', () => {
  const names = (lists: typeof SHARED_HOSTING) => lists.flatMap((list) => list.names);

  test.each([...names(SHARED_HOSTING), ...names(ACCEPTS_UPLOADS), ...names(DNS_OVER_HTTPS)])(
    '%s is a normalised host',
    (name) => {
      expect(normaliseHost(name)).toEqual({ host: name, kind: 'name' });
    },
  );

  test.each(names(SHARED_HOSTING))(
    '%s is not on the public suffix list, where it would be an error already',
    (name) => {
      expect(parse(name, { allowPrivateDomains: true }).publicSuffix).not.toBe(name);
    },
  );
});
