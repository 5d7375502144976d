/**
 * `npm run bench [-- --quick] [--rounds N] [--sizes 100,10000] [--only NAME,NAME] [--out FILE]`: this gateway beside other proxies, in one interleaved
 * run. Started by scripts/bench.mjs inside a network namespace; writes its results as JSON.
 */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { ownEveryAddress } from '../../traffic/support/namespace';
import { measure } from './measure';
import { bareEnvoy } from './peers/bare-envoy';
import { gateway } from './peers/gateway';
import { haproxy } from './peers/haproxy';
import { mitmproxy } from './peers/mitmproxy';
import { nginx } from './peers/nginx';
import type { Peer } from './peers/peer';
import { squid } from './peers/squid';
import { tinyproxy } from './peers/tinyproxy';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    sizes: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string', default: 'bench-results.json' },
  },
});

async function main(): Promise<void> {
  ownEveryAddress();
  const envoy = process.env.ENVOY_BIN ?? 'envoy';
  const all = [gateway(envoy), bareEnvoy(envoy), squid, tinyproxy, haproxy, nginx, mitmproxy(process.env.MITMDUMP)];
  const wanted = values.only?.split(',');
  const chosen = all.filter(({ name }) => wanted === undefined || wanted.includes(name));
  const missing = chosen.filter((peer) => peer.version() === undefined);
  const peers: Peer[] = chosen.filter((peer) => !missing.includes(peer));
  const results = await measure(peers, {
    rounds: Number(values.rounds ?? (values.quick ? 2 : 5)),
    sizes: (values.sizes ?? (values.quick ? '100' : '100,10000,100000')).split(',').map(Number),
    clients: [1, 32],
    warmUpMs: values.quick ? 100 : 200,
    measureMs: values.quick ? 300 : 700,
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  const [cpu] = cpus();
  const machine = `${cpus().length} x ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux, Node ${process.versions.node}`;
  const leftOut = [...missing.map(({ name }) => `${name}: not installed`), ...results.leftOut];
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(values.out, JSON.stringify({ date, machine, ...results, leftOut }));
  process.exit(0);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
