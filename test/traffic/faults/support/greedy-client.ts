import net from 'node:net';
import { setPriority } from 'node:os';
import { serveParent } from './child';

/** A process that opens tunnels without end, or as many as it is told, and holds them. It keeps what it sees in counts. */

export interface OpenTunnels {
  readonly port: number;
  /** `{n}` becomes the tunnel's number. */
  readonly authority: string;
  readonly count: number;
  /** Bytes for the tunnel, in base64, which the far end answers with no fewer; absent: it stays silent. */
  readonly first?: string;
  /** Connections that are tried at a time; default 64. */
  readonly atATime?: number;
}

export interface Flood extends Omit<OpenTunnels, 'count'> {
  readonly atATime: number;
  /** Milliseconds after which each is closed; default: until the gateway closes it. */
  readonly holdMs?: number;
  /** A plain request for this URL instead of a CONNECT; `{n}` becomes its number. */
  readonly url?: string;
}

export interface GreedyCount {
  /** Connections that were tried. */
  readonly tried: number;
  /** Open now. */
  readonly open: number;
  /** Among the open ones, those whose first bytes came back. */
  readonly echoed: number;
  /** Answers by their status; `closed`: none. */
  readonly answers: Readonly<Record<string, number>>;
}

const TRIED_AT_A_TIME = 64;
const ECHO_MS = 30_000;

/** One CONNECT or plain request, on a connection of its own. */
class Tunnel {
  /** Of the answer; `closed`: none came. */
  status = 'closed';
  /** Bytes that came after the answer. */
  received = 0;
  private readonly socket: net.Socket;
  private told = false;

  /**
   * @param settled called once: after the answer, or the echo of `first`, or the close
   * @param gone called after the close
   */
  constructor(
    port: number,
    head: string,
    private readonly first: Buffer | undefined,
    private readonly settled: (tunnel: Tunnel) => void,
    gone: (tunnel: Tunnel) => void,
  ) {
    this.socket = net.connect({ port, host: '127.0.0.1', noDelay: true }, () => this.socket.write(head));
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('close', () => {
      this.settle();
      gone(this);
    });
  }

  get open(): boolean {
    return this.status === '200' && !this.socket.destroyed;
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  close(): void {
    this.socket.destroy();
  }

  private settle(): void {
    if (!this.told) this.settled(this);
    this.told = true;
  }

  private take(chunk: Buffer): void {
    if (this.status !== 'closed') {
      this.received += chunk.length;
      if (this.received >= (this.first?.length ?? 0)) this.settle();
      return;
    }
    this.status = chunk.toString('latin1', 9, 12);
    if (this.status === '200' && this.first !== undefined) this.write(this.first);
    else this.settle();
  }
}

class Greedy {
  private tried = 0;
  private readonly answers: Record<string, number> = {};
  private readonly tunnels = new Set<Tunnel>();
  private flooding = false;

  async open({ port, authority, count, first, atATime = TRIED_AT_A_TIME }: OpenTunnels): Promise<GreedyCount> {
    const bytes = first === undefined ? undefined : Buffer.from(first, 'base64');
    let left = count;
    const one = async (): Promise<void> => {
      while (left-- > 0) await this.tunnel(port, connectHead(authority, this.tried), bytes);
    };
    await Promise.all(Array.from({ length: atATime }, one));
    return this.count();
  }

  /** Goes on until {@link stop}. */
  flood({ port, authority, first, atATime, holdMs, url }: Flood): void {
    this.flooding = true;
    const bytes = first === undefined ? undefined : Buffer.from(first, 'base64');
    const one = async (): Promise<void> => {
      while (this.flooding) {
        const head = url === undefined ? connectHead(authority, this.tried) : getHead(url, this.tried);
        await this.tunnel(port, head, bytes, holdMs);
      }
    };
    for (let i = 0; i < atATime; i++) void one();
  }

  stop(): GreedyCount {
    this.flooding = false;
    return this.count();
  }

  /** Sends bytes through every open tunnel and waits until they have come back. @returns from how many they did */
  async ping(text: string): Promise<number> {
    const bytes = Buffer.from(text);
    const before = new Map([...this.tunnels].filter(({ open }) => open).map((tunnel) => [tunnel, tunnel.received]));
    for (const tunnel of before.keys()) tunnel.write(bytes);
    const back = (): number => [...before].filter(([each, had]) => each.received >= had + bytes.length).length;
    const end = Date.now() + ECHO_MS;
    while (back() < before.size && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    return back();
  }

  closeAll(): void {
    for (const tunnel of this.tunnels) tunnel.close();
  }

  /** Connections that are there, answered or not: what {@link count} says, quickly. */
  held(): number {
    return this.tunnels.size;
  }

  count(): GreedyCount {
    const open = [...this.tunnels].filter((tunnel) => tunnel.open);
    const echoed = open.filter((tunnel) => tunnel.received > 0).length;
    return { tried: this.tried, open: open.length, echoed, answers: { ...this.answers } };
  }

  /** Settles when the tunnel was answered and its first bytes came back, when it was closed, and with `holdMs` when it closes it then. */
  private tunnel(port: number, head: string, first: Buffer | undefined, holdMs?: number): Promise<void> {
    this.tried += 1;
    return new Promise((resolve) => {
      const settled = ({ status }: Tunnel): void => {
        this.answers[status] = (this.answers[status] ?? 0) + 1;
        if (holdMs === undefined) resolve();
      };
      const gone = (tunnel: Tunnel): void => {
        this.tunnels.delete(tunnel);
        resolve();
      };
      const tunnel = new Tunnel(port, head, first, settled, gone);
      this.tunnels.add(tunnel);
      if (holdMs !== undefined) setTimeout(() => tunnel.close(), holdMs);
    });
  }
}

function connectHead(authority: string, number: number): string {
  const target = authority.replace('{n}', String(number));
  return `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`;
}

function getHead(url: string, number: number): string {
  const target = url.replace('{n}', String(number));
  return `GET ${target} HTTP/1.1\r\nHost: ${new URL(target).host}\r\nConnection: close\r\n\r\n`;
}

// It stands for another machine: what it takes of this one's processors shall not be missed by the gateway.
setPriority(10);
const greedy = new Greedy();
serveParent({
  open: (argument: OpenTunnels) => greedy.open(argument),
  flood: (argument: Flood) => greedy.flood(argument),
  stop: () => greedy.stop(),
  ping: (text: string) => greedy.ping(text),
  close: () => greedy.closeAll(),
  count: () => greedy.count(),
  held: () => greedy.held(),
});
