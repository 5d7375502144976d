import type { Step } from '../case';

type H2 = Extract<Step, { h2: unknown }>['h2'];

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const DATA = 0x0;
const HEADERS = 0x1;
const SETTINGS = 0x4;
const END_STREAM = 0x1;
const END_HEADERS = 0x4;

/** What a client of HTTP/2 sends (RFC 9113, section 4.1): frames, with header fields that no library would send. */
export function h2Bytes({ headers, data, end, preface = true, settings = '', stream = 1 }: H2): Buffer {
  const parts = preface
    ? [Buffer.from(PREFACE), frame(SETTINGS, 0, 0, Buffer.from(settings.replaceAll(/\s/g, ''), 'hex'))]
    : [];
  const last = (end ?? data === undefined) ? END_STREAM : 0;
  if (headers !== undefined) {
    const block = Buffer.concat(headers.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
    parts.push(frame(HEADERS, END_HEADERS | (data === undefined ? last : 0), stream, block));
  }
  if (data !== undefined) parts.push(frame(DATA, last, stream, Buffer.from(data, 'latin1')));
  return Buffer.concat(parts);
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A string of HPACK without Huffman (RFC 7541, sections 5.1 and 5.2). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const size = [127];
  let left = bytes.length - 127;
  for (; left >= 128; left = left >> 7) size.push((left & 127) | 128);
  return Buffer.concat([Buffer.from([...size, left]), bytes]);
}
