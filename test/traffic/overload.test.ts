import { join } from 'node:path';
import { readStats } from '../../lib/gateway/admin';
import { PUBLIC_V4, useBench, type Bench } from './support/bench';
import { eventually } from './support/eventually';
import { describeInNamespace } from './support/namespace';

const POLICY = 'version: 1\nworkloads: { web: { port: 10000, allow: [{ host: one.plain.test, protocol: http }] } }\n';
const NAMES = { 'one.plain.test': [PUBLIC_V4] };
const PRESSURE = 'overload.envoy.resource_monitors.fixed_heap.pressure';
const ACTION = 'overload.envoy.overload_actions.stop_accepting_requests.active';

/** A gauge, once Envoy has looked at its heap. */
async function gauge(bench: Bench, name: string, fits: (value: number) => boolean): Promise<number> {
  const socket = join(bench.gateway.directory, 'admin.sock');
  return eventually(
    async () => Number((await readStats(socket, `^${name}$`)).get(name)),
    (value) => fits(value),
  );
}

describeInNamespace('a limit on the heap', () => {
  const bench = useBench(POLICY, { names: NAMES, compile: { maxHeapMegabytes: 4096 } });

  it('does nothing while there is room', async () => {
    expect(await gauge(bench, PRESSURE, (percent) => percent >= 0)).toBeLessThan(50);
    expect(await gauge(bench, ACTION, (active) => active >= 0)).toBe(0);
    expect((await bench.ask('http://one.plain.test/')).reply?.status).toBe(200);
  });
});

describeInNamespace('a heap beyond its limit', () => {
  const bench = useBench(POLICY, { names: NAMES, compile: { maxHeapMegabytes: 1 } });

  it('makes Envoy refuse new requests instead of growing', async () => {
    expect(await gauge(bench, PRESSURE, (percent) => percent >= 100)).toBeGreaterThanOrEqual(100);
    expect(await gauge(bench, ACTION, (active) => active === 1)).toBe(1);
  });
});
