import { join } from 'node:path';
import { compile } from '../envoy/compile';
import { type CompiledConfig } from '../envoy/resources';
import { findEnvoy, type EnvoyBinary } from '../gateway/find-envoy';
import { type Gateway } from '../gateway/gateway';
import { connectionsThatFit, fewFilesWarning } from '../gateway/open-files';
import { ownAddresses } from '../gateway/own-addresses';
import { startGateway } from '../gateway/start';
import { validate } from '../gateway/validate';
import { type PolicyWatch, watchPolicy, type WatchOptions } from '../gateway/watch';
import { type EgressPolicy } from '../policy/policy';
import { DecisionOutput } from './decision-output';
import { EXIT, type ExitCode } from './exit-codes';
import { listenersReport, openDoorWarning } from './listeners-report';
import { openPolicy, type PolicySource } from './load-policy';
import { policyWords } from './policy-words';
import { serve } from './serve';
import { colorsOf, progress, widthOf } from './terminal';
import { untilSignal } from './until-signal';
import { watchWords } from './watch-words';

export interface RunOptions {
  readonly policy?: readonly string[];
  readonly bind: string;
  readonly dns?: readonly string[];
  readonly healthPort?: number;
  /** A file to which the JSON lines are appended as well. */
  readonly log?: string;
  /** Longest wait after SIGTERM for requests that are under way. */
  readonly drainSeconds: number;
  /** Whether changes of the policy files are taken over. */
  readonly watch: boolean;
}

/** Runs the gateway on this machine until a signal comes or Envoy dies. */
export async function run(options: RunOptions): Promise<ExitCode> {
  const source = await openPolicy(options.policy);
  const policy = source.load();
  const output = new DecisionOutput(options.log);
  const envoy = await findEnvoy({ onProgress: progress });
  await validate(compileFor(policy, options, '/run'), { envoy: envoy.path });
  const wish = untilSignal();
  const compiledAt = new Date();
  let gateway: Gateway;
  try {
    const config = (directory: string): CompiledConfig => compileFor(policy, options, directory, compiledAt);
    gateway = await startGateway({ envoy: envoy.path, config, onLog: output.line });
  } catch (error) {
    if (wish.given()) return EXIT.yes; // Ctrl-C reaches Envoy as well
    throw error;
  }
  report(policy, envoy, options);
  const watch = follow(source, gateway, envoy, { policy, compiledAt }, options);
  try {
    return await serve(gateway, output, wish, options.drainSeconds);
  } finally {
    await watch.close();
  }
}

function compileFor(policy: EgressPolicy, options: RunOptions, directory: string, now = new Date()): CompiledConfig {
  const { bind, dns, healthPort } = options;
  const adminSocket = join(directory, 'admin.sock');
  const gatewayAddresses = ownAddresses(bind);
  const maxConnections = connectionsThatFit();
  return compile(policy, {
    directory,
    bind,
    dns,
    healthPort,
    adminSocket,
    gatewayAddresses,
    maxConnections,
    closeExpiredAt: now,
  });
}

function follow(
  source: PolicySource,
  gateway: Gateway,
  envoy: EnvoyBinary,
  inForce: Pick<WatchOptions, 'policy' | 'compiledAt'>,
  options: RunOptions,
): PolicyWatch {
  let ports = portsOf(inForce.policy);
  const watching: WatchOptions = {
    ...inForce,
    files: source.files,
    load: source.load,
    apply: async (next, now) => {
      const config = compileFor(next, options, gateway.directory, now);
      await validate(config, { envoy: envoy.path });
      await gateway.publish(config);
    },
    onEvent: (event) => {
      progress(watchWords(event, colorsOf(process.stderr)));
      if (event.type === 'applied' && portsOf(event.policy) !== ports) reportListeners(event.policy, options);
      ports = portsOf(event.policy);
    },
  };
  // Without files there is still the clock: an expired rule's open tunnels end on their day.
  return watchPolicy(options.watch ? watching : { ...watching, files: [] });
}

function report(policy: EgressPolicy, envoy: EnvoyBinary, options: RunOptions): void {
  const { green, yellow } = colorsOf(process.stderr);
  progress(`${green('ready')}: ${policyWords(policy)}; Envoy ${envoy.version} (${envoy.source}); Ctrl-C ends it`);
  reportListeners(policy, options);
  const warning = openDoorWarning(options.bind);
  if (warning) progress(`${yellow(warning)}\n`);
  const few = fewFilesWarning();
  if (few) progress(`${yellow(few)}\n`);
}

function reportListeners(policy: EgressPolicy, { bind }: RunOptions): void {
  const options = { colors: colorsOf(process.stderr), width: widthOf(process.stderr) };
  progress(`\n${listenersReport(policy, bind, options)}\n`);
}

/** A key that changes with the listeners. */
function portsOf({ workloads }: EgressPolicy): string {
  return workloads.map(({ name, port }) => `${name} ${port}`).join();
}
