import { DnsServer } from '../support/dns-server';
import { Upstreams } from '../support/upstreams';
import { PacketRecorder, type Packet } from './packet-recorder';
import { Records, type Trace } from './records';

const NOTHING: Trace = { packets: [], asked: [], reached: [], fed: [], heard: [] };
const OWN = { source: '127.0.0.1', sourcePort: 50_000 };
const OWN_UDP = { source: '127.0.0.1', sourcePort: 50_001 };

function tcp(destination: string, port: number, from = { source: '127.0.0.1', sourcePort: 40_000 }): Packet {
  return { protocol: 'tcp', ...from, destination, port };
}

describe('what is called an escape', () => {
  const certificates = { ca: '', cert: '', key: '', caFile: '' };
  const records = new Records(new PacketRecorder(), new DnsServer(), new Upstreams(certificates), new Set([10_000]));
  records.own.add('127.0.0.1:50000');
  records.own.add('udp 127.0.0.1:50001');
  records.kept.add('kept.test');
  const escapes = (trace: Partial<Trace>, allowance = {}): string[] =>
    records.escapes({ ...NOTHING, ...trace }, { expect: 'refused', ...allowance });

  it.each<[string, Packet[]]>([
    [
      'questions to the DNS server, and its answers',
      [
        { protocol: 'udp', source: '127.0.0.1', sourcePort: 1, destination: '127.0.0.53', port: 53 },
        { protocol: 'udp', source: '127.0.0.53', sourcePort: 53, destination: '127.0.0.1', port: 1 },
        tcp('127.0.0.53', 53),
      ],
    ],
    [
      "the kernel's word that nobody serves a port",
      [
        { protocol: 'icmp', source: '127.0.0.1', sourcePort: 3, destination: '127.0.0.1', port: 0 },
        { protocol: 'icmp6', source: '::1', sourcePort: 1, destination: '::1', port: 0 },
      ],
    ],
    ['the datagrams of a case to the gateway', [{ ...tcp('127.0.0.1', 10_000, OWN_UDP), protocol: 'udp' }]],
  ])('not %s', (_what, packets) => expect(escapes({ packets })).toEqual([]));

  it.each<[string, Packet]>([
    ['tcp 93.184.215.14:443', tcp('93.184.215.14', 443)],
    ['tcp 127.0.0.1:10000', tcp('127.0.0.1', 10_000)],
    ['tcp [::1]:80', tcp('::1', 80)],
    ['udp 93.184.215.14:443', { ...tcp('93.184.215.14', 443), protocol: 'udp' }],
    ['udp 127.0.0.1:53', { ...tcp('127.0.0.1', 53), protocol: 'udp' }],
    ['icmp 8.8.8.8:0', { protocol: 'icmp', source: '127.0.0.1', sourcePort: 8, destination: '8.8.8.8', port: 0 }],
  ])('%s', (words, packet) => expect(escapes({ packets: [packet, packet] })).toEqual([words]));

  it('a connection to the gateway, unless the test opened it, and then not once more from the same port', () => {
    const [own, elsewhere] = [tcp('127.0.0.1', 10_000, OWN), tcp('127.0.0.1', 10_001, OWN)];
    expect(records.withoutOwn([elsewhere])).toEqual([elsewhere]);
    expect(records.withoutOwn([own, elsewhere, own])).toEqual([elsewhere]);
    expect(records.withoutOwn([own])).toEqual([own]);
  });

  it('a datagram even where the connection would be none', () => {
    const packets = [tcp('93.184.215.14', 443), { ...tcp('93.184.215.14', 443), protocol: 'udp' }];
    expect(escapes({ packets }, { mayDial: ['93.184.215.14:443'] })).toEqual(['udp 93.184.215.14:443']);
  });

  it('a question for a name that the case may not ask', () => {
    const asked = ['may.test', 'kept.test', 'evil.test'];
    expect(escapes({ asked }, { mayAsk: ['may.test'] })).toEqual(['asked evil.test']);
  });

  it('a connection that a server took', () => {
    expect(escapes({ reached: ['1.2.3.4:80'] })).toEqual(['tcp 1.2.3.4:80']);
    expect(escapes({ reached: ['1.2.3.4:80'] }, { mayDial: ['1.2.3.4:80'] })).toEqual([]);
    expect(escapes({ reached: ['1.2.3.4:80'] }, { mayConnect: ['1.2.3.4:80'] })).toEqual([]);
    expect(escapes({ fed: ['1.2.3.4:80'] }, { mayDial: ['1.2.3.4:80'] })).toEqual([]);
    expect(escapes({ fed: ['1.2.3.4:80'] }, { mayConnect: ['1.2.3.4:80'] })).toEqual(['bytes to 1.2.3.4:80']);
  });

  it('a request that a server heard, unless the case names it or is honest', () => {
    const heard = [{ at: '1.2.3.4:80', request: 'GET a.test/' }];
    const mayDial = ['1.2.3.4:80'];
    expect(escapes({ heard }, { mayDial })).toEqual(['1.2.3.4:80 heard GET a.test/']);
    expect(escapes({ heard }, { mayDial, mayHear: ['GET a.test/'] })).toEqual([]);
    expect(escapes({ heard }, { mayDial, expect: 'allowed' })).toEqual([]);
    expect(escapes({ heard }, { mayDial, expect: 'allowed', mayHear: [] })).toHaveLength(1);
    expect(escapes({ heard }, { expect: 'allowed' })).toHaveLength(1);
  });
});
