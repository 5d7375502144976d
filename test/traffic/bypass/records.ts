import { setImmediate as nextTurn } from 'node:timers/promises';
import { zonesOf, type DnsServer } from '../support/dns-server';
import type { Arrival, Upstreams } from '../support/upstreams';
import type { Case } from './case';
import type { Packet, PacketRecorder } from './packet-recorder';

/** What happened in the namespace between two moments. */
export interface Trace {
  readonly packets: readonly Packet[];
  /** Names that the DNS server was asked for, each once. */
  readonly asked: readonly string[];
  /** Connections that servers took, as `address:port`. */
  readonly reached: readonly string[];
  /** Connections, of these and of earlier ones, over which bytes came. */
  readonly fed: readonly string[];
  /** Requests that servers heard. */
  readonly heard: readonly { readonly at: string; readonly request: string }[];
}

/** What is no escape. */
export type Allowance = Pick<Case, 'mayDial' | 'mayConnect' | 'mayAsk' | 'mayHear' | 'expect'>;

const UNREACHABLE: Readonly<Record<string, number>> = { icmp: 3, icmp6: 1 };

export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** All records of the namespace together: packets, DNS questions, servers. */
export class Records {
  /** `address:port` of the test's own connections to the gateway; of sockets that send it datagrams with `udp ` before it. */
  readonly own = new Set<string>();
  /** Names that Envoy was once allowed to ask for: it asks again by itself to keep its answers fresh. */
  readonly kept = new Set<string>();
  /** Open connections, with the bytes that had come over them at the last look. */
  private readonly open = new Map<Arrival, number>();

  constructor(
    private readonly recorder: PacketRecorder,
    private readonly dns: DnsServer,
    private readonly upstreams: Upstreams,
    /** Ports of the gateway. */
    private readonly listeners: ReadonlySet<number>,
  ) {}

  /** Everything since the last call. */
  async take(): Promise<Trace> {
    const all = await this.recorder.take();
    await this.allAccepted();
    const packets = this.withoutOwn(all);
    const arrivals = [...this.upstreams.arrivals];
    const places = (some: readonly Arrival[]): string[] => some.map(({ address, port }) => endpoint(address, port));
    const trace: Trace = {
      packets,
      asked: this.dns.names,
      reached: places(arrivals),
      fed: places(this.fed(arrivals)),
      heard: this.upstreams.heard.map(({ address, port, method, host = '', url }) => ({
        at: endpoint(address, port),
        request: `${method} ${url.startsWith('/') ? host : `${host} `}${url}`,
      })),
    };
    this.dns.forget();
    this.upstreams.forget();
    return trace;
  }

  /** Connections, new ones and kept ones, over which bytes have come since the last look. */
  private fed(arrivals: readonly Arrival[]): Arrival[] {
    for (const arrival of arrivals) this.open.set(arrival, 0);
    return [...this.open].flatMap(([arrival, before]) => {
      const now = arrival.bytes();
      if (arrival.closed()) this.open.delete(arrival);
      else this.open.set(arrival, now);
      return now > before ? [arrival] : [];
    });
  }

  /** Servers take hundreds of connections at once over several turns of the event loop. */
  private async allAccepted(): Promise<void> {
    for (let before = -1; before < this.upstreams.arrivals.length;) {
      before = this.upstreams.arrivals.length;
      await nextTurn();
      await nextTurn();
    }
  }

  /**
   * Packets without those by which the test itself opened connections to the gateway. Each connection is forgotten then: its port is free
   * for Envoy afterwards.
   */
  withoutOwn(packets: readonly Packet[]): Packet[] {
    const ports = new Set<string>();
    const left = packets.filter(({ protocol, source, sourcePort, port }) => {
      const from = endpoint(source, sourcePort);
      const own = protocol === 'tcp' && this.own.has(from) && this.listeners.has(port);
      if (own) ports.add(from);
      return !own;
    });
    for (const each of ports) this.own.delete(each);
    return left;
  }

  /** What of a trace nothing allows, each once. */
  escapes(trace: Trace, allowance: Allowance): string[] {
    const { mayDial = [], mayConnect = [], mayAsk = [], mayHear, expect } = allowance;
    const connects = [...mayDial, ...mayConnect];
    const hears = (request: string): boolean => mayHear?.includes(request) ?? expect === 'allowed';
    const found = [
      ...trace.packets.filter((packet) => !this.isOurs(packet) && !isDial(packet, connects)).map(describe),
      ...trace.asked.filter((name) => !this.mayAsk(name, mayAsk)).map((name) => `asked ${name}`),
      ...trace.reached.filter((at) => !connects.includes(at)).map((at) => `tcp ${at}`),
      ...trace.fed.filter((at) => !mayDial.includes(at)).map((at) => `bytes to ${at}`),
      ...trace.heard
        .filter(({ at, request }) => !mayDial.includes(at) || !hears(request))
        .map(({ at, request }) => `${at} heard ${request}`),
    ];
    return [...new Set(found)];
  }

  private mayAsk(name: string, allowed: readonly string[]): boolean {
    return [name, ...zonesOf(name)].some((each) => allowed.includes(each) || this.kept.has(each));
  }

  /** The test's own datagrams, its DNS, and the kernel's word that nobody serves a port. */
  private isOurs({ protocol, source, sourcePort, destination, port }: Packet): boolean {
    const from = endpoint(source, sourcePort);
    if (protocol === 'udp' && this.own.has(`udp ${from}`) && this.listeners.has(port)) return true;
    if (UNREACHABLE[protocol] === sourcePort) return true;
    if (protocol !== 'tcp' && protocol !== 'udp') return false;
    const isDns = endpoint(destination, port) === this.dns.endpoint;
    return isDns || (protocol === 'udp' && from === this.dns.endpoint);
  }
}

function isDial({ protocol, destination, port }: Packet, allowed: readonly string[]): boolean {
  return protocol === 'tcp' && allowed.includes(endpoint(destination, port));
}

function describe({ protocol, destination, port }: Packet): string {
  return `${protocol} ${endpoint(destination, port)}`;
}
