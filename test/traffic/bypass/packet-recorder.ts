import { spawn, type ChildProcess } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { splitLines } from '../../../lib/gateway/split-lines';

/** What began something on the loopback device: a TCP SYN, a UDP datagram, or a packet of another protocol (ports 0 then). */
export interface Packet {
  readonly protocol: string;
  readonly source: string;
  /** Of ICMP: its type. */
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
}

const MARK_PORT = 9;

type Line = ['ready'] | ['mark', string, number] | [string, string, number, string, number];

/**
 * The catch-all: in a namespace every packet passes the loopback device, and this one listens there (AF_PACKET), so that a connection or
 * a datagram is seen whether or not anybody serves the address and the port that it goes to.
 */
export class PacketRecorder {
  private readonly packets: Packet[] = [];
  private readonly marks = new Map<string, (lost: number) => void>();
  private readonly socket = dgram.createSocket('udp4');
  private child: ChildProcess | undefined;
  private ready: (() => void) | undefined;
  private count = 0;
  private failed: ((error: Error) => void) | undefined;
  /** Rejects when the recorder ends without having been asked to. */
  private readonly broken = new Promise<never>((_, reject) => (this.failed = reject));

  async open(): Promise<void> {
    this.broken.catch(() => undefined);
    const child = spawn('python3', [join(__dirname, 'record_packets.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.child = child;
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    child.on('close', (code) => this.failed?.(new Error(`the packet recorder ended with ${code}: ${words}`)));
    child.on('error', (error) => this.failed?.(error));
    const ready = new Promise<void>((resolve) => (this.ready = resolve));
    splitLines(child.stdout, (line) => this.read(JSON.parse(line) as Line));
    // Bound to the port of the marks, so that the kernel does not answer them with ICMP.
    this.socket.bind(MARK_PORT, '127.0.0.1');
    await Promise.race([Promise.all([ready, once(this.socket, 'listening')]), this.broken]);
  }

  async close(): Promise<void> {
    this.socket.close();
    if (this.child === undefined || this.child.exitCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.stdin?.end();
    await closed;
  }

  /**
   * Everything since the last call that was sent before this one.
   * @throws Error where the kernel had to drop packets: what was not seen cannot be called absent
   */
  async take(): Promise<Packet[]> {
    this.count += 1;
    const mark = String(this.count);
    const arrived = new Promise<number>((resolve) => this.marks.set(mark, resolve));
    this.socket.send(`mark ${mark}`, MARK_PORT, '127.0.0.1');
    const lost = await Promise.race([arrived, this.broken]);
    if (lost > 0) throw new Error(`the packet recorder lost ${lost} packets`);
    return this.packets.splice(0);
  }

  private read(line: Line): void {
    if (line.length === 1) return this.ready?.();
    if (line.length === 3) {
      this.marks.get(line[1])?.(line[2]);
      this.marks.delete(line[1]);
      return;
    }
    const [protocol, source, sourcePort, destination, port] = line;
    this.packets.push({ protocol, source, sourcePort, destination, port });
  }
}
