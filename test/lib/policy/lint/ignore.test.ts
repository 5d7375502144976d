import { EgressPolicy, review, toObject } from '../../../../lib/policy';

const AT = new Date('2026-06-15T12:00:00Z');

function reviewed(text: string) {
  const { warnings, accepted } = review(EgressPolicy.fromYaml(text, { file: 'e.yaml' }), { at: AT });
  return {
    warnings: warnings.map(({ line, column, code }) => `${line}:${column} ${code}`),
    accepted: accepted.map(({ line, column, code, because }) => `${line}:${column} ${code}: ${because}`),
  };
}

/** The lines of a workload's `allow`, from line 6 on; whatever else could be warned of is right. */
function rules(...lines: string[]) {
  const head = 'version: 1\nworkloads:\n  a:\n    port: 10000\n    allow:\n';
  return reviewed(`${head}${lines.map((line) => `      ${line}\n`).join('')}    limits: { connections: 5 }\n`);
}

const WILD = '- host: "*.example.com"';
const NOTES = ['  owner: me', '  reason: why'];
const ACCEPTED = { warnings: [], accepted: ['6:9 wildcard: one owner'] };

describe('a comment accepts a warning', () => {
  it.each<[string, string[]]>([
    ['on the first line of the rule', [`${WILD} # egress-ignore: wildcard one owner`, ...NOTES]],
    ['on another of its lines', [WILD, '  owner: me', '  reason: why # egress-ignore: wildcard one owner']],
    [
      'on a line of its own in the rule',
      [WILD, '  owner: me', '  # egress-ignore: wildcard one owner', '  reason: why'],
    ],
    [
      'behind a flow mapping',
      ['- { host: "*.example.com", owner: me, reason: why } # egress-ignore: wildcard one owner'],
    ],
    [
      'in a flow mapping',
      ['- { host: "*.example.com", owner: me, # egress-ignore: wildcard one owner', '    reason: why }'],
    ],
    ['without the colon, with a dash', [`${WILD} #egress-ignore wildcard - one owner`, ...NOTES]],
  ])('%s', (_, lines) => expect(rules(...lines)).toEqual(ACCEPTED));

  it.each<[string, string[]]>([
    ['on the line above', ['# egress-ignore: wildcard one owner', WILD, ...NOTES]],
    ['above other comments', ['# egress-ignore: wildcard one owner', '# more', WILD, ...NOTES]],
  ])('%s', (_, lines) => {
    const line = 6 + lines.indexOf(WILD);
    expect(rules(...lines)).toEqual({ warnings: [], accepted: [`${line}:9 wildcard: one owner`] });
  });

  it('of several codes with one reason', () => {
    expect(rules(`${WILD} # egress-ignore: wildcard, no_owner,no_reason one, owner`)).toEqual({
      warnings: [],
      accepted: ['6:9 no_owner: one, owner', '6:9 no_reason: one, owner', '6:9 wildcard: one, owner'],
    });
  });

  it('at the key of a workload or of a group, and for all rules that a group holds', () => {
    expect(
      reviewed(`version: 1
groups:
  g: # egress-ignore: unused_group kept for later
    - { host: a.example.com, owner: me, reason: why }
  h:
    # egress-ignore: no_owner nobody's
    - { host: b.example.com, reason: why }
workloads:
  # egress-ignore: no_limits small
  a: { port: 10000, allow: [{ group: h }] }
  b: # egress-ignore: no_limits, no_rules nothing yet
    port: 10001
`),
    ).toEqual({
      warnings: [],
      accepted: [
        '3:3 unused_group: kept for later',
        "7:7 no_owner: nobody's",
        '10:3 no_limits: small',
        '11:3 no_limits: nothing yet',
        '11:3 no_rules: nothing yet',
      ],
    });
  });

  it.each([
    ['# egress-ignore: observe first week\nversion: 1\nmode: observe\n'],
    ['# a policy\n# egress-ignore: observe first week\n\nversion: 1\nmode: observe\n'],
    ['version: 1\nmode: observe # egress-ignore: observe first week\n'],
    ['version: 1\n# egress-ignore: observe first week\nmode: observe\n'],
  ])('for the file: %j', (text) => {
    expect(reviewed(text)).toEqual({ warnings: [], accepted: ['1:1 observe: first week'] });
  });

  it('of dates before their day comes', () => {
    expect(
      rules(
        '- { host: a.example.com, owner: me, reason: why, expires: 2030-01-01 } # egress-ignore: expires_soon, expired known',
      ),
    ).toEqual({ warnings: [], accepted: [] });
  });
});

describe('a comment accepts nothing', () => {
  it.each<[string, string[], string[]]>([
    ['without a reason', [`${WILD} # egress-ignore: wildcard`, ...NOTES], ['6:9 wildcard', '6:31 ignore_no_reason']],
    [
      'with blanks and a dash for a reason',
      [`${WILD} # egress-ignore: wildcard -  `, ...NOTES],
      ['6:9 wildcard', '6:31 ignore_no_reason'],
    ],
    ['of another code', [`${WILD} # egress-ignore: no_owner x`, ...NOTES], ['6:9 wildcard', '6:31 ignore_unused']],
    [
      'of an unknown code, but of those beside it',
      [`${WILD} # egress-ignore: wildcards, wildcard x`, ...NOTES],
      ['6:31 ignore_unknown'],
    ],
    ['two lines above', ['# egress-ignore: wildcard x', '', WILD, ...NOTES], ['6:7 ignore_unused', '8:9 wildcard']],
    [
      'at another rule',
      ['- { host: b.example.org, owner: me, reason: why } # egress-ignore: wildcard x', WILD, ...NOTES],
      ['6:57 ignore_unused', '7:9 wildcard'],
    ],
    [
      'in a text that looks like a comment',
      ['- host: "*.example.com"', '  owner: me', '  reason: "# egress-ignore: wildcard x"'],
      ['6:9 wildcard'],
    ],
    ['behind other words', [`${WILD} # see egress-ignore: wildcard x`, ...NOTES], ['6:9 wildcard']],
  ])('%s', (_, lines, warnings) => {
    expect(rules(...lines).warnings).toEqual(warnings);
  });

  it('in another file', () => {
    const policy = (file: string, comment: string) =>
      EgressPolicy.fromYaml(`version: 1\nworkloads:\n  a: { port: 10000, allow: [] }${comment}\n`, { file });
    const merged = EgressPolicy.merge(policy('a.yaml', ''), policy('b.yaml', ' # egress-ignore: no_limits x'));
    const { warnings } = review(merged, { at: AT });
    expect(warnings.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'a.yaml no_limits',
      'a.yaml no_rules',
      'b.yaml ignore_unused',
    ]);
  });
});

test('comments change nothing of what a policy means', () => {
  const lines = ['- host: "*.example.com"', '  expires: 2030-01-01', '- host: b.example.com'];
  const text = (comment: string) =>
    `version: 1\nworkloads:\n  a:\n    port: 10000\n    allow:\n${lines.map((line) => `      ${line}${comment}\n`).join('')}`;
  const [plain, accepted] = [text(''), text(' # egress-ignore: wildcard, expired, no_owner x')].map((each) =>
    EgressPolicy.fromYaml(each),
  );
  expect(accepted?.hash).toBe(plain?.hash);
  expect(accepted && toObject(accepted)).toEqual(plain && toObject(plain));
  expect(accepted?.ignores).toHaveLength(3);
});

test('a policy from an object has no comments', () => {
  expect(EgressPolicy.fromObject({ version: 1 }).ignores).toEqual([]);
});
