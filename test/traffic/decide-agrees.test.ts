import type { CompiledConfig, ConfigObject, ConfigValue } from '../../lib/envoy/resources';
import { agree, requestsFor } from './agree/agreement';
import { mapConfig, type Change } from './agree/map-config';
import { openBench, realGateway } from './agree/real-gateway';
import type { Bench } from './support/bench';
import { describeInNamespace } from './support/namespace';

/** Pairs of a policy and a request; `npm run test:agree -- --pairs N` for more. */
const PAIRS = 2000;
/** `MCP_EGRESS_SEED` repeats a run; in CI it is always the same. */
const SEED = Number(process.env.MCP_EGRESS_SEED ?? (process.env.CI === 'true' ? 20261123 : Date.now() % 2 ** 31));

describeInNamespace('`decide` and the gateway', () => {
  let bench: Bench;
  beforeAll(async () => (bench = await openBench()), 30_000);
  afterAll(() => bench.close(), 15_000);

  it(
    `agree on ${PAIRS} random pairs of a policy and a request`,
    async () => {
      console.log(`seed ${SEED} (MCP_EGRESS_SEED=${SEED} repeats this run)`);
      const run = { pairs: PAIRS, requestsPerPolicy: requestsFor(PAIRS), seed: SEED };
      const { tally, failure } = await agree(realGateway(bench), run);
      if (failure) throw new Error(failure.text);
      console.log(tally.summary);
      expect(tally.pairs).toBe(PAIRS);
      expect(tally.missed).toEqual([]);
    },
    10 * 60_000,
  );
});

const everybody = { permissions: [{ any: true }], principals: [{ any: true }] };
const isObject = (value: ConfigValue): value is ConfigObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
/** Changes objects that have such fields. */
const where =
  (fields: ConfigObject, by: (object: ConfigObject) => ConfigObject): Change =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([key, field]) => value[key] === field) ? by(value) : value;
/** Puts a policy that fits always beside one of an RBAC filter that allows. */
const besides =
  (name: string): Change =>
  (value) =>
    isObject(value) && name in value ? { ...value, everybody } : value;

const isDenyList = (value: ConfigValue): value is ConfigObject =>
  isObject(value) && Array.isArray(value.ranges) && value.invert_match === undefined;

/** Configs that do what the compiler must not. */
const TAMPERED: readonly [mistake: string, change: Change, shows: string][] = [
  ['no server name is compared', besides('sni_is_host'), 'sni_mismatch'],
  ['no Host in a tunnel is compared', besides('host_is_host'), 'host_mismatch'],
  // The filter of public rules lists what it drops, that of a rule with `private` what it leaves (`invert_match`).
  ['every address is public', (value) => (isDenyList(value) ? { ...value, ranges: [] } : value), 'was dialled'],
  [
    'a last day is a day longer',
    (value) => (value === '2020-01-02T00:00:00Z' ? '2020-01-03T00:00:00Z' : value),
    'expired',
  ],
  ['GET means POST', where({ exact: 'GET' }, () => ({ exact: 'POST' })), 'method'],
  [
    'paths are not normalised',
    where({ normalize_path: true }, (manager) => ({ ...manager, normalize_path: false })),
    'path',
  ],
  ['a wildcard names other hosts', (value) => (value === '*.x.test' ? '*.w.test' : value), 'no_rule'],
];

describeInNamespace('a config with one mistake', () => {
  it.each(TAMPERED)(
    'is found out: %s',
    async (_, change, shows) => {
      const bench = await openBench({ adjust: (config: CompiledConfig) => mapConfig(config, change) });
      try {
        const run = { pairs: 6000, requestsPerPolicy: 100, seed: 1, shrink: false };
        const { failure } = await agree(realGateway(bench), run);
        expect(failure?.text).toContain(shows);
      } finally {
        await bench.close();
      }
    },
    300_000,
  );
});
