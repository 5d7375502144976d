import { execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { findEnvoy } from '../../../lib';
import { certificates } from '../../traffic/support/certificates';
import { DnsServer } from '../../traffic/support/dns-server';
import { Upstreams } from '../../traffic/support/upstreams';
import { Engine, MACHINE_ADDRESS } from './engine';
import { importImage } from './image';

/** Where the allowed servers of the tests are; an address of this namespace, as are all others. */
export const ALLOWED_ADDRESS = '93.184.215.14';
/** Another public one, which no rule leads to. */
export const FORBIDDEN_ADDRESS = '93.184.215.15';
export const METADATA_ADDRESS = '169.254.169.254';
/** Where datagrams are counted, on every address. */
export const UDP_PORT = 5355;

/** The machine that the containers run on, and the Internet: servers on every address, which count. */
export class Scene {
  readonly engine = new Engine();
  readonly dns = new DnsServer();
  /** Senders of datagrams to {@link UDP_PORT}. */
  readonly datagrams: string[] = [];
  private servers: Upstreams | undefined;
  private readonly sockets: dgram.Socket[] = [];

  get upstreams(): Upstreams {
    if (!this.servers) throw new Error('not open');
    return this.servers;
  }

  async open(): Promise<void> {
    for (const address of [MACHINE_ADDRESS, METADATA_ADDRESS]) {
      execFileSync('ip', ['address', 'replace', `${address}/32`, 'dev', 'lo']);
    }
    this.servers = new Upstreams(await certificates());
    await this.servers.listen();
    await this.dns.listen();
    this.dns.fallback = () => ({ addresses: [ALLOWED_ADDRESS] });
    this.dns.set('host.docker.internal', { rcode: 'NXDOMAIN' });
    for (const type of ['udp4', 'udp6'] as const) await this.count(type);
    await this.engine.start();
    await importImage(this.engine, (await findEnvoy()).path);
  }

  /** All addresses of the machine: loopback's public ones, and those of every bridge. */
  get machineAddresses(): string[] {
    const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    return [...new Set(all.map(({ address }) => address))].filter((each) => each !== '127.0.0.1' && each !== '::1');
  }

  forget(): void {
    this.upstreams.forget();
    this.dns.forget();
    this.datagrams.length = 0;
  }

  async close(): Promise<void> {
    await this.engine.stop();
    await this.dns.close();
    await this.servers?.close();
    for (const socket of this.sockets) socket.close();
  }

  private async count(type: 'udp4' | 'udp6'): Promise<void> {
    const socket = dgram.createSocket({ type, ipv6Only: type === 'udp6' });
    socket.on('message', (_, { address }) => this.datagrams.push(address));
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(UDP_PORT, type === 'udp4' ? '0.0.0.0' : '::', resolve);
    });
    this.sockets.push(socket);
  }
}
