import { readHost, readUrl } from '../../../lib/import/endpoint';
import { normaliseHost } from '../../../lib/policy/hosts';

describe('readUrl', () => {
  it.each([
    ['https://A.Example.com./mcp', 'a.example.com', 443, 'tls'],
    ['wss://user:pw@a.example.com:8443/x?y', 'a.example.com', 8443, 'tls'],
    ['http://a.example.com', 'a.example.com', 80, 'http'],
    ['https://${TOKEN}@a.example.com/', 'a.example.com', 443, 'tls'],
    ['https://bücher.example/', 'xn--bcher-kva.example', 443, 'tls'],
  ])('reads %s', (url, host, port, protocol) => {
    expect(readUrl(url)).toEqual({ endpoint: { host, port, protocol } });
  });

  it('reads letters of Latin-1 also when it has read many URLs', () => {
    const readings = Array.from({ length: 100_000 }, () => readUrl('https://bücher.example/'));
    expect(readings.filter((reading) => !('endpoint' in reading))).toEqual([]);
  });

  it.each([
    ['https://api.${input:region}.example.com/', 'a variable'],
    ['https://{{host}}/', 'a variable'],
    ['unix:///tmp/x.sock', 'none of http'],
    ['not a url', 'none of http'],
    ['http://169.254.169.254/latest/meta-data', 'a metadata address'],
    ['http://[fd00:ec2::254]/', 'a metadata address'],
    ['https://a_b.example.com', 'host_label'],
  ])('says why %s is no rule', (url, why) => {
    expect(readUrl(url)).toEqual({ why: expect.stringContaining(why) });
  });
});

describe('readHost', () => {
  it.each([
    ['localhost', ['127.0.0.1/32']],
    ['host.docker.internal', ['172.16.0.0/12']],
    ['db.corp.internal', ['10.0.0.0/8']],
    ['redis', ['10.0.0.0/8']],
    ['printer.local', ['10.0.0.0/8']],
    ['10.1.2.3', ['10.1.2.3/32']],
    ['203.0.113.7', ['203.0.113.7/32']],
    ['fd12:3456::7', ['fd12:3456::7/128']],
  ])('leaves %s to a person, since it is not public', (host, networks) => {
    expect(readHost(host, 443)).toEqual({
      suggestion: { host, port: 443, protocol: 'tls', private: networks, why: expect.stringContaining('private') },
    });
  });

  it.each(['*', '*.com', 'https://a.example.com', 'a b', '127.1', ''])('refuses %j, as the policy does', (host) => {
    expect(readHost(host, 443)).toEqual({ why: expect.stringMatching(/host_/) });
    expect(normaliseHost(host)).toHaveProperty('code');
  });

  it.each([0, 65_536, 1.5, NaN])('refuses the port %p', (port) => {
    expect(readHost('a.example.com', port)).toEqual({ why: 'its port is no whole number from 1 to 65535' });
  });
});
