import net from 'node:net';

/** An HTTP reply as it stood on the wire. */
export interface Reply {
  readonly status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const DEADLINE_MS = 10_000;

/** What a peer did with a connection: everything it sent from a moment on, and whether it then closed. */
export interface Rest {
  readonly text: string;
  readonly closed: boolean;
  /** Milliseconds from the call to the close or the deadline. */
  readonly tookMs: number;
}

/** A raw TCP connection: bytes as the test wrote them, replies read one by one. Never throws on a reset; that is a close. */
export class Wire {
  private ended = false;
  private buffer = Buffer.alloc(0);
  private waiting: (() => void) | undefined;

  private constructor(readonly socket: net.Socket) {
    const end = (): void => {
      this.ended = true;
      this.waiting?.();
    };
    socket.on('data', this.take).on('end', end).on('close', end).on('error', end);
  }

  static async open(port: number, host = '127.0.0.1'): Promise<Wire> {
    const socket = net.connect({ port, host, noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Wire(socket);
  }

  /** Reads and writes a stream that is open already, such as TLS in a tunnel. */
  static over(socket: net.Socket): Wire {
    return new Wire(socket);
  }

  write(bytes: string | Buffer): this {
    if (typeof bytes === 'string') this.socket.write(bytes, 'latin1');
    else this.socket.write(bytes);
    return this;
  }

  /** The next HTTP reply; `undefined` when the peer closed without one. `to` is the method it answers. */
  async reply({ to = 'GET', deadlineMs = DEADLINE_MS } = {}): Promise<Reply | undefined> {
    const head = await this.until((bytes) => after(bytes, '\r\n\r\n'), deadlineMs);
    if (head === undefined) return undefined;
    const [first = '', ...lines] = head.toString('latin1').trimEnd().split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
      const key = name.toLowerCase();
      headers[key] = headers[key] === undefined ? value : `${headers[key]},${value}`;
    }
    const status = Number(first.split(' ')[1]);
    const empty = status < 200 || status === 204 || to === 'HEAD' || (to === 'CONNECT' && status < 300);
    return { status, headers, body: empty ? '' : await this.body(headers, deadlineMs) };
  }

  /** The next bytes up to and with `text`; `undefined` when the peer closed before. */
  async line(text = '\n', deadlineMs = DEADLINE_MS): Promise<string | undefined> {
    return (await this.until((bytes) => after(bytes, text), deadlineMs))?.toString('latin1');
  }

  /** Exactly `count` bytes. */
  async bytes(count: number, deadlineMs = DEADLINE_MS): Promise<Buffer | undefined> {
    return this.until((bytes) => (bytes.length >= count ? count : undefined), deadlineMs);
  }

  /** Everything until the peer closes; after the deadline what came so far, with `closed: false`. */
  async rest(deadlineMs = DEADLINE_MS): Promise<Rest> {
    const start = performance.now();
    await this.until(() => undefined, deadlineMs).catch(() => undefined);
    const text = this.buffer.toString('latin1');
    this.buffer = Buffer.alloc(0);
    return { text, closed: this.ended, tookMs: performance.now() - start };
  }

  get closed(): boolean {
    return this.ended;
  }

  close(): void {
    this.socket.destroy();
  }

  /** Hands the socket, with what was read but not used, to another protocol. */
  release(): net.Socket {
    this.socket.removeListener('data', this.take);
    this.socket.pause();
    if (this.buffer.length > 0) this.socket.unshift(this.buffer);
    return this.socket;
  }

  private readonly take = (chunk: Buffer): void => {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    this.waiting?.();
  };

  private async body(headers: Readonly<Record<string, string>>, deadlineMs: number): Promise<string> {
    if (headers['transfer-encoding'] === 'chunked') return this.chunks(deadlineMs);
    const length = headers['content-length'];
    if (length === undefined) return (await this.rest(deadlineMs)).text;
    return (await this.bytes(Number(length), deadlineMs))?.toString('utf8') ?? '';
  }

  private async chunks(deadlineMs: number): Promise<string> {
    let text = '';
    for (;;) {
      const size = parseInt((await this.line('\r\n', deadlineMs)) ?? '0', 16);
      const chunk = await this.bytes(size + 2, deadlineMs);
      if (size === 0 || chunk === undefined) return text;
      text += chunk.subarray(0, size).toString('utf8');
    }
  }

  /** Waits until `length` finds its end in what was received, and takes that much; `undefined` at the peer's close. */
  private async until(length: (bytes: Buffer) => number | undefined, deadlineMs: number): Promise<Buffer | undefined> {
    const end = Date.now() + deadlineMs;
    for (;;) {
      const found = length(this.buffer);
      if (found !== undefined) {
        const taken = this.buffer.subarray(0, found);
        this.buffer = this.buffer.subarray(found);
        return taken;
      }
      if (this.ended) return undefined;
      await this.more(end - Date.now());
    }
  }

  private more(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting = undefined;
        reject(
          new Error(`nothing more came within the deadline; so far: ${JSON.stringify(this.buffer.toString('latin1'))}`),
        );
      }, ms);
      this.waiting = () => {
        clearTimeout(timer);
        this.waiting = undefined;
        resolve();
      };
    });
  }
}

function after(bytes: Buffer, text: string): number | undefined {
  const at = bytes.indexOf(text, 0, 'latin1');
  return at < 0 ? undefined : at + text.length;
}
