import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, bundleHash } from '../../lib/delivery';
import type { CompiledConfig } from '../../lib/envoy/resources';
import { publicationSteps } from '../../lib/gateway/publication-plan';
import { applyStep } from '../../lib/gateway/publish';
import { MAIN_PORT } from './support/bench';
import { connect, get, startTls } from './support/clients';
import { eventually } from './support/eventually';
import { describeWithPythonTools } from './support/python-tools';
import { SyncBench } from './support/sync-bench';
import type { Wire } from './support/wire';

const DAY_MS = 24 * 3600 * 1000;
const TODAY = new Date().toISOString().slice(0, 10);

const policy = (...rules: string[]): string =>
  `version: 1\nworkloads:\n  web:\n    port: ${MAIN_PORT}\n    allow:\n${rules.map((rule) => `      - ${rule}\n`).join('')}`;
const ONE = policy('{ host: one.tls.test }', '{ host: stays.tls.test }', '{ host: one.plain.test, protocol: http }');
const TWO = policy('{ host: two.tls.test }', '{ host: stays.tls.test }', '{ host: two.plain.test, protocol: http }');
const URLS = ['https://one.tls.test/', 'http://one.plain.test/', 'https://two.tls.test/', 'http://two.plain.test/'];
const UNDER_ONE = [200, 200, 403, 403];
const UNDER_TWO = [403, 403, 200, 200];

/** A configuration that Envoy refuses, in its listeners. */
function broken(config: CompiledConfig): CompiledConfig {
  return {
    ...config,
    listeners: config.listeners.map((each) => (each.name.startsWith('edge.') ? { ...each, nonsense: true } : each)),
  };
}

jest.setTimeout(120_000);

describeWithPythonTools('the containers of a gateway task', (bin) => {
  let bench: SyncBench;

  beforeEach(async () => {
    bench = new SyncBench(bin);
    await bench.open();
  });
  afterEach(() => bench.close());

  async function serving(yaml: string): Promise<string> {
    const version = await bench.deliver(bench.compiled(yaml));
    bench.startSync();
    await bench.startEnvoy();
    return version;
  }

  async function tunnel(host: string): Promise<Wire> {
    const { wire } = await connect(MAIN_PORT, `${host}:443`);
    return (await startTls(wire, { sni: host })) as Wire;
  }

  /** Every file that Envoy reads. */
  function files(): Record<string, string> {
    const names = readdirSync(bench.directory, { recursive: true, encoding: 'utf8' });
    const read = names.filter((name) => name.endsWith('.yaml') && !name.startsWith('.'));
    return Object.fromEntries(read.sort().map((name) => [name, readFileSync(join(bench.directory, name), 'utf8')]));
  }

  it('wait for the first configuration, serve it, and change it without a restart', async () => {
    bench.startSync();
    await bench.event('unavailable');
    expect(files()).toEqual({});
    const first = await bench.deliver(bench.compiled(ONE));
    await bench.startEnvoy();
    expect(bench.version).toBe(first);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_ONE);
    const [ending, staying] = await Promise.all([tunnel('one.tls.test'), tunnel('stays.tls.test')]);
    const second = await bench.deliver(bench.compiled(TWO));
    await bench.event('applied', ({ version }) => version === second);
    expect(bench.version).toBe(second);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_TWO);
    expect((await ending.rest(29_000)).closed).toBe(true);
    expect((await get(staying, 'stays.tls.test'))?.status).toBe(200);
    staying.close();
    expect(statSync(bench.socket).mode & 0o777).toBe(0o666);
  });

  it('refuse an object whose bytes were changed or cut off, and keep the old configuration', async () => {
    const first = await serving(ONE);
    const before = files();
    const next = bench.compiled(TWO);
    const tampered = await bench.deliver(next, (text) => text.replaceAll('two.tls.test', 'bad.tls.test'));
    await bench.event('bad_hash', ({ version }) => version === tampered);
    await bench.s3.put(`config/${tampered}`, bundle(next).slice(0, -1000));
    await bench.s3.put('config/current', 'not a hash\n');
    await bench.event('bad_pointer');
    const cut = bundle(next).slice(0, -1000);
    await bench.s3.put(`config/${bundleHash(cut)}`, cut);
    await bench.s3.put('config/current', `${bundleHash(cut)}\n`);
    expect((await bench.event('bad_bundle')).error).toContain('truncated');
    await bench.s3.put(`config/${bundleHash('')}`, '');
    await bench.s3.put('config/current', `${bundleHash('')}\n`);
    await bench.event('bad_bundle', ({ version }) => version === bundleHash(''));
    bench.events.length = 0;
    await bench.s3.put('config/current', '');
    await bench.event('unavailable'); // no byte of it can be asked for
    expect(files()).toEqual(before);
    expect(bench.version).toBe(first);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_ONE);
  });

  it('keep the last good configuration while S3 is away, and go on when it is back', async () => {
    await serving(ONE);
    await bench.s3.stop();
    expect((await bench.event('unavailable')).error).toContain('connect');
    expect(await bench.statuses(...URLS)).toEqual(UNDER_ONE);
    await bench.s3.start();
    const second = await bench.deliver(bench.compiled(TWO));
    await bench.event('applied', ({ version }) => version === second);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_TWO);
  });

  it('go on where a sync container that was restarted left off', async () => {
    const first = await serving(ONE);
    expect(await bench.stopSync()).toBe(0);
    const before = files();
    bench.startSync();
    expect((await bench.event('resumed')).version).toBe(first);
    // Whatever it reads next, it has seen the pointer by then.
    const second = await bench.deliver(bench.compiled(TWO));
    await bench.event('applied', ({ version }) => version === second);
    expect(bench.events.filter(({ event }) => event === 'applied')).toHaveLength(1);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_TWO);
    await bench.deliver(bench.compiled(ONE));
    await bench.event('applied', ({ version }) => version === first);
    expect(files()).toEqual({
      ...before,
      'clusters.yaml': files()['clusters.yaml'],
      'listeners.yaml': files()['listeners.yaml'],
    });
    expect(await bench.statuses(...URLS)).toEqual(UNDER_ONE);
  });

  it('go back to what was in force where a sync container ended in the middle of a publication', async () => {
    const first = await serving(ONE);
    const before = files();
    await bench.stopSync();
    const [old, next] = [bench.compiled(ONE), bench.compiled(TWO)];
    const attempt = bundleHash(bundle(next));
    const route = `routes/web.${MAIN_PORT}.yaml`;
    writeFileSync(join(bench.directory, '.state', `${attempt}.bundle`), bundle(next));
    writeFileSync(join(bench.directory, '.state', 'attempt'), `${attempt} 0\n`);
    const steps = publicationSteps(old, next);
    for (const step of steps.slice(0, -1)) await applyStep(step, { old, next, directory: bench.directory });
    expect(await bench.statuses(...URLS)).toEqual(UNDER_TWO);
    bench.startSync();
    await bench.event('put_back', ({ version }) => version === first);
    expect(files()[route]).toBe(before[route]);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_ONE);
    const second = await bench.deliver(next);
    await bench.event('applied', ({ version }) => version === second);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_TWO);
  });

  it('put everything back where Envoy refuses a step, and take the next version', async () => {
    const first = await serving(ONE);
    const before = files();
    const bad = await bench.deliver(broken(bench.compiled(TWO)));
    expect((await bench.event('refused')).error).toBe('Envoy refuses listeners.yaml');
    await bench.event('still_refused', ({ version }) => version === bad);
    expect(files()).toEqual(before);
    expect(bench.version).toBe(first);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_ONE);
    expect(bench.events.filter(({ event }) => event === 'refused')).toHaveLength(1);
    const good = await bench.deliver(bench.compiled(TWO));
    await bench.event('applied', ({ version }) => version === good);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_TWO);
  });

  it('leave the old configuration where the static part differs', async () => {
    const first = await serving(ONE);
    const version = await bench.deliver(bench.compiled(TWO, { maxHeapMegabytes: 512 }));
    await bench.event('bootstrap_differs', (line) => line.version === version);
    expect(bench.version).toBe(first);
    expect(await bench.statuses(...URLS)).toEqual(UNDER_ONE);
  });

  it('end the tunnels of a rule when its last day is over, and no others', async () => {
    const rules = ['{ host: stays.tls.test }', '{ hosts: [union.plain.test], protocol: http, paths: [/v2/] }'];
    const ends = [
      `{ host: one.tls.test, expires: ${TODAY} }`,
      `{ host: union.plain.test, protocol: http, paths: [/v1/], expires: ${TODAY} }`,
    ];
    const version = await serving(policy(...rules, ...ends));
    const [ending, staying] = await Promise.all([tunnel('one.tls.test'), tunnel('stays.tls.test')]);
    bench.shiftClock(DAY_MS / 1000);
    await bench.event('applied', (line) => line.cause === 'expiry' && line.version === version);
    expect((await ending.rest(29_000)).closed).toBe(true);
    expect((await get(staying, 'stays.tls.test'))?.status).toBe(200);
    staying.close();
    expect(await bench.statuses('http://union.plain.test/v2/', 'https://stays.tls.test/')).toEqual([200, 200]);
    bench.shiftClock(0);
    await bench.deliver(bench.compiled(policy(...rules, ...ends, '{ host: two.tls.test }')));
    await bench.event('applied', (line) => line.version !== version);
    expect(readFileSync(join(bench.directory, 'listeners.yaml'), 'utf8')).not.toContain('one.tls.test');
  });

  it('serve through the drain time after TERM, and end with Envoy where that ends by itself', async () => {
    await serving(ONE);
    const first = await bench.startEnvoyAgain({ DRAIN_SECONDS: '3' });
    const gone = once(first, 'exit');
    first.kill('SIGTERM');
    expect(await bench.statuses(...URLS)).toEqual(UNDER_ONE);
    expect(bench.healthy).toBe(true);
    expect(await gone).toEqual([0, null]);
    rmSync(join(bench.directory, 'envoy.yaml'));
    const failing = await bench.spawnEnvoy({});
    const [code] = (await once(failing, 'exit')) as [number];
    expect(code).toBe(1);
    await eventually(
      () => bench.healthy,
      (healthy) => !healthy,
    );
  });
});
