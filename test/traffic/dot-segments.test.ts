import { decide, type EgressRequest } from '../../lib/policy/decide';
import { PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';
import { replay } from './support/replay';

const HOST = 'plain.allowed.test';
const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: ${HOST}
        protocol: http
        paths: [/public/]
`;
const DOTS = ['..', '%2e%2e', '%2E.', '.', '%2e', '...'];
const PARAMETERS = ['', ';', ';a=b', ';%2e', ';;', '.;'];
const BEFORE = ['/public/', '/public//', '/public/\\', '/public\\', '/public/a;b/', '/'];
const AFTER = ['/secret', '\\secret', '', '?x', '/../secret', '/public/a'];

/** Every combination; some lead back below /public/. */
const PATHS = BEFORE.flatMap((before) =>
  DOTS.flatMap((dots) => PARAMETERS.flatMap((parameters) => AFTER.map((after) => before + dots + parameters + after))),
);
/** What was found by hand. */
const FOUND = [
  '/public/%2E%2E;/secret',
  '/public/\\..;/secret',
  '/public/..;/secret',
  '/public/%2e%2E;/secret',
  '/public/\\%2E.;a/secret',
];
const AT_ONCE = 100;

/** The path as the most lenient server reads it: backslashes are slashes, parameters are nothing, escaped dots are dots. */
function leniently(url: string): string {
  const [path = ''] = url.split('?', 1);
  const segments = path
    .replaceAll('\\', '/')
    .replace(/%2e/gi, '.')
    .replace(/;[^/]*/g, '')
    .split('/');
  return new URL(`http://host${segments.join('/').replace(/\/{2,}/g, '/')}`).pathname;
}

/** With a limit on connections a request passes one listener more, which must not read the path before the others do. */
const LIMITED = `${POLICY}    limits: { connections: 1000 }\n`;

describeInNamespace.each<[name: string, form: 'absolute' | 'connect', policy: string]>([
  ['absolute', 'absolute', POLICY],
  ['connect', 'connect', POLICY],
  ['absolute, with a limit on connections', 'absolute', LIMITED],
])('dot segments in a path (%s)', (_, form, policy) => {
  const bench = useBench(policy, { names: { [HOST]: [PUBLIC_V4] } });
  beforeEach(() => bench.log.forget());

  const request = (path: string): EgressRequest => ({
    workload: 'web',
    form,
    method: form === 'connect' ? 'CONNECT' : 'GET',
    authority: `${HOST}:80`,
    ...(form === 'absolute' ? { path } : { payload: 'http', inner: { method: 'GET', host: HOST, path } }),
    answers: [PUBLIC_V4],
    now: new Date(),
  });

  it.each(FOUND)('with parameters do not lead out of the prefix: %s', async (path) => {
    const observed = await replay(bench, request(path), 0);
    expect(bench.upstreams.heard).toEqual([]);
    expect(observed).toMatchObject({ decision: 'denied', reason: expect.stringMatching(/^(path|malformed)$/) });
    expect(decide(bench.policy, request(path))).toMatchObject({ decision: 'denied', reason: observed.reason });
  });

  it(`of ${PATHS.length} spellings lead no server out of the prefix, and are what \`decide\` says`, async () => {
    const wrong: string[] = [];
    for (let at = 0; at < PATHS.length; at += AT_ONCE) {
      const some = PATHS.slice(at, at + AT_ONCE).map(async (path, tag) => {
        const [expected, observed] = [decide(bench.policy, request(path)), await replay(bench, request(path), tag)];
        if (expected.decision === observed.decision && expected.reason === observed.reason) return;
        wrong.push(`${path}: decide ${expected.reason}, gateway ${observed.reason}`);
      });
      await Promise.all(some);
    }
    expect(wrong).toEqual([]);
    const urls = bench.upstreams.heard.map(({ url }) => url);
    expect(urls.length).toBeGreaterThan(PATHS.length / 100);
    expect(urls.filter((url) => !leniently(url).startsWith('/public/'))).toEqual([]);
  }, 120_000);
});
