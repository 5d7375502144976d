import { describeInNamespace } from '../support/namespace';
import { groupSchema, type Case } from './case';
import { faultsOf, rowOf } from './report';
import { Arena } from './run-corpus';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow: [{ host: plain.allowed.test, protocol: http }, { host: api.allowed.test }]
`;

function get(name: string, url: string, more: Partial<Case> = {}): Case {
  const send = `GET ${url} HTTP/1.1\r\nHost: a\r\n\r\n`;
  return { name, steps: [{ send }], expect: 'refused', ...more };
}

/** The harness against a gateway whose policy is not what the cases think. */
describeInNamespace('a corpus with mistakes in it', () => {
  const arena = new Arena();
  beforeAll(() => arena.open(), 30_000);
  afterAll(() => arena.close());
  jest.setTimeout(30_000);

  const names = { 'plain.allowed.test': ['93.184.215.14'], 'api.allowed.test': ['93.184.215.14'] };
  const group = (...cases: Case[]) =>
    groupSchema.parse({ group: 'one', why: 'to see it fail, as it must', policy: POLICY, names, cases });

  it('names the one case among many at once that escaped, and what it reached', async () => {
    const one = group(
      get('denied, as it should be', 'http://evil.test/1'),
      get('escapes, since a rule names it', 'http://plain.allowed.test/2'),
      get('denied as well, at the same time', 'http://evil.test/3'),
    );
    const outcomes = await arena.run('gateway', one);
    expect(outcomes.map(({ name, escapes }) => [name, escapes])).toEqual([
      ['denied, as it should be', []],
      [
        'escapes, since a rule names it',
        [
          'tcp 93.184.215.14:80',
          'asked plain.allowed.test',
          'bytes to 93.184.215.14:80',
          '93.184.215.14:80 heard GET plain.allowed.test/2',
        ],
      ],
      ['denied as well, at the same time', []],
    ]);
    expect(rowOf(one, outcomes, [])).toMatchObject({
      cases: 3,
      controls: 0,
      escapes: 1,
      wrongRefusals: 0,
      otherReplies: 1,
    });
    expect(faultsOf(one, outcomes, [])[0]).toContain('escapes, since a rule names it: escaped: tcp 93.184.215.14:80');
  });

  it('calls a refusal of honest traffic wrong, and one for another reason other', async () => {
    const one = group(
      get('honest, but no rule names it', 'http://evil.test/', { expect: 'allowed' }),
      get('refused for another reason', 'http://evil.test/', {
        steps: [{ send: 'GET http://evil.test/ HTTP/1.1\r\nHost: a\r\n\r\n' }, { reply: 403, reason: 'ip_literal' }],
      }),
    );
    const outcomes = await arena.run('gateway', one);
    expect(outcomes.map(({ mismatch }) => mismatch)).toEqual([
      "403 instead of the server's reply",
      '403 no_rule instead of the reason ip_literal',
    ]);
    expect(rowOf(one, outcomes, [])).toMatchObject({ escapes: 0, wrongRefusals: 1, otherReplies: 1 });
  });

  it('sees what a tunnel does after its case has said all that it says', async () => {
    const one = group(
      get('nothing happens here', 'http://evil.test/'),
      get('opens a tunnel and leaves', '', {
        steps: [
          { send: 'CONNECT api.allowed.test:443 HTTP/1.1\r\nHost: a\r\n\r\n' },
          { reply: 200 },
          { hello: { sni: 'api.allowed.test' } },
          { rest: 200 },
        ],
        expect: 'contained',
      }),
    );
    const [, second] = await arena.run('gateway', one);
    expect(second?.escapes).toContain('tcp 93.184.215.14:443');
  });

  it('is told where no case can escape from the open Envoy', async () => {
    const one = group(get('malformed for everybody', 'http:///'), get('malformed for everybody too', 'http:///'));
    const open = await arena.run('open', one);
    expect(faultsOf(one, [], open)).toEqual(['one: no attack escapes from the open Envoy']);
  });
});
