import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createCA, createCert } from 'mkcert';

export interface Certificates {
  /** PEM of the authority that clients are told to trust. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** A file with {@link ca}, for clients that want a path. */
  readonly caFile: string;
}

/** The names that the upstreams' one certificate is good for. */
const NAMES = [
  'api.your-approved-service.com',
  'example.com',
  'api.anthropic.com',
  'allowed.test',
  '*.allowed.test',
  '*.wild.test',
  '*.deep.wild.test',
  '*.other.test',
  'localhost',
  '127.0.0.1',
  '127.0.0.2',
];

const FOLDER = join(__dirname, '../../../node_modules/.cache/mcp-egress-tests');
const VALID_DAYS = 30;
const REUSE_MS = 24 * 3600 * 1000;

/** An authority and a leaf of its own, made once a day and kept beside the other caches of node_modules: keys cost 0.4 s a file. */
export async function certificates(): Promise<Certificates> {
  const name = `certificates-${createHash('sha256').update(NAMES.join()).digest('hex').slice(0, 8)}.json`;
  const file = join(FOLDER, name);
  const caFile = join(FOLDER, name.replace('.json', '-ca.pem'));
  const kept = read(file);
  const made = kept ?? (await make());
  if (kept === undefined) {
    write(file, JSON.stringify({ ...made, at: Date.now() }));
    write(caFile, made.ca);
  }
  return { ...made, caFile };
}

async function make(): Promise<Omit<Certificates, 'caFile'>> {
  const subject = { organization: 'Test bench', countryCode: 'DE', state: 'Test', locality: 'Test' };
  const ca = await createCA({ ...subject, validity: VALID_DAYS });
  const leaf = await createCert({ domains: NAMES, validity: VALID_DAYS, ca });
  return { ca: ca.cert, cert: leaf.cert, key: leaf.key };
}

function read(file: string): Omit<Certificates, 'caFile'> | undefined {
  try {
    const { at, ...kept } = JSON.parse(readFileSync(file, 'utf8')) as Omit<Certificates, 'caFile'> & { at: number };
    return Date.now() - at < REUSE_MS ? kept : undefined;
  } catch {
    return undefined; // not made yet, or half written
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
}
