import { execFile } from 'node:child_process';
import { containerScript } from '../../lib/delivery';
import { PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  canary:
    port: 10000
    allow:
      - host: allowed.tls.test
      - { host: allowed.plain.test, protocol: http }
  other:
    port: 10001
    allow:
      - host: other.tls.test
`;
const NAMES = { 'allowed.tls.test': [PUBLIC_V4], 'allowed.plain.test': [PUBLIC_V4] };

interface Line {
  readonly layer: string;
  readonly check: string;
  readonly result: string;
  readonly detail: string;
}

describeInNamespace('the canary', () => {
  const bench = useBench(POLICY, { names: NAMES });

  /** What it writes, by check; and its exit code. */
  async function look(environment: Record<string, string> = {}): Promise<{ code: number; lines: Map<string, Line> }> {
    const env = {
      PATH: process.env.PATH ?? '',
      PROXY_URL: bench.proxy('canary'),
      ALLOWED_URL: 'https://allowed.tls.test/',
      REFUSED_URL: 'https://refused.invalid/',
      OUTSIDE: '127.0.0.1:1',
      OUTSIDE_NAME: 'outside.invalid',
      OTHER_PORT: '127.0.0.1:2',
      ...environment,
    };
    const [code, stdout] = await new Promise<[number, string]>((resolve) => {
      execFile('/bin/sh', ['-c', containerScript('canary')], { env }, (error, out) =>
        resolve([error === null ? 0 : Number(error.code), out]),
      );
    });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    return { code, lines: new Map(lines.map((line) => [line.check, line])) };
  }

  it('finds nothing where the allowed way is open and all others are closed', async () => {
    const { code, lines } = await look();
    expect([...lines].map(([check, { layer, result }]) => [check, layer, result])).toEqual([
      ['allowed', 'canary', 'ok'],
      ['refused', 'canary', 'ok'],
      ['direct', 'canary', 'ok'],
      ['other-workload', 'canary', 'ok'],
      ['name', 'canary', 'ok'],
      ['run', 'canary', 'ok'],
    ]);
    expect(code).toBe(0);
  });

  it('uses a plain URL as well, and takes a status of the server for an answer', async () => {
    for (const path of ['/', '/status?status=403'])
      expect((await look({ ALLOWED_URL: `http://allowed.plain.test${path}` })).lines.get('allowed')?.result).toBe('ok');
  });

  it.each([
    ['the host is not allowed any more', 'https://gone.tls.test/'],
    ['the plain host is not', 'http://gone.plain.test/'],
  ])('is broken when %s', async (_what, ALLOWED_URL) => {
    const { code, lines } = await look({ ALLOWED_URL });
    expect([code, lines.get('allowed')?.result]).toEqual([1, 'broken']);
    expect(lines.get('run')).toMatchObject({ result: 'ok', detail: 'faults: 1' });
  });

  it('is broken when there is no gateway', async () => {
    const { lines } = await look({ PROXY_URL: 'http://127.0.0.1:3' });
    expect(lines.get('allowed')?.result).toBe('broken');
  });

  it('tells an open way to the Internet, whatever answers there', async () => {
    for (const OUTSIDE of ['93.184.215.14:443', '93.184.215.14:80'])
      expect((await look({ OUTSIDE })).lines.get('direct')?.result).toBe('escape');
  });

  it("tells that it reaches another workload's port", async () => {
    const { code, lines } = await look({ OTHER_PORT: `127.0.0.1:${bench.port('other')}` });
    expect([code, lines.get('other-workload')?.result]).toEqual([1, 'escape']);
  });

  it('tells a gateway that lets pass what it must refuse', async () => {
    for (const REFUSED_URL of ['https://allowed.tls.test/', 'http://allowed.plain.test/'])
      expect((await look({ REFUSED_URL })).lines.get('refused')?.result).toBe('escape');
  });

  it('tells a resolver that answers', async () => {
    expect((await look({ OUTSIDE_NAME: 'localhost' })).lines.get('name')?.result).toBe('escape');
  });

  it('leaves out what it was told nothing of', async () => {
    const { code, lines } = await look({ REFUSED_URL: '', OUTSIDE_NAME: '', OTHER_PORT: '' });
    expect([code, [...lines.keys()]]).toEqual([0, ['allowed', 'direct', 'run']]);
  });
});
