import { Resolver } from 'node:dns/promises';
import { certificates } from './support/certificates';
import { get, startTls } from './support/clients';
import { DnsServer } from './support/dns-server';
import { describeInNamespace, ownEveryAddress } from './support/namespace';
import { Upstreams } from './support/upstreams';
import { Wire } from './support/wire';

describe('the DNS server of the bench', () => {
  const dns = new DnsServer('127.0.0.1', 0);
  const resolver = new Resolver({ timeout: 500, tries: 1 });

  beforeAll(async () => {
    await dns.listen();
    resolver.setServers([dns.endpoint]);
  });
  beforeEach(() => dns.forget());
  afterAll(() => dns.close());

  it('gives each family its own addresses and remembers the questions', async () => {
    dns.set('api.allowed.test', '93.184.215.14', '2606:2800:21f::14', '::ffff:10.9.9.9', 'fd00::', '::1');
    expect(await resolver.resolve4('API.allowed.test')).toEqual(['93.184.215.14']);
    expect(await resolver.resolve6('api.allowed.test')).toEqual([
      '2606:2800:21f::14',
      '::ffff:10.9.9.9',
      'fd00::',
      '::1',
    ]);
    expect(dns.questions.map(({ name, type, over }) => `${name} ${type} ${over}`)).toEqual([
      'api.allowed.test A udp',
      'api.allowed.test AAAA udp',
    ]);
    expect(dns.asked('api.allowed.test')).toBe(2);
  });

  it('answers the second question of a type with the second answer, and stays with the last', async () => {
    dns.set('flip.test', { addresses: ['93.184.215.14'], ttl: 1 }, { addresses: ['10.9.9.9'], ttl: 0 });
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await resolver.resolve4('flip.test', { ttl: true }));
    expect(answers.flat()).toEqual([
      { address: '93.184.215.14', ttl: 1 },
      { address: '10.9.9.9', ttl: 0 },
      { address: '10.9.9.9', ttl: 0 },
    ]);
  });

  it('fails in every way a resolver can fail', async () => {
    dns.set('servfail.test', { rcode: 'SERVFAIL' });
    dns.set('silent.test', { silent: true });
    dns.set('alias.test', { cname: 'target.test', addresses: ['93.184.215.15'] });
    dns.set('slow.test', { addresses: ['93.184.215.15'], delayMs: 100 });
    await expect(resolver.resolve4('unwritten.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolve4('servfail.test')).rejects.toMatchObject({ code: 'ESERVFAIL' });
    await expect(resolver.resolve4('silent.test')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(await resolver.resolve4('alias.test')).toEqual(['93.184.215.15']);
    expect(await resolver.resolve4('slow.test')).toEqual(['93.184.215.15']);
  });

  it('answers over TCP what does not fit in a datagram', async () => {
    const many = Array.from({ length: 120 }, (_, i) => `93.184.215.${i + 1}`);
    dns.set('many.test', ...many);
    expect(await resolver.resolve4('many.test')).toHaveLength(120);
    expect(dns.questions.map(({ over }) => over)).toContain('tcp');
  });

  it('can go down and come back', async () => {
    dns.set('api.allowed.test', '93.184.215.14');
    await dns.close();
    await expect(resolver.resolve4('api.allowed.test')).rejects.toThrow();
    await dns.listen();
    expect(await resolver.resolve4('api.allowed.test')).toEqual(['93.184.215.14']);
  });
});

describeInNamespace('the servers of the bench', () => {
  let upstreams: Upstreams;
  let ca: string;

  beforeAll(async () => {
    ownEveryAddress();
    const made = await certificates();
    ca = made.ca;
    upstreams = new Upstreams(made);
    await upstreams.listen();
  });
  beforeEach(() => upstreams.forget());
  afterAll(() => upstreams.close());

  it.each([
    '93.184.215.14',
    '10.9.9.9',
    '169.254.169.254',
    '127.0.0.3',
    '2606:2800:21f::14',
    'fd00::9',
    '64:ff9b::a09:909',
  ])('count a connection to %s', async (address) => {
    const wire = await Wire.open(80, address);
    expect(JSON.parse((await get(wire, 'api.allowed.test', '/x?y'))?.body ?? '')).toMatchObject({
      url: '/x?y',
      host: 'api.allowed.test',
      address,
      port: 80,
    });
    expect(upstreams.dialled).toEqual([address]);
    expect(upstreams.heard).toHaveLength(1);
    wire.close();
  });

  it('speak TLS with a certificate that clients of the bench accept, and only they', async () => {
    const open = (): Promise<Wire> => Wire.open(443, '93.184.215.14');
    const wire = await startTls(await open(), { sni: 'api.allowed.test', ca });
    expect(JSON.parse((await get(wire as Wire, 'api.allowed.test'))?.body ?? '')).toMatchObject({
      sni: 'api.allowed.test',
    });
    wire?.close();
    await expect(startTls(await open(), { sni: 'api.elsewhere.test', ca })).rejects.toThrow(/altnames/);
  });

  it('speak first where the port says so, and echo', async () => {
    const wire = await Wire.open(22, '93.184.215.14');
    expect(await wire.line()).toBe('SSH-2.0-bench\r\n');
    wire.write('SSH-2.0-client\r\n');
    expect(await wire.line()).toBe('SSH-2.0-client\r\n');
    wire.close();
  });
});
