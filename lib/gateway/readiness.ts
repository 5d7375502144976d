import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { CompiledConfig } from '../envoy/resources';
import { askAdmin, readStats } from './admin';
import { adminSocket } from './bootstrap-facts';
import type { EnvoyProcess } from './envoy-process';
import { EnvoyStartError } from './errors';
import { dialAddress, type ListenAddress, listenAddresses } from './listen-addresses';

const POLL_MS = 20;
/** Waiting for one answer of a gateway that is starting. */
const ANSWER_MS = 2000;

/**
 * Waits until Envoy serves the whole configuration: it says that it is ready (admin `/ready`, else `/healthz` of the health
 * listener), it has refused nothing, and every listener accepts. Envoy alone would also call itself ready after it has
 * refused every listener.
 * @throws {EnvoyStartError} with Envoy's own words
 */
export async function awaitReady(envoy: EnvoyProcess, config: CompiledConfig, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let missing: string | undefined = 'nothing was seen of it';
  while (Date.now() < deadline) {
    if (!envoy.running) throw await died(envoy);
    missing = await whatIsMissing(envoy, adminSocket(config), listenAddresses(config));
    if (missing === undefined && envoy.running) return;
    await delay(POLL_MS);
  }
  throw new EnvoyStartError(`Envoy is not ready after ${timeoutMs / 1000} s: ${missing}.`, envoy.words);
}

async function whatIsMissing(
  envoy: EnvoyProcess,
  admin: string | undefined,
  addresses: readonly ListenAddress[],
): Promise<string | undefined> {
  if (!(await saysReady(admin, addresses))) return 'it does not say that it is ready';
  const refused = admin === undefined ? false : await refusedSomething(admin).catch(() => undefined);
  if (refused === undefined) return 'its admin interface does not answer';
  if (refused) throw new EnvoyStartError('Envoy runs, but refuses a part of the configuration:', envoy.words);
  const silent = await firstSilent(addresses);
  return silent && `listener "${silent.listener}" does not accept on ${silent.address}:${silent.port}`;
}

async function died(envoy: EnvoyProcess): Promise<EnvoyStartError> {
  const { code, signal, words } = await envoy.exited;
  return new EnvoyStartError(`Envoy ended while it was starting (${signal ?? `exit code ${code}`}):`, words);
}

async function saysReady(admin: string | undefined, addresses: readonly ListenAddress[]): Promise<boolean> {
  if (admin) {
    const answer = await askAdmin(admin, '/ready', 'GET', ANSWER_MS).catch(() => undefined);
    return answer?.status === 200;
  }
  const health = addresses.find(({ listener }) => /health/i.test(listener));
  return health === undefined || (await getStatus(health)) === 200;
}

function getStatus({ address, port }: ListenAddress): Promise<number | undefined> {
  return new Promise((resolve) => {
    const options = { host: dialAddress(address), port, path: '/healthz', agent: false, timeout: ANSWER_MS };
    const call = get(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
  });
}

async function refusedSomething(admin: string): Promise<boolean> {
  const stats = await readStats(admin, '\\.(lds|cds|rds\\..*)\\.update_(rejected|failure)$');
  return [...stats.values()].some((count) => count !== '0');
}

async function firstSilent(addresses: readonly ListenAddress[]): Promise<ListenAddress | undefined> {
  for (const address of addresses) if (!(await accepts(address))) return address;
  return undefined;
}

function accepts({ address, port }: ListenAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: dialAddress(address), port });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_MS, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
