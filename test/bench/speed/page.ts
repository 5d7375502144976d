import { markdownTable } from '../../../lib/cli/markdown';
import type { Operation } from './operations';
import { figure, ratio, samplesOf, type CellKey, type Footprint, type Results } from './results';
import { spread, spreadWords } from './statistics';
import { targets } from './targets';

const WORDS: Readonly<Record<Operation, string>> = {
  tunnel: 'New tunnel with TLS and one request',
  request: 'Request in an open tunnel',
  plain: 'Plain HTTP',
  refusal: 'Refusal',
};

/** docs/performance.md: everything in it comes from one run. */
export function page(results: Results): string {
  return `# Performance

<!-- Written by \`npm run bench\`; changes are lost. -->

This gateway with all guards on, beside other proxies with an equivalent allowlist and logging on: one interleaved run of ${results.rounds} rounds on
${results.date}, on one machine (${results.machine}) over loopback. Clients, origin and proxies share its processors, so ratios carry over to other
machines and absolute times do not; on a network they shrink, since the way is longer than the proxy.

![New tunnels and requests in a tunnel, relative to direct](performance.svg)

## Targets

${markdownTable(
  ['what', 'goal', 'measured', ''],
  targets(results).map(({ what, goal, measured, met }) => [what, goal, measured, met ? 'met' : '**missed**']),
)}

Ratios are of medians in one round; shown are the median over the rounds and the range.

${timeTables(results)}

## More hosts

${scaleTable(results)}

## Start, memory, reload

${footprintTable(results)}

Start: from the process to the first tunnel with TLS and a request through it. Memory: all processes of the proxy after that, shared pages divided (PSS). Reload: from the changed
list to the first request for its new host. Medians of ${results.footprints[0]?.start.length ?? 0} starts and ${results.rounds} reloads.

This gateway's compiler, from the policy's text to Envoy's files, in a process that runs already: ${results.compile
    .map(({ hosts, ms }) => `${spread(ms).median.toFixed(0)} ms for ${hosts.toLocaleString('en')} hosts`)
    .join(', ')}.

## What limits it

The bare Envoy is the floor: the same Envoy without a guard. What lies between it and this gateway is, in a new tunnel, the second hop inside Envoy,
where the server name is read and compared (log, replies and filters together are a twentieth of its time); in a refusal, the filters that judge the
request, the reply that says why, and the log line, about a third each, as leaving one out at a time showed. Requests in a tunnel pay for the hop alone.
Targets that are missed stay missed as long as none of these is given up.

## How it was measured

${results.peers.map(({ name, version, how }) => `- ${name} (${version}): ${how}.`).join('\n')}
- direct: the client and the origin without a proxy.

One process makes the load: raw sockets, no resumption of TLS sessions, certificates checked; every reply is compared byte for byte (of plain HTTP, status and body). ${(
    results.measureMs / 1000
  ).toFixed(
    1,
  )} s a cell after a warm-up; the order of the proxies rotates from round to round. The allowlist holds the asked host last. Errors: ${results.samples.reduce(
    (sum, { errors }) => sum + errors,
    0,
  )} in ${results.samples.reduce((sum, { count }) => sum + count, 0).toLocaleString('en')} requests.
${results.leftOut.length > 0 ? `\nLeft out: ${results.leftOut.join('; ')}.\n` : ''}
What differs in kind: Squid, tinyproxy and mitmproxy do not compare the server name in a tunnel with its host, and check no addresses; HAProxy and nginx get no CONNECT, resolve nothing
and refuse by closing after the ClientHello. Versions are those of the distribution. tinyproxy reads its list from the top and closes after each plain request. Its tunnels with one client
wait for delayed acknowledgements (about 40 ms), which is no cost of a proxy.

Run it again: \`npm run bench\` (Linux; about 20 minutes; \`-- --quick\` for a look). Proxies that are not installed are left out: \`squid\`, \`tinyproxy\`, \`haproxy\`, \`nginx\` with its
stream module from the distribution; mitmproxy is fetched from the Python package index.
`;
}

function timeTables(results: Results): string {
  const hosts = Math.min(...results.samples.map((sample) => sample.hosts));
  return (Object.keys(WORDS) as Operation[])
    .map((operation) => {
      const tables = [1, 32].map((clients) => timeTable(results, { operation, clients, hosts }));
      return `## ${WORDS[operation]}\n\n${tables.join('\n\n')}`;
    })
    .join('\n\n');
}

function timeTable(results: Results, key: CellKey): string {
  const rows = peersIn(results, key).map((peer) => {
    const against = (other: string): string => {
      const found = ratio(results, peer, other, key);
      return found === undefined ? '' : spreadWords(found);
    };
    return [
      peer,
      micros(figure(results, peer, key, ({ p50 }) => p50)),
      micros(figure(results, peer, key, ({ p99 }) => p99)),
      figure(results, peer, key, ({ perSecond }) => perSecond).toFixed(0),
      against('direct'),
      against('Squid'),
    ];
  });
  const clients = `${key.clients} ${key.clients === 1 ? 'client' : 'clients'}, ${key.hosts} hosts`;
  return markdownTable([clients, 'p50', 'p99', 'per second', 'p50 to direct', 'p50 to Squid'], rows);
}

function scaleTable(results: Results): string {
  const sizes = [...new Set(results.samples.map(({ hosts }) => hosts))].sort((a, b) => a - b);
  const rows = (['tunnel', 'refusal'] as const).flatMap((operation) =>
    peersIn(results, { operation, clients: 1, hosts: sizes[0] ?? 100 })
      .filter((peer) => peer !== 'direct')
      .map((peer) => [
        `${WORDS[operation].toLowerCase()}, ${peer}`,
        ...sizes.map((hosts) => micros(figure(results, peer, { operation, clients: 1, hosts }, ({ p50 }) => p50))),
      ]),
  );
  return markdownTable(['p50, 1 client', ...sizes.map((hosts) => `${hosts.toLocaleString('en')} hosts`)], rows);
}

function footprintTable(results: Results): string {
  const words = (values: readonly number[], unit: string): string =>
    values.length === 0 ? '' : `${spreadWords(spread(values), 0)} ${unit}`;
  const row = ({ peer, hosts, start, memory, reload }: Footprint): string[] => [
    `${peer}, ${hosts.toLocaleString('en')} hosts`,
    words(start, 'ms'),
    words(memory, 'MiB'),
    words(reload, 'ms'),
  ];
  return markdownTable(['', 'start', 'memory', 'reload'], results.footprints.map(row));
}

function peersIn(results: Results, key: CellKey): string[] {
  const names = [...new Set(results.samples.map(({ peer }) => peer))];
  return ['direct', ...names.filter((name) => name !== 'direct')].filter(
    (name) => samplesOf(results, name, key).length > 0,
  );
}

function micros(value: number): string {
  if (Number.isNaN(value)) return '';
  return value < 10_000 ? `${value.toFixed(0)} µs` : `${(value / 1000).toFixed(1)} ms`;
}
