import { readHello, writeHello } from './steps/hello-fields';
import { helloPieces } from './steps/hello';

const SERVER_NAME = 0x0000;
const SUPPORTED_VERSIONS = 0x002b;
const KEY_SHARE = 0x0033;
const ECH = 0xfe0d;
const RECORD_HEAD = 5;

async function extensionsOf(options: object): Promise<[number, string][]> {
  const [record = Buffer.alloc(0)] = await helloPieces(options);
  return readHello(record).extensions.map(([type, body]) => [type, body.toString('latin1')]);
}

async function bodiesOf(type: number, options: object): Promise<string[]> {
  return (await extensionsOf(options)).filter(([each]) => each === type).map(([, body]) => body);
}

describe('a ClientHello that an attack sends', () => {
  it('is, taken apart and written again, the same', async () => {
    const [record = Buffer.alloc(0)] = await helloPieces({ sni: 'a.test' });
    expect(writeHello(readHello(record))).toEqual(record);
  });

  it.each<[string, object, string[]]>([
    ['one name', { sni: 'a.test' }, ['\0\x09\0\0\x06a.test']],
    ['none', { sni: null }, []],
    ['two names in one list', { sni: ['a.test', 'b.test'] }, ['\0\x12\0\0\x06a.test\0\0\x06b.test']],
    ['two extensions', { sni: 'a.test', again: 'b.test' }, ['\0\x09\0\0\x06a.test', '\0\x09\0\0\x06b.test']],
    ['a name of another type', { sni: 'a.test', nameType: 1 }, ['\0\x09\x01\0\x06a.test']],
    ['bytes that are no list', { sni: null, sniHex: '0000' }, ['\0\0']],
  ])('names servers as it is told: %s', async (_what, options, bodies) => {
    expect(await bodiesOf(SERVER_NAME, options)).toEqual(bodies);
  });

  it('of an older version offers nothing of TLS 1.3', async () => {
    const [record = Buffer.alloc(0)] = await helloPieces({ sni: 'a.test', version: 'TLS 1.0' });
    expect(readHello(record).version).toBe(0x0301);
    const types = (await extensionsOf({ sni: 'a.test', version: 'TLS 1.0' })).map(([type]) => type);
    expect(types).not.toContain(SUPPORTED_VERSIONS);
    expect(types).not.toContain(KEY_SHARE);
  });

  it('has an encrypted hello or no key when told', async () => {
    expect(await bodiesOf(ECH, { sni: 'a.test', ech: true })).toEqual([expect.stringMatching(/^\0\0\x01\0\x01/)]); // eslint-disable-line no-control-regex
    expect(await bodiesOf(KEY_SHARE, { sni: 'a.test', noKeyShare: true })).toEqual(['\0\0']);
  });

  it('is cut into records, writes and its first bytes', async () => {
    const [whole = Buffer.alloc(0)] = await helloPieces({ sni: 'a.test' });
    const pieces = await helloPieces({ sni: 'a.test', record: 16, segment: 1 });
    const records = Math.ceil((whole.length - RECORD_HEAD) / 16);
    expect(pieces).toHaveLength(whole.length + (records - 1) * RECORD_HEAD);
    expect(await helloPieces({ sni: 'a.test', cut: 7 })).toEqual([expect.objectContaining({ length: 7 })]);
  });

  it('takes no option that it does not know', async () => {
    await expect(helloPieces({ sni: 'a.test', snii: 'b' })).rejects.toThrow(/Unrecognized/);
  });
});
