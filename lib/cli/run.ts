import { join } from 'node:path';
import { FSWatcher } from 'chokidar';
import { compile } from '../envoy/compile';
import { type CompiledConfig } from '../envoy/resources';
import { findEnvoy, type EnvoyBinary } from '../gateway/find-envoy';
import { type Gateway } from '../gateway/gateway';
import { startGateway } from '../gateway/start';
import { validate } from '../gateway/validate';
import { PolicyWatch, watchPolicy, type WatchOptions } from '../gateway/watch';
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
  let gateway: Gateway;
  try {
    const config = (directory: string): CompiledConfig => compileFor(policy, options, directory);
    gateway = await startGateway({ envoy: envoy.path, config, onLog: output.line });
  } catch (error) {
    if (wish.given()) return EXIT.yes; // Ctrl-C reaches Envoy as well
    throw error;
  }
  report(policy, envoy, options);
  const watch = await follow(source, gateway, envoy, policy, options);
  try {
    return await serve(gateway, output, wish);
  } finally {
    await watch.close();
  }
}

function compileFor(policy: EgressPolicy, options: RunOptions, directory: string, now = new Date()): CompiledConfig {
  const { bind, dns, healthPort } = options;
  const adminSocket = join(directory, 'admin.sock');
  return compile(policy, { directory, bind, dns, healthPort, adminSocket, closeExpiredAt: now });
}

async function follow(
  source: PolicySource,
  gateway: Gateway,
  envoy: EnvoyBinary,
  policy: EgressPolicy,
  options: RunOptions,
): Promise<PolicyWatch> {
  const watching: WatchOptions = {
    policy,
    files: source.files,
    load: source.load,
    apply: async (next, now) => {
      const config = compileFor(next, options, gateway.directory, now);
      await validate(config, { envoy: envoy.path });
      await gateway.publish(config);
    },
    onEvent: (event) => progress(watchWords(event, colorsOf(process.stderr))),
  };
  // Without files there is still the clock: an expired rule's open tunnels end on their day.
  if (!options.watch || source.files.length === 0) return new PolicyWatch(watching, new FSWatcher());
  return watchPolicy(watching);
}

function report(policy: EgressPolicy, envoy: EnvoyBinary, { bind }: RunOptions): void {
  const colors = colorsOf(process.stderr);
  progress(
    `${colors.green('ready')}: ${policyWords(policy)}; Envoy ${envoy.version} (${envoy.source}); Ctrl-C ends it\n`,
  );
  progress(`${listenersReport(policy, bind, { colors, width: widthOf(process.stderr) })}\n`);
  const warning = openDoorWarning(bind);
  if (warning) progress(`${colors.yellow(warning)}\n`);
}
