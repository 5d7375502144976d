import net from 'node:net';

/** A server that treats every connection as a fault test wants it, on every address of the bench. */
export class RawServer {
  /** Connections that came. */
  accepted = 0;
  private readonly sockets = new Set<net.Socket>();
  private readonly server: net.Server;

  private constructor(treat: (socket: net.Socket) => void) {
    this.server = net.createServer((socket) => {
      this.accepted += 1;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
      treat(socket);
    });
  }

  static async listen(port: number, treat: (socket: net.Socket) => void): Promise<RawServer> {
    const raw = new RawServer(treat);
    await new Promise<void>((resolve, reject) => {
      raw.server.once('error', reject);
      raw.server.listen({ port, host: '::', backlog: 1024 }, resolve);
    });
    return raw;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Writes what `next` gives as fast as the reader takes it, until the reader is gone or `next` has no more, then ends the connection. */
export function pour(socket: net.Socket, next: () => Buffer | string | undefined): void {
  const more = (): void => {
    while (!socket.destroyed) {
      const bytes = next();
      if (bytes === undefined) return void socket.end();
      if (!socket.write(bytes)) return void socket.once('drain', more);
    }
  };
  more();
}
