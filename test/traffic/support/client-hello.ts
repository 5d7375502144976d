import { Duplex } from 'node:stream';
import tls from 'node:tls';

/**
 * The first flight of a TLS client as bytes, to be cut, padded or sent by hand.
 * @param sni the server name; `null` for none. It is sent as written, letter case included.
 * @param padding at least so many bytes of ALPN names on top, to make it big
 */
export async function clientHello(sni: string | null, padding = 0): Promise<Buffer> {
  // Node lowers letters and stops at a NUL; a name of the same length keeps the place.
  const placeholder = (sni ?? '').toLowerCase().replaceAll('\0', '-');
  const bytes = await new Promise<Buffer>((resolve) => {
    const chunks: Buffer[] = [];
    const sink = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk);
        done();
        setImmediate(() => resolve(Buffer.concat(chunks)));
      },
    });
    const names = Array.from({ length: Math.ceil(padding / 256) }, (_, i) => String(i).padStart(255, 'x'));
    const client = tls.connect({
      socket: sink,
      ...(sni !== null && { servername: placeholder }),
      ...(names.length > 0 && { ALPNProtocols: [...names, 'http/1.1'] }),
    });
    client.on('error', () => undefined);
  });
  if (sni === null) return bytes;
  const at = bytes.indexOf(placeholder, 0, 'latin1');
  bytes.write(sni, at, 'latin1');
  return bytes;
}

/** Cuts one TLS record into records of at most `size` bytes of payload each (RFC 8446, section 5.1 allows it for a handshake). */
export function intoRecords(record: Buffer, size: number): Buffer {
  const head = record.subarray(0, 3);
  const payload = record.subarray(5);
  const parts: Buffer[] = [];
  for (let at = 0; at < payload.length; at += size) {
    const part = payload.subarray(at, at + size);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(part.length);
    parts.push(head, length, part);
  }
  return Buffer.concat(parts);
}
