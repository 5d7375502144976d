import { REASONS } from '../../lib/policy/reasons';
import { PUBLIC_V4, useBench } from './support/bench';
import { absolute, connect, get } from './support/clients';
import { eventually } from './support/eventually';
import type { Line } from './support/log-book';
import { describeInNamespace } from './support/namespace';
import { Wire, type Reply } from './support/wire';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.plain.test
        protocol: http
        ports: [8080, 8081]
`;
const SILENT = 'api.plain.test:8081';
const NO_UPGRADE = 'api.plain.test:8080';
/** More than the head of a request can be. */
const BODY_BYTES = 20_000;
const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

describeInNamespace.each<['absolute' | 'connect']>([['absolute'], ['connect']])(
  'a request that breaks off (%s)',
  (form) => {
    const bench = useBench(POLICY, { ports: { 8080: 'no-upgrade', 8081: 'silent' } });
    beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));
    beforeEach(() => bench.log.forget());

    /** Sends a request as far as `body` goes, and waits until the server has `bytes` of it. */
    async function begin(lines: readonly string[], body: string, bytes: number): Promise<Wire> {
      const wire = form === 'absolute' ? await Wire.open(bench.port()) : (await connect(bench.port(), SILENT)).wire;
      const target = form === 'absolute' ? `http://${SILENT}/upload` : '/upload';
      wire.write([`POST ${target} HTTP/1.1`, `Host: ${SILENT}`, ...lines, '', body].join('\r\n'));
      await eventually(
        () => bench.upstreams.arrivals[0]?.bytes() ?? 0,
        (count) => count >= bytes,
      );
      return wire;
    }

    /** The lines that decide on requests to the host, once those of a later request are written. */
    async function decisions(): Promise<Line[]> {
      const ours = (line: Line): boolean => line.decision !== 'pending' && line.authority !== 'evil.test:443';
      await bench.log.find(ours, 'the decision');
      await bench.log.of((await bench.ask('https://evil.test/')).id);
      return bench.log.lines.filter(ours);
    }

    const SENT = {
      decision: 'allowed',
      reason: 'rule',
      method: 'POST',
      upstream: `${PUBLIC_V4}:8081`,
      authority: SILENT,
    };

    it.each([
      ['closes (FIN)', (wire: Wire) => wire.socket.end()],
      ['resets (RST)', (wire: Wire) => wire.socket.resetAndDestroy()],
    ])('because the client %s before the answer is logged once, with the server that got it', async (_how, leave) => {
      const wire = await begin(['Content-Length: 5'], 'hello', 1);
      leave(wire);
      expect(await decisions()).toEqual([expect.objectContaining(SENT)]);
      wire.close();
    });

    it('because the client closes in the middle of its body is logged once, with the server that got it', async () => {
      const wire = await begin([`Content-Length: ${BODY_BYTES * 2}`], 'x'.repeat(BODY_BYTES), BODY_BYTES);
      wire.close();
      expect(await decisions()).toEqual([expect.objectContaining(SENT)]);
    });

    it('because its chunks turn malformed is allowed in the log: the server has the first of them', async () => {
      const chunk = `${BODY_BYTES.toString(16)}\r\n${'x'.repeat(BODY_BYTES)}\r\n`;
      const wire = await begin(['Transfer-Encoding: chunked'], chunk, BODY_BYTES);
      await wire.write('no size\r\n\r\n').rest();
      expect(await decisions()).toEqual([expect.objectContaining(SENT)]);
      await eventually(
        () => bench.upstreams.arrivals.map((arrival) => arrival.closed()),
        (closed) => !closed.includes(false),
      );
    });

    it('because its server hangs up is logged once, as unreachable', async () => {
      const wire = await begin(['Content-Length: 5'], 'hello', 1);
      bench.upstreams.hangUp();
      expect((await wire.reply())?.headers['x-egress-reason']).toBe('unreachable');
      expect(await decisions()).toEqual([expect.objectContaining({ ...SENT, reason: 'unreachable' })]);
      wire.close();
    });

    async function upgrade(path: string): Promise<Reply | undefined> {
      if (form === 'absolute') return absolute(bench.port(), `http://${NO_UPGRADE}${path}`, { headers: UPGRADE });
      const { wire } = await connect(bench.port(), NO_UPGRADE);
      const reply = await get(wire, NO_UPGRADE, path, UPGRADE);
      wire.close();
      return reply;
    }

    it.each([200, 204, 404])('because a server answers %d to an upgrade is no refusal of the gateway', async (code) => {
      const reply = await upgrade(`/status?code=${code}`);
      expect(bench.upstreams.heard).toMatchObject([{ url: `/status?code=${code}` }]);
      const [line, ...more] = await decisions();
      expect(line).toMatchObject({ decision: 'allowed', upstream: `${PUBLIC_V4}:8080` });
      expect(more).toEqual([]);
      // Either what the server said, or that the gateway broke off; never a mixture.
      const own = reply?.headers['x-egress-reason'];
      expect([undefined, 'unreachable']).toContain(own);
      expect(reply?.status).toBe(own === undefined ? code : REASONS.unreachable.status);
      expect(reply?.body).not.toContain('egress_denied');
    });
  },
);
