import { join } from 'node:path';
import { compile } from '../../../lib/envoy/compile';
import type { CompiledConfig, CompileOptions } from '../../../lib/envoy/resources';
import { findEnvoy } from '../../../lib/gateway/find-envoy';
import type { Gateway } from '../../../lib/gateway/gateway';
import { startGateway } from '../../../lib/gateway/start';
import { EgressPolicy } from '../../../lib/policy/policy';
import { ask, type Asked, type AskOptions } from './ask';
import { certificates, type Certificates } from './certificates';
import { DnsServer, type Answer } from './dns-server';
import { LogBook } from './log-book';
import { inNamespace, ownEveryAddress } from './namespace';
import { Upstreams, type Kind } from './upstreams';

/** Public addresses for names whose address does not matter. */
export const PUBLIC_V4 = '93.184.215.14';
export const PUBLIC_V6 = '2606:2800:21f::14';
export const HEALTH_PORT = 9900;
/** The port of the workload that is meant where a test names none. */
export const MAIN_PORT = 10000;

export interface BenchOptions {
  /** What each name resolves to: addresses, or answers in turn. */
  readonly names?: Readonly<Record<string, readonly (string | Answer)[]>>;
  readonly compile?: CompileOptions;
  /** What listens where; default {@link PORTS}. */
  readonly ports?: Readonly<Record<number, Kind>>;
  /** Changes every compiled config, to bring near what is far: a day's end, a minute. */
  readonly adjust?: (config: CompiledConfig) => CompiledConfig;
  /** Seconds until the tunnels of a removed rule end; default 1. */
  readonly drainSeconds?: number;
  /** Envoy's worker threads; default 1, which brings out what concurrent tunnels share. */
  readonly concurrency?: number;
}

/** {@link Bench.traces} of a request that was refused before anything moved. */
export const NO_TRACES = { dialled: [], asked: [] };

/** A request's fate: what `decide` would say about it, seen from outside. */
export interface Verdict extends Asked {
  readonly decision: 'allowed' | 'denied';
  readonly reason: string;
}

/** A real Envoy with a policy, between clients, a DNS server and servers that are all the test's own. */
export class Bench {
  readonly dns = new DnsServer();
  readonly log = new LogBook();
  upstreams!: Upstreams;
  certificates!: Certificates;
  gateway!: Gateway;
  policy!: EgressPolicy;

  constructor(private readonly options: BenchOptions = {}) {
    for (const [name, answers] of Object.entries(options.names ?? {})) this.dns.set(name, ...answers);
  }

  async open(policy: string): Promise<void> {
    ownEveryAddress();
    this.certificates = await certificates();
    this.upstreams = new Upstreams(this.certificates);
    await Promise.all([this.upstreams.listen(this.options.ports), this.dns.listen()]);
    const { path } = await findEnvoy();
    this.policy = EgressPolicy.fromYaml(policy);
    this.gateway = await startGateway({
      envoy: path,
      config: (directory) => this.compiled(this.policy, { directory }),
      onLog: this.log.add,
      drainSeconds: this.options.drainSeconds ?? 1,
      concurrency: this.options.concurrency ?? 1,
    });
  }

  async close(): Promise<void> {
    await this.gateway?.stop();
    await Promise.all([this.upstreams?.close(), this.dns.close()]);
  }

  /** Forgets what was asked and dialled; the policy, names, connections and the log stay. */
  forget(): void {
    this.dns.forget();
    this.upstreams.forget();
  }

  /** The policy's config for the running gateway. */
  compiled(policy = this.policy, options: CompileOptions = {}): CompiledConfig {
    const directory = options.directory ?? this.gateway.directory;
    const compiled = compile(policy, {
      bind: '127.0.0.1',
      healthPort: HEALTH_PORT,
      dns: [this.dns.endpoint],
      adminSocket: join(directory, 'admin.sock'),
      directory,
      ...this.options.compile,
      ...options,
    });
    return this.options.adjust?.(compiled) ?? compiled;
  }

  /** Puts another policy in force, as the watcher does. */
  async publish(policy: string, options: CompileOptions = {}): Promise<void> {
    this.policy = EgressPolicy.fromYaml(policy);
    await this.gateway.publish(this.compiled(this.policy, options));
  }

  /** What a request left behind: the addresses that were dialled and the names that were asked for. */
  get traces(): { dialled: string[]; asked: string[] } {
    return { dialled: this.upstreams.dialled, asked: this.dns.names };
  }

  /** The listener's port of a workload; default: {@link MAIN_PORT}. */
  port(workload?: string): number {
    if (workload === undefined) return MAIN_PORT;
    const found = this.policy.workloads.find(({ name }) => name === workload);
    if (found === undefined) throw new Error(`no workload ${workload}`);
    return found.port;
  }

  proxy(workload?: string): string {
    return `http://127.0.0.1:${this.port(workload)}`;
  }

  /** Sends one request as an honest client does (https through a tunnel, http in absolute form) unless the options say otherwise. */
  ask(url: string, options: AskOptions = {}): Promise<Asked> {
    return ask(this.port(options.workload), url, { ca: this.certificates.ca, ...options });
  }

  /** {@link ask}, and what became of it: the reason from the refusal's header, or from the log where a tunnel closed. */
  async verdict(url: string, options: AskOptions = {}): Promise<Verdict> {
    const asked = await this.ask(url, options);
    const reason = asked.reply?.headers['x-egress-reason'];
    if (reason !== undefined) return { ...asked, decision: 'denied', reason };
    if (asked.reply !== undefined) return { ...asked, decision: 'allowed', reason: 'rule' };
    const line = await this.log.of(asked.id);
    return { ...asked, decision: line.decision === 'denied' ? 'denied' : 'allowed', reason: line.reason };
  }
}

/** For {@link BenchOptions.adjust}: another value for one, wherever it stands. */
export function replaceInConfig(config: CompiledConfig, value: string, by: string): CompiledConfig {
  const text = JSON.stringify(config);
  if (!text.includes(`"${value}"`)) throw new Error(`the config does not say ${value}`);
  return JSON.parse(text.replaceAll(`"${value}"`, `"${by}"`)) as CompiledConfig;
}

/** A bench for all tests of the enclosing `describe`; records are forgotten before each. */
export function useBench(policy: string, options: BenchOptions = {}): Bench {
  const bench = new Bench(options);
  if (!inNamespace) return bench; // the tests are skipped, see describeInNamespace
  beforeAll(() => bench.open(policy), 30_000);
  beforeEach(() => bench.forget());
  afterAll(() => bench.close(), 15_000);
  jest.setTimeout(30_000);
  return bench;
}
