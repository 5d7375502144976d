import http from 'node:http';
import net from 'node:net';

/** A proxy that opens every tunnel: what a check says of it shows that the check can fail. */
export class OpenProxy {
  private readonly sockets = new Set<net.Socket>();

  private constructor(private readonly server: http.Server) {
    server.on('connect', (request, client: net.Socket) => {
      const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(request.url ?? '') ?? [];
      const upstream = net.connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client);
        client.pipe(upstream);
      });
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('error', () => [client, upstream].forEach((each) => each.destroy()));
      }
    });
  }

  static async start(): Promise<OpenProxy> {
    const proxy = new OpenProxy(http.createServer());
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
