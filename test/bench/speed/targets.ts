import { figure, ratio, type Results } from './results';
import { median, spreadWords } from './statistics';

/** What was set out to be reached, and what was. */
export interface Target {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

const US = 'this gateway';
const SQUID = 'Squid';

/** The targets that a run can judge: all of them where Squid took part at 100 hosts, and where 100,000 hosts were measured. */
export function targets(results: Results): Target[] {
  const [least = 100] = [...new Set(results.samples.map(({ hosts }) => hosts))].sort((a, b) => a - b);
  const most = Math.max(...results.samples.map(({ hosts }) => hosts));
  const found: Target[] = [];
  for (const [operation, words, goal] of [
    ['refusal', 'a refusal, against Squid', 1],
    ['tunnel', 'a new tunnel with TLS and a request, against Squid', 1.1],
    ['request', 'a request in an open tunnel, against Squid', 1.3],
  ] as const)
    for (const clients of [1, 32]) {
      const against = ratio(results, US, SQUID, { operation, clients, hosts: least });
      if (against === undefined) continue;
      const what = `${words}, ${clients} ${clients === 1 ? 'client' : 'clients'}`;
      found.push({ what, goal: `at most ${goal}`, measured: spreadWords(against), met: against.median <= goal });
    }
  return [...found, ...latency(results, least), ...(most >= 100_000 ? atScale(results, least, most) : [])];
}

function latency(results: Results, hosts: number): Target[] {
  const key = { operation: 'request', clients: 1, hosts } as const;
  const added = (figure(results, US, key, ({ p99 }) => p99) - figure(results, 'direct', key, ({ p99 }) => p99)) / 1000;
  return [
    {
      what: 'latency added to a request in an open tunnel, 99th percentile, 1 client',
      goal: 'under 1 ms',
      measured: `${added.toFixed(2)} ms`,
      met: added < 1,
    },
  ];
}

function atScale(results: Results, least: number, most: number): Target[] {
  const losses = (['tunnel', 'request', 'plain', 'refusal'] as const).map((operation) => {
    const of = (hosts: number): number => {
      const key = { operation, clients: 1, hosts };
      // Against direct, which has no list: rounds at two sizes lie minutes apart. A refusal has no direct counterpart; a new tunnel stands for it.
      const base = figure(
        results,
        'direct',
        { ...key, operation: operation === 'refusal' ? 'tunnel' : operation },
        ({ p50 }) => p50,
      );
      return figure(results, US, key, ({ p50 }) => p50) / base;
    };
    return `${operation} ${(of(most) / of(least)).toFixed(2)}`;
  });
  const worst = Math.max(...losses.map((text) => Number(text.split(' ')[1])));
  const print = results.footprints.find(({ peer, hosts }) => peer === US && hosts === most);
  const start = median(print?.start ?? []);
  const memory = median(print?.memory ?? []);
  const words = most.toLocaleString('en');
  return [
    {
      what: `time with ${words} hosts over that with ${least}, each against direct`,
      goal: 'no loss (1.1, the noise of the run)',
      measured: losses.join(', '),
      met: worst <= 1.1,
    },
    {
      what: `${words} hosts, from start to the first tunnel`,
      goal: 'under 1 s',
      measured: `${start.toFixed(0)} ms`,
      met: start < 1000,
    },
    {
      what: `${words} hosts, memory`,
      goal: 'under 150 MB',
      measured: `${((memory * 2 ** 20) / 1e6).toFixed(0)} MB`,
      met: memory * 2 ** 20 < 150e6,
    },
  ];
}
