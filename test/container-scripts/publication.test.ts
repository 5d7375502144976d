import fc from 'fast-check';
import { bundle } from '../../lib/delivery/bundle';
import { compile } from '../../lib/envoy/compile';
import type { CompiledConfig, NamedResource } from '../../lib/envoy/resources';
import { publicationSteps } from '../../lib/gateway/publication-plan';
import { EgressPolicy } from '../../lib/policy/policy';
import { complete, policyOf } from '../lib/envoy/support/policies';
import { policyArbitrary, type PlainPolicy } from '../traffic/support/arbitraries';
import { AWKS, PublicationAwk, type PlannedFile, type Reading } from './support/awk';

const seconds = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;
/** Before, between and after the last days that the random policies have, and the edges of one of them. */
const MOMENTS = ['2019-06-01', '2020-01-01', '2020-01-02', '2025-06-01', '3000-01-01'].map(seconds);

/** A policy, some with another set of workloads: gone, on another port, with ports that change hands, with a limit that adds listeners. */
const varied = fc.tuple(policyArbitrary, fc.constantFrom('as it is', 'alone', 'moved', 'swapped', 'limited')).map(vary);

function vary([plain, how]: [PlainPolicy, string]): EgressPolicy {
  const { web, other } = plain.workloads;
  const workloads: Readonly<Record<string, object>> = {
    'as it is': { web, other },
    alone: { web },
    moved: { web, other: { ...other, port: 10002 } },
    swapped: { web: { ...web, port: other.port }, other: { ...other, port: web.port } },
    limited: { web: { ...web, limits: { connections: 10 } }, other },
  };
  return EgressPolicy.fromObject({ ...plain, workloads: workloads[how] });
}

interface Version {
  readonly policy: EgressPolicy;
  readonly at: number;
}

const compiledAt = ({ policy, at }: Version): CompiledConfig =>
  compile(policy, { closeExpiredAt: new Date(at * 1000) });
const reading = ({ policy, at }: Version): Reading => ({ text: bundle(compile(policy)), at });

/** Without the order of resources and chains, and without fields that are undefined. */
function plainly(resources: readonly NamedResource[]): unknown {
  const sorted = (list: readonly { name?: string }[]): unknown[] =>
    [...list].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  return sorted(
    resources.map((each) => {
      const chains = each.filter_chains as readonly { name?: string }[] | undefined;
      return JSON.parse(JSON.stringify(chains ? { ...each, filter_chains: sorted(chains) } : each)) as { name: string };
    }),
  );
}

function planned(files: readonly PlannedFile[]): unknown {
  const steps = [...new Set(files.map(({ step }) => step))];
  return steps.map((step) =>
    files.filter((file) => file.step === step).map(({ path, resources }) => [path, plainly(resources)]),
  );
}

function wanted(old: CompiledConfig | undefined, next: CompiledConfig): unknown {
  return publicationSteps(old, next).map(({ files }) =>
    [...files].map(([path, resources]) => [path, plainly(resources)]),
  );
}

const version = fc.record({ policy: varied, at: fc.constantFrom(...MOMENTS) });

describe('the files of a publication', () => {
  const [first, ...others] = AWKS.map(([, ...command]) => new PublicationAwk(command));
  afterAll(() => [first, ...others].forEach((awk) => awk?.remove()));

  function check(old: Version, next: Version): void {
    const [before, after] = [reading(old), reading(next)];
    expect(planned(first?.plan(before, after).files ?? [])).toEqual(wanted(compiledAt(old), compiledAt(next)));
    const bytes = first?.bytes(before, after);
    for (const awk of others) expect(awk.bytes(before, after)).toEqual(bytes);
  }

  it('are those of publicationSteps, from any policy to any other one and at any moment, with every awk', () => {
    fc.assert(fc.property(version, version, check), { numRuns: 20 });
  }, 120_000);

  it('are those of publicationSteps where nothing changes but the time', () => {
    fc.assert(
      fc.property(varied, fc.constantFrom(...MOMENTS), fc.constantFrom(...MOMENTS), (policy, from, to) =>
        check({ policy, at: from }, { policy, at: to }),
      ),
      { numRuns: 10 },
    );
  }, 120_000);

  it('follow the chains of several rules through the end of one after the other', () => {
    const http = { protocol: 'http', host: 'union.example.com' };
    const policy = policyOf([
      { ...http, paths: ['/a/'], expires: '2026-01-31' },
      { ...http, paths: ['/b/'], expires: '2026-03-31' },
      { ...http, paths: ['/c/'], expires: '2026-03-31', methods: ['GET'] },
      { host: 'tls.example.com', expires: '2026-01-31' },
    ]);
    const moments = ['2026-01-01', '2026-02-01', '2026-04-01'].map(seconds);
    for (const from of moments) for (const to of moments) check({ policy, at: from }, { policy, at: to });
    const [before, between, after] = moments.map((at) => first?.bytes(undefined, reading({ policy, at })));
    expect(new Set([before, between, after].map((files) => files?.get('1/routes/web.10000.yaml'))).size).toBe(3);
    expect(new Set([before, between, after].map((files) => files?.get('1/listeners.yaml'))).size).toBe(3);
  });
});

describe.each(AWKS)('the files that %s builds', (_name, ...command) => {
  const awk = new PublicationAwk(command);
  afterAll(() => awk.remove());

  it('are everything at once at first, with all that a policy can have', () => {
    for (const policy of [complete(), complete('observe')]) {
      const version = { policy, at: MOMENTS[3] ?? 0 };
      const { files, keep } = awk.plan(undefined, reading(version));
      expect(planned(files)).toEqual(wanted(undefined, compiledAt(version)));
      expect(keep).toEqual(['routes/local.10001.yaml', 'routes/web.10000.yaml']);
    }
  });

  it('come with the next moment at which something ends, and none in mode observe', () => {
    const text = bundle(compile(complete()));
    const end = seconds('2030-07-01');
    const until = (at: number): string => awk.print('check', { text, at }).split('\n')[1] ?? '';
    expect([until(0), until(end - 1), until(end)]).toEqual([`until ${end}`, `until ${end}`, 'until -']);
    const observed = bundle(compile(complete('observe')));
    expect(awk.print('check', { text: observed, at: 0 })).toBe(`policy ${complete('observe').hash}\nuntil -\n`);
  });

  it('keep the static config as it is', () => {
    const config = compile(complete(), { adminSocket: '/run/x/admin.sock' });
    expect(JSON.parse(awk.print('bootstrap', { text: bundle(config), at: 0 }))).toEqual(
      JSON.parse(JSON.stringify(config.bootstrap)),
    );
  });

  const good = bundle(compile(complete()));
  it.each([
    ['cut off in a line', good.slice(0, -1000), 'truncated'],
    ['cut off after a line', good.split('\n').slice(0, -4).join('\n'), 'truncated'],
    ['empty', '', 'truncated'],
    [
      'without a line in the middle',
      good
        .split('\n')
        .filter((_, index) => index !== 5)
        .join('\n'),
      'truncated',
    ],
    ['of another kind', good.replace('mcp-egress-config', 'something'), 'format'],
    ['of a later format', good.replace('config\t1\t', 'config\t2\t'), 'format'],
    ['that goes on after its end', `${good}cluster\tx\t-\t-\t-\t{}\n`, 'format'],
    ['with a line of an unknown kind', good.replace('\ncluster\t', '\ncloister\t'), 'format'],
    ['that names a file elsewhere', good.replace('\nroute\tweb.10000\t', '\nroute\t../web\t'), 'format'],
    ['that names a hidden way up', good.replace('\nroute\tweb.10000\t', '\nroute\tweb..10000\t'), 'format'],
  ])('are refused from a bundle %s', (_what, text, word) => {
    expect(text).not.toBe(good);
    expect(() => awk.print('check', { text, at: 0 })).toThrow(word);
  });

  it('are refused where a fragment is missing', () => {
    const lines = good.split('\n').filter((line) => !line.startsWith('fragment\t'));
    const text = [...lines.slice(0, -2), `end\t${lines.length - 1}`, ''].join('\n');
    expect(awk.print('check', { text, at: 0 })).toContain('policy');
    expect(() => awk.plan(undefined, { text, at: 0 })).toThrow('reference');
  });

  it('are refused where one name has two contents', () => {
    const text = good.replace(/\nchain\t(guard\.tls\.web\.\S+)\t(\S+)\t-\t-\t\{/, '\nchain\t$1\t$2\t-\t-\t{"x":1,');
    expect(text).not.toBe(good);
    expect(() => awk.plan({ text, at: 0 }, { text: good, at: 0 })).toThrow('conflict');
  });
});
