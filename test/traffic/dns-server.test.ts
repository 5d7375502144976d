import dgram from 'node:dgram';
import { once } from 'node:events';
import DNS from 'dns2';
import { DnsServer } from './support/dns-server';

const A = 1;
const ID = 7;

describe('what the DNS server of the bench says', () => {
  const server = new DnsServer('127.0.0.1', 0);
  beforeAll(() => server.listen());
  afterAll(() => server.close());

  /** The reply over UDP to a question for A records. */
  async function ask(name: string): Promise<DNS.Packet> {
    const request = new DNS.Packet();
    request.header.id = ID;
    request.questions.push(new DNS.Packet.Question(name, A, 1));
    const socket = dgram.createSocket('udp4');
    const [address = '', port] = server.endpoint.split(':');
    socket.send(request.toBuffer(), Number(port), address);
    const [message] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    return DNS.Packet.parse(message);
  }

  async function records(name: string): Promise<string[]> {
    return (await ask(name)).answers.map(({ name: owner, domain, address }) => `${owner} ${domain ?? address}`);
  }

  it('follows a chain of aliases to the address', async () => {
    server.set('a.test', { cname: ['b.test', 'c.test'], addresses: ['1.2.3.4'] });
    expect(await records('a.test')).toEqual(['a.test b.test', 'b.test c.test', 'c.test 1.2.3.4']);
  });

  it('gives addresses under another name, and those of others', async () => {
    server.set('d.test', { owner: 'e.test', addresses: ['1.2.3.4'], others: { 'f.test': ['5.6.7.8'] } });
    expect(await records('d.test')).toEqual(['e.test 1.2.3.4', 'f.test 5.6.7.8']);
  });

  it('cuts an answer off over UDP', async () => {
    server.set('g.test', { truncated: true, addresses: ['1.2.3.4'] });
    const { header, answers } = await ask('g.test');
    expect({ tc: header.tc, answers }).toEqual({ tc: 1, answers: [] });
  });

  it('answers with the id of another question', async () => {
    server.set('h.test', { wrongId: true, addresses: ['1.2.3.4'] });
    expect((await ask('h.test')).header.id).toBe(ID + 1);
  });

  it('answers for a whole zone, the longest first, and for a name itself before', async () => {
    server.set('*.z.test', '1.1.1.1');
    server.set('*.y.z.test', '2.2.2.2');
    server.set('x.y.z.test', '3.3.3.3');
    expect(await records('x.y.z.test')).toEqual(['x.y.z.test 3.3.3.3']);
    expect(await records('w.y.z.test')).toEqual(['w.y.z.test 2.2.2.2']);
    expect(await records('w.z.test')).toEqual(['w.z.test 1.1.1.1']);
    expect((await ask('z.test')).header.rcode).toBe(3);
  });
});
