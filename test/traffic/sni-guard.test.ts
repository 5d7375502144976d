import { PUBLIC_V4, useBench } from './support/bench';
import { clientHello, intoRecords } from './support/client-hello';
import { connect, get, startTls } from './support/clients';
import { describeInNamespace } from './support/namespace';
import type { Wire } from './support/wire';

const HOST = 'api.allowed.test';
const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: [${HOST}, other.allowed.test, alone.allowed.test]
      - hosts: ["*.wild.test"]
`;
const TLS_HANDSHAKE = 0x16;

describeInNamespace('the guard on the TLS server name', () => {
  const bench = useBench(POLICY);
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  async function tunnel(authority = `${HOST}:443`): Promise<{ wire: Wire; id: string }> {
    const { reply, wire } = await connect(bench.port(), authority);
    expect(reply.status).toBe(200);
    return { wire, id: reply.headers['x-egress-id'] ?? '' };
  }

  /** Sends bytes into a tunnel and expects that it closes, that no server got any of them, and that the log says why. */
  async function expectClosed(bytes: Buffer | string, reason: string): Promise<void> {
    const { wire, id } = await tunnel();
    const { text, closed } = await wire.write(bytes).rest();
    expect({ text, closed }).toEqual({ text: '', closed: true });
    expect(await bench.log.of(id)).toMatchObject({
      decision: 'denied',
      reason,
      authority: `${HOST}:443`,
      layer: 'tunnel',
    });
    expect(bench.upstreams.arrivals.filter((arrival) => arrival.bytes() > 0)).toEqual([]);
    expect(bench.dns.names.filter((name) => name !== HOST)).toEqual([]);
  }

  /** Sends a ClientHello by hand and expects the server's handshake in return. */
  async function expectAnswered(send: (wire: Wire) => void | Promise<void>, authority?: string): Promise<void> {
    const { wire } = await tunnel(authority);
    await send(wire);
    expect((await wire.bytes(1))?.[0]).toBe(TLS_HANDSHAKE);
    wire.close();
  }

  describe('closes the tunnel without a byte to any server', () => {
    it.each([
      ['another host that no rule names', 'secret-data.evil.test'],
      ['another host that a rule names', 'other.allowed.test'],
      ['another host below an allowed wildcard', 'one.wild.test'],
      ['a prefix of the host', 'api.allowed'],
      ['the host less its last letter', 'api.allowed.tes'],
      ['its first label', 'api'],
      ['the parent', 'allowed.test'],
      ['a subdomain', `x.${HOST}`],
      ['a longer name that ends alike', `x${HOST}`],
      ['the host with its port', `${HOST}:443`],
      ['the host with a trailing dot', `${HOST}.`],
      ['an address', '93.184.215.14'],
      ['a comma-joined pair', `${HOST},evil.test`],
    ])('when the server name is %s', async (_what, sni) => {
      await expectClosed(await clientHello(sni), 'sni_mismatch');
    });

    it('when the server name has a NUL inside, which makes it no ClientHello', async () => {
      await expectClosed(await clientHello('api\0allowed.test'), 'not_tls');
    });

    it('when there is no server name', async () => expectClosed(await clientHello(null), 'sni_mismatch'));

    it.each([
      ['plain HTTP', `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
      ['an SSH banner', 'SSH-2.0-OpenSSH_9.6\r\n'],
      ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      ['random bytes', Buffer.from('00ff10203040506070809099aabbccddeeff', 'hex')],
      ['a record of TLS that is no handshake', Buffer.from('170303000568656c6c6f', 'hex')],
      [
        'SSL 2',
        Buffer.from(
          '802e0100020015000000100100800200800600400400800700c0000000112233445566778899aabbccddeeff00',
          'hex',
        ),
      ],
    ])('when the bytes are not TLS: %s', async (_what, bytes) => expectClosed(bytes, 'not_tls'));

    it('when the ClientHello is larger than 16 KiB', async () => {
      const { wire, id } = await tunnel();
      const { text, closed } = await wire.write(await clientHello(HOST, 20_000)).rest();
      expect({ text, closed }).toEqual({ text: '', closed: true });
      expect((await bench.log.of(id)).decision).toBe('denied');
      expect(bench.upstreams.heard).toEqual([]);
    });

    it('when half a ClientHello is all that comes, or nothing', async () => {
      const hello = await clientHello(HOST);
      const [half, silent] = await Promise.all([tunnel(), tunnel()]);
      half.wire.write(hello.subarray(0, hello.length / 2));
      const rests = await Promise.all([half.wire.rest(8000), silent.wire.rest(8000)]);
      expect(rests.map(({ closed }) => closed)).toEqual([true, true]);
      for (const { id } of [half, silent]) expect((await bench.log.of(id)).decision).toBe('denied');
      expect(bench.upstreams.heard).toEqual([]);
    });
  });

  describe('lets a ClientHello for the host through', () => {
    it('in one piece', async () => expectAnswered(async (wire) => void wire.write(await clientHello(HOST))));

    it('in upper case, on either side', async () => {
      await expectAnswered(async (wire) => void wire.write(await clientHello(HOST.toUpperCase())));
      await expectAnswered(async (wire) => void wire.write(await clientHello(HOST)), `${HOST.toUpperCase()}:443`);
    });

    it('byte by byte', async () => {
      const hello = await clientHello(HOST);
      await expectAnswered(async (wire) => {
        for (const byte of hello) {
          await new Promise((sent) => wire.socket.write(Buffer.of(byte), sent));
        }
      });
    });

    it('cut into many TLS records', async () => {
      const hello = await clientHello(HOST);
      await expectAnswered((wire) => void wire.write(intoRecords(hello, 16)));
    });

    it('of 8 KiB', async () => expectAnswered(async (wire) => void wire.write(await clientHello(HOST, 8000))));

    it('sent together with the CONNECT', async () => {
      const hello = await clientHello(HOST);
      const { wire } = await connect(bench.port(), `${HOST}:443`, { early: hello });
      expect((await wire.bytes(1))?.[0]).toBe(TLS_HANDSHAKE);
      wire.close();
    });

    it('below a wildcard', async () => {
      await expectAnswered(async (wire) => void wire.write(await clientHello('a.b.wild.test')), 'a.b.wild.test:443');
    });
  });

  it('never asks the DNS for a server name, so that nothing leaks through it', async () => {
    for (const sni of ['leak1.evil.test', 'leak2.evil.test', 'leak3.wild.test', 'other.allowed.test']) {
      const { wire } = await tunnel('alone.allowed.test:443');
      await wire.write(await clientHello(sni)).rest();
    }
    expect(bench.dns.names).toEqual(['alone.allowed.test']);
    expect(bench.upstreams.heard).toEqual([]);
  });

  it('cannot see what is inside TLS: the Host of an inner request is the business of the allowed server', async () => {
    const { wire } = await tunnel();
    const secured = (await startTls(wire, { sni: HOST, ca: bench.certificates.ca })) as Wire;
    expect((await get(secured, 'fronted.evil.test'))?.status).toBe(200);
    expect(bench.upstreams.heard).toMatchObject([{ host: 'fronted.evil.test', sni: HOST, address: PUBLIC_V4 }]);
    secured.close();
  });
});
