import { z } from 'zod';
import { clientHello, intoRecords } from '../../support/client-hello';
import { readHello, sized, uint, writeHello, type Extension } from './hello-fields';

const VERSIONS = { 'SSL 3.0': 0x0300, 'TLS 1.0': 0x0301, 'TLS 1.1': 0x0302, 'TLS 1.2': 0x0303 } as const;

const schema = z.strictObject({
  /** The server name, as written, letter case included; several stand in one list; `null`: none. */
  sni: z.union([z.string(), z.array(z.string()), z.null()]),
  /** Type of the names; 0 is `host_name`, the only one that there is. */
  nameType: z.int().optional(),
  /** A second extension `server_name`, behind all others. */
  again: z.string().optional(),
  /** The whole body of `server_name`, in the place of `sni`. */
  sniHex: z.string().optional(),
  /** The highest version offered; default: TLS 1.3. */
  version: z.enum(Object.keys(VERSIONS) as [keyof typeof VERSIONS]).optional(),
  /** Protocols for ALPN. */
  alpn: z.array(z.string()).optional(),
  /** `encrypted_client_hello` with bytes that nobody can decrypt, as in GREASE; `sni` is then the outer name. */
  ech: z.literal(true).optional(),
  /** No key of any group, so that the server has to ask for one (HelloRetryRequest). */
  noKeyShare: z.literal(true).optional(),
  /** A session ticket from somewhere else. */
  ticket: z.literal(true).optional(),
  /** Bytes of ALPN names on top. */
  padding: z.int().optional(),
  /** Payload of each TLS record. */
  record: z.int().min(1).optional(),
  /** Bytes of each write. */
  segment: z.int().min(1).optional(),
  /** So many bytes of it alone. */
  cut: z.int().min(1).optional(),
});

type Options = z.infer<typeof schema>;

/** Numbers of extensions (IANA, TLS ExtensionType Values). */
const SERVER_NAME = 0x0000;
const ALPN = 0x0010;
const SESSION_TICKET = 0x0023;
const PRE_SHARED_KEY_MODES = 0x002d;
const SUPPORTED_VERSIONS = 0x002b;
const KEY_SHARE = 0x0033;
const ECH = 0xfe0d;
const ONLY_TLS_1_3: readonly number[] = [SUPPORTED_VERSIONS, KEY_SHARE, PRE_SHARED_KEY_MODES];

/** A ClientHello as the pieces in which it is to be written. @throws ZodError for options that it does not know */
export async function helloPieces(options: unknown): Promise<Buffer[]> {
  const parsed = schema.parse(options);
  const { record, segment, cut } = parsed;
  const whole = await helloRecord(parsed);
  const bytes = (record === undefined ? whole : intoRecords(whole, record)).subarray(0, cut);
  if (segment === undefined) return [bytes];
  return Array.from({ length: Math.ceil(bytes.length / segment) }, (_, at) =>
    bytes.subarray(at * segment, (at + 1) * segment),
  );
}

async function helloRecord(options: Options): Promise<Buffer> {
  const fields = readHello(await clientHello(null, options.padding));
  const { version } = options;
  const kept = fields.extensions.filter(([type]) => version === undefined || !ONLY_TLS_1_3.includes(type));
  const name = serverName(options);
  return writeHello({
    ...fields,
    version: version === undefined ? fields.version : VERSIONS[version],
    extensions: [...(name === undefined ? [] : [name]), ...changed(kept, options), ...added(options)],
  });
}

function serverName({ sni, sniHex, nameType }: Options): Extension | undefined {
  if (sniHex !== undefined) return [SERVER_NAME, Buffer.from(sniHex.replaceAll(/\s/g, ''), 'hex')];
  return sni === null ? undefined : [SERVER_NAME, nameList([sni].flat(), nameType)];
}

function nameList(names: readonly string[], type = 0): Buffer {
  return sized(Buffer.concat(names.flatMap((name) => [uint(type, 1), sized(Buffer.from(name, 'latin1'), 2)])), 2);
}

function changed(extensions: readonly Extension[], { noKeyShare, ticket, alpn }: Options): Extension[] {
  const replaced = [...(ticket ? [SESSION_TICKET] : []), ...(alpn ? [ALPN] : [])];
  return extensions
    .filter(([type]) => !replaced.includes(type))
    .map(([type, body]) => [type, type === KEY_SHARE && noKeyShare === true ? uint(0, 2) : body] as const);
}

function added({ again, ech, ticket, alpn }: Options): Extension[] {
  const protocols = (alpn ?? []).map((name) => sized(Buffer.from(name, 'latin1'), 1));
  return [
    ...(alpn === undefined ? [] : [[ALPN, sized(Buffer.concat(protocols), 2)] as const]),
    ...(ticket === undefined ? [] : [[SESSION_TICKET, Buffer.alloc(192, 0x5a)] as const]),
    ...(ech === undefined ? [] : [[ECH, outerHello()] as const]),
    ...(again === undefined ? [] : [[SERVER_NAME, nameList([again])] as const]),
  ];
}

/** ECHClientHello of type outer: HKDF-SHA256 with AES-128-GCM, configuration 1, a key and a payload (RFC 9849, section 5). */
function outerHello(): Buffer {
  const key = sized(Buffer.alloc(32, 0x5b), 2);
  return Buffer.concat([Buffer.from('000001000101', 'hex'), key, sized(Buffer.alloc(208, 0x5c), 2)]);
}
