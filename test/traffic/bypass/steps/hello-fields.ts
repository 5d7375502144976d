/** What stands in a ClientHello (RFC 8446, section 4.1.2), as far as attacks change it. */
export interface HelloFields {
  /** `legacy_version`, which before TLS 1.3 is the highest one offered. */
  readonly version: number;
  /** Random, session id, cipher suites and compression methods, as they were. */
  readonly middle: Buffer;
  readonly extensions: readonly Extension[];
}

export type Extension = readonly [type: number, body: Buffer];

const RECORD_HEAD = 5;
const HANDSHAKE_HEAD = 4;
const RANDOM = 32;

/** Takes apart a ClientHello that is one record. */
export function readHello(record: Buffer): HelloFields {
  const hello = record.subarray(RECORD_HEAD + HANDSHAKE_HEAD);
  let at = 2 + RANDOM;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  const middle = hello.subarray(2, at);
  const end = at + 2 + hello.readUInt16BE(at);
  const extensions: Extension[] = [];
  for (at += 2; at < end;) {
    const length = hello.readUInt16BE(at + 2);
    extensions.push([hello.readUInt16BE(at), hello.subarray(at + 4, at + 4 + length)]);
    at += 4 + length;
  }
  return { version: hello.readUInt16BE(0), middle, extensions };
}

/** The same as one record again, whatever its size. */
export function writeHello({ version, middle, extensions }: HelloFields): Buffer {
  const all = extensions.map(([type, body]) => Buffer.concat([uint(type, 2), sized(body, 2)]));
  const hello = Buffer.concat([uint(version, 2), middle, sized(Buffer.concat(all), 2)]);
  const recordVersion = Math.min(version, 0x0301);
  return Buffer.concat([
    Buffer.of(0x16),
    uint(recordVersion, 2),
    sized(Buffer.concat([Buffer.of(1), sized(hello, 3)]), 2),
  ]);
}

/** Bytes behind their number, which takes `width` bytes. */
export function sized(body: Buffer, width: number): Buffer {
  return Buffer.concat([uint(body.length, width), body]);
}

export function uint(value: number, width: number): Buffer {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, 0, width);
  return bytes;
}
