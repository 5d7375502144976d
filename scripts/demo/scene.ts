import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../../lib/cli/cli-error';
import { EXIT } from '../../lib/cli/exit-codes';
import { policyWords } from '../../lib/cli/policy-words';
import { progress } from '../../lib/cli/terminal';
import { compile } from '../../lib/envoy/compile';
import { type CompiledConfig } from '../../lib/envoy/resources';
import { PortTakenError } from '../../lib/gateway/errors';
import { findEnvoy } from '../../lib/gateway/find-envoy';
import { type Gateway } from '../../lib/gateway/gateway';
import { startGateway } from '../../lib/gateway/start';
import { validate } from '../../lib/gateway/validate';
import { EgressPolicy } from '../../lib/policy/policy';
import { type Workload } from '../../lib/policy/types';
import { startNoDns } from './no-dns';
import { withOverlay } from './overlay';
import { startStandIn } from './stand-in';
import { temporaryFolder } from './temporary';

export interface SceneOptions {
  readonly urls: readonly string[];
  readonly port?: number;
  readonly healthPort?: number;
  readonly log: (line: string) => void;
}

/** Everything that the demo needs, up and running. */
export interface Scene {
  /** With the overlay. */
  readonly policy: EgressPolicy;
  readonly workload: string;
  readonly gateway: Gateway;
  /** As curl's `-x` names the gateway. */
  readonly proxy: string;
  readonly caFile: string;
  /** Private, and gone at the end. */
  readonly folder: string;
  readonly dnsQuestions: () => number;
  readonly close: () => Promise<void>;
}

const POLICY_FILE = 'egress.yaml';
/** The port of the workload in the two commands. */
const USUAL_PORT = 10_000;
const BIND = '127.0.0.1';

/** What must be ended, in the order in which it was begun. */
type Closers = (() => unknown)[];

/**
 * Checks the policy, starts the stand-in and the gateway in front of it.
 * @throws PolicyError, EnvoyNotFoundError, CliError (a taken port), …: each says what to do, and nothing is left running
 */
export async function startScene(options: SceneOptions): Promise<Scene> {
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    for (const each of closers.reverse()) await each();
  };
  try {
    return { ...(await setUp(options, closers)), close };
  } catch (error) {
    await close();
    throw error instanceof PortTakenError ? withOption(error) : error;
  }
}

async function setUp({ urls, port, healthPort, log }: SceneOptions, closers: Closers): Promise<Omit<Scene, 'close'>> {
  const written = EgressPolicy.fromFile(POLICY_FILE);
  step('policy', `${POLICY_FILE} is valid: ${policyWords(written)}`);
  const { name, port: usual } = workloadOf(written);
  const used = port ?? usual;
  const hosts = urls.map((url) => new URL(url).hostname);
  const standIn = await startStandIn(hosts, [...written.workloads.map((each) => each.port), used]);
  closers.push(standIn.close);
  const policy = withOverlay(written, { hosts, standIn, move: { workload: name, port: used } });
  step('stand-in', `${hosts[0]} is ${standIn.ip}:${standIn.port} here (in memory, ${POLICY_FILE} stays as it is)`);
  const dns = await startNoDns();
  closers.push(dns.close);
  const folder = temporaryFolder();
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, standIn.caCert);
  const directory = join(folder, 'gateway');
  const adminSocket = join(directory, 'admin.sock');
  const config = compile(policy, { directory, adminSocket, healthPort, bind: BIND, dns: [dns.address] });
  const gateway = await startEnvoy(config, directory, log);
  closers.push(() => gateway.stop());
  step('gateway', `http://localhost:${used} for workload ${name}`);
  const proxy = `http://localhost:${used}`;
  return { policy, workload: name, gateway, proxy, caFile, folder, dnsQuestions: dns.questions };
}

async function startEnvoy(config: CompiledConfig, directory: string, onLog: (line: string) => void): Promise<Gateway> {
  const envoy = await findEnvoy({ onProgress: (line) => step('envoy', line) });
  step('envoy', `${envoy.version} (${envoy.source}) ${envoy.path}`);
  await validate(config, { envoy: envoy.path });
  step('config', 'compiled, and accepted by envoy --mode validate');
  return startGateway({ envoy: envoy.path, config, directory, onLog });
}

function workloadOf({ workloads }: EgressPolicy): Workload {
  const usual = workloads.find((workload) => workload.port === USUAL_PORT);
  const workload = usual ?? workloads[0];
  if (!workload) {
    throw new CliError(`${POLICY_FILE} has no workload, so nothing can be shown; add one with a port.`, EXIT.no);
  }
  if (!usual)
    step('policy', `no workload has port ${USUAL_PORT}; taking the first one, ${workload.name}, on ${workload.port}`);
  return workload;
}

function withOption(error: PortTakenError): CliError {
  return new CliError(
    `${error.message}\nOr for this run alone: npm start -- --port N, npm start -- --health-port N.`,
    EXIT.usage,
  );
}

function step(what: string, words: string): void {
  progress(`${what.padEnd(10)}${words}`);
}
