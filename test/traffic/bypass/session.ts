import { EgressPolicy } from '../../../lib/policy/policy';
import { HEALTH_PORT } from '../support/bench';
import { DnsServer } from '../support/dns-server';
import { LogBook } from '../support/log-book';
import type { Upstreams } from '../support/upstreams';
import { Wire } from '../support/wire';
import type { Case, Names } from './case';
import { Conversation } from './conversation';
import { startEnvoy, type Kind, type Running } from './envoys';
import type { PacketRecorder } from './packet-recorder';
import { Records, type Trace } from './records';

/** Time for a reply or a close. */
const DEADLINE_MS = 15_000;
/** The same of the open Envoy, from which an escape is wanted, which ends the case, and no reply. */
const OPEN_DEADLINE_MS = { sure: 5000, other: 300 };
const SETTLED_MS = 2000;

/** One Envoy with one policy, between the cases that need these and the servers of the namespace. */
export class Session {
  readonly dns = new DnsServer();
  readonly log = new LogBook();
  readonly records: Records;
  private readonly ports: ReadonlyMap<string, number>;
  private envoy: Running | undefined;

  constructor(
    readonly kind: Kind,
    private readonly policy: string,
    names: Names,
    recorder: PacketRecorder,
    upstreams: Upstreams,
  ) {
    this.ports = new Map(EgressPolicy.fromYaml(policy).workloads.map(({ name, port }) => [name, port]));
    const listeners = new Set([...this.ports.values(), HEALTH_PORT]);
    this.records = new Records(recorder, this.dns, upstreams, listeners);
    this.say(names);
  }

  async start(): Promise<void> {
    await this.dns.listen();
    await this.startEnvoy();
  }

  /** Another Envoy in the place of the first: it knows no name and has no connection. */
  async restart(): Promise<void> {
    await this.envoy?.stop();
    this.records.kept.clear();
    await this.startEnvoy();
  }

  async stop(): Promise<void> {
    await this.envoy?.stop();
    await this.dns.close();
  }

  /** Adds to what the DNS server says. */
  say(names: Names): void {
    for (const [name, answers] of Object.entries(names)) this.dns.set(name, ...answers);
  }

  converse({ workload, openEscapes }: Pick<Case, 'workload' | 'openEscapes'>): Conversation {
    const open = openEscapes === true ? OPEN_DEADLINE_MS.sure : OPEN_DEADLINE_MS.other;
    return new Conversation({
      port: this.portOf(workload),
      portOf: (name) => this.portOf(name),
      onOpen: (own) => this.records.own.add(own),
      deadlineMs: this.kind === 'open' ? open : DEADLINE_MS,
    });
  }

  /**
   * What was sent since the last call. Envoy's one worker has done by then what it had before it: it has answered a request that it
   * refuses without looking anywhere.
   */
  async trace({ workload }: Pick<Case, 'workload'> = {}): Promise<Trace> {
    if (this.kind === 'gateway' && this.envoy?.process.running) await this.settle(this.portOf(workload));
    if (this.envoy?.process.running === false) throw new Error(`Envoy ended: ${this.envoy.process.words.join('\n')}`);
    return this.records.take();
  }

  /** @throws Error where Envoy sends anything before it is asked to */
  private async startEnvoy(): Promise<void> {
    await this.records.take();
    // The open Envoy's words are not the gateway's log.
    const onLog = this.kind === 'gateway' ? this.log.add : () => undefined;
    this.envoy = await startEnvoy(this.kind, this.policy, this.dns.endpoint, onLog);
    const trace = await this.records.take();
    // Whether it listens was tried from here.
    const ports = new Set([...this.ports.values(), HEALTH_PORT]);
    const packets = trace.packets.filter(({ protocol, port }) => protocol !== 'tcp' || !ports.has(port));
    const sent = this.records.escapes({ ...trace, packets }, { expect: 'refused' });
    if (sent.length > 0) throw new Error(`Envoy, just started, sent ${sent.join(', ')}`);
  }

  private async settle(port: number): Promise<void> {
    const wire = await Wire.open(port);
    this.records.own.add(`127.0.0.1:${wire.socket.localPort}`);
    wire.write('OPTIONS * HTTP/1.1\r\nHost: settled\r\n\r\n');
    await wire.reply({ deadlineMs: SETTLED_MS }).catch(() => undefined);
    wire.close();
  }

  private portOf(workload?: string): number {
    const port = workload === undefined ? Math.min(...this.ports.values()) : this.ports.get(workload);
    if (port === undefined) throw new Error(`no workload ${workload}`);
    return port;
  }
}
