import { type compile } from '../../lib/envoy/compile';
import { applyStep } from '../../lib/gateway/publish';
import { publicationSteps } from '../../lib/gateway/publication-plan';
import { decide } from '../../lib/policy/decide';
import { EgressPolicy } from '../../lib/policy/policy';
import { PUBLIC_V4, useBench, type Bench } from './support/bench';
import { describeInNamespace } from './support/namespace';

const policy = (...rules: string[]): string =>
  `version: 1\nworkloads:\n  web:\n    port: 10000\n    allow:\n${rules.map((rule) => `      - ${rule}\n`).join('')}`;

const STAYS = '{ host: stays.tls.test }';
const OLD = policy(
  STAYS,
  '{ host: old.tls.test }',
  '{ host: changes.tls.test, ports: [443, 8443] }',
  '{ host: kind.plain.test }',
  '{ host: private.lan.test, protocol: http, private: [10.9.9.0/24] }',
  '{ host: plain.plain.test, protocol: http, methods: [GET, POST], paths: [/a/, /b/] }',
  '{ hosts: ["*.wild.test"] }',
);
const NEW = policy(
  STAYS,
  '{ host: new.tls.test }',
  '{ host: changes.tls.test }',
  '{ host: kind.plain.test, protocol: http }',
  '{ host: private.lan.test, protocol: http, private: [10.9.8.0/24] }',
  '{ host: plain.plain.test, protocol: http, methods: [POST, PUT], paths: [/b/, /c/] }',
  '{ hosts: ["*.deep.wild.test"] }',
);

/** What is asked after every step; `method` and `form` as in {@link Bench.ask}. */
const QUESTIONS: readonly { url: string; method?: string; form?: 'connect' }[] = [
  ...['stays', 'old', 'new', 'changes'].map((name) => ({ url: `https://${name}.tls.test/` })),
  { url: 'https://changes.tls.test:8443/' },
  { url: 'https://kind.plain.test/' },
  { url: 'http://kind.plain.test/' },
  { url: 'https://one.wild.test/' },
  { url: 'https://one.deep.wild.test/' },
  { url: 'http://private.lan.test/' },
  ...['GET', 'POST', 'PUT'].flatMap((method) =>
    ['/a/', '/b/', '/c/'].flatMap((path) => [
      { url: `http://plain.plain.test${path}`, method },
      { url: `http://plain.plain.test${path}`, method, form: 'connect' as const },
    ]),
  ),
];

/** Whether the policy allows it, given what the names resolve to. */
function allows(yaml: string, question: (typeof QUESTIONS)[number], answers: readonly string[]): boolean {
  const { protocol, hostname, port, pathname } = new URL(question.url);
  const { method = 'GET' } = question;
  const tunnel = protocol === 'https:' || question.form === 'connect';
  const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const decision = decide(EgressPolicy.fromYaml(yaml), {
    workload: 'web',
    form: tunnel ? 'connect' : 'absolute',
    method: tunnel ? 'CONNECT' : method,
    authority: `${hostname}:${number}`,
    path: pathname,
    payload: protocol === 'https:' ? 'tls' : 'http',
    sni: hostname,
    inner: { method, host: hostname, path: pathname },
    answers,
    now: new Date(),
  });
  return decision.decision === 'allowed';
}

describeInNamespace.each([
  ['from the old policy to the new one', OLD, NEW],
  ['back again', NEW, OLD],
  ['from nothing', policy().replace('allow:\n', ''), OLD],
  ['to nothing', OLD, policy().replace('allow:\n', '')],
])('a publication that stops after a step, %s', (_direction, from, to) => {
  const bench = useBench(from);
  beforeAll(
    () => (bench.dns.fallback = (name) => ({ addresses: [name === 'private.lan.test' ? '10.9.9.9' : PUBLIC_V4] })),
  );

  it('lets nothing pass that neither policy allows, and everything that both allow', async () => {
    const old = bench.gateway.config;
    const next = compiledFor(bench, to);
    for (const step of publicationSteps(old, next)) {
      await applyStep(step, { old, next, directory: bench.gateway.directory });
      const wrong = await Promise.all(QUESTIONS.map((question) => judge(bench, question, from, to)));
      expect({ step: step.name, wrong: wrong.filter(Boolean) }).toEqual({ step: step.name, wrong: [] });
    }
    const last = await Promise.all(QUESTIONS.map((question) => judge(bench, question, to, to)));
    expect(last.filter(Boolean)).toEqual([]);
  });
});

function compiledFor(bench: Bench, yaml: string): ReturnType<typeof compile> {
  return bench.compiled(EgressPolicy.fromYaml(yaml));
}

/** What is wrong with the gateway's present answer, if anything. */
async function judge(
  bench: Bench,
  question: (typeof QUESTIONS)[number],
  from: string,
  to: string,
): Promise<string | undefined> {
  const answers = question.url.includes('private.lan') ? ['10.9.9.9'] : [PUBLIC_V4];
  const allowed = [from, to].map((yaml) => allows(yaml, question, answers));
  const { reply } = await bench.ask(question.url, { method: question.method, form: question.form });
  const passed = reply?.status === 200;
  const what = `${question.method ?? 'GET'} ${question.url} (${question.form ?? 'as usual'})`;
  if (passed && !allowed.includes(true)) return `${what} passed`;
  if (!passed && !allowed.includes(false))
    return `${what} was refused: ${reply?.headers['x-egress-reason'] ?? 'closed'}`;
  return undefined;
}
