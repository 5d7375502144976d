import dgram from 'node:dgram';
import { serveParent } from './child';

/**
 * A process that answers DNS questions over UDP, fast: a name that ends with `.dead.test` never, every other one with one IPv4 address
 * and no IPv6. It counts, and remembers no names.
 */

export interface DnsCount {
  readonly answered: number;
  readonly ignored: number;
}

const HEADER_BYTES = 12;
const TTL_SECONDS = 60;
const A = 1;
const count = { answered: 0, ignored: 0 };

/** Where the question's name ends, and whether it is one that gets no answer. */
function question(bytes: Buffer): { end: number; dead: boolean } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += length + 1;
  }
  return { end: at + 1, dead: labels.at(-1) === 'test' && labels.at(-2) === 'dead' };
}

function reply(bytes: Buffer, end: number, address: readonly number[]): Buffer {
  const isA = bytes.readUInt16BE(end) === A;
  const head = Buffer.from(bytes.subarray(0, end + 4));
  head.writeUInt16BE(0x8180, 2); // a response, recursion available, no error
  head.writeUInt16BE(isA ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  if (!isA) return head;
  const record = [0xc0, HEADER_BYTES, 0, A, 0, 1, 0, 0, 0, TTL_SECONDS, 0, 4, ...address];
  return Buffer.concat([head, Buffer.from(record)]);
}

function listen({ address, port, answer }: { address: string; port: number; answer: string }): Promise<void> {
  const numbers = answer.split('.').map(Number);
  const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 8 << 20 });
  socket.on('message', (bytes, from) => {
    const { end, dead } = question(bytes);
    count[dead ? 'ignored' : 'answered'] += 1;
    if (!dead) socket.send(reply(bytes, end, numbers), from.port, from.address);
  });
  return new Promise((resolve) => socket.bind(port, address, resolve));
}

serveParent({ listen, count: (): DnsCount => ({ ...count }) });
