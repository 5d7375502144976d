import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describeInNamespace } from './support/namespace';

describeInNamespace('the namespace of the traffic tests', () => {
  it('has no device but loopback, so that nothing leaves the machine', () => {
    const devices = readFileSync('/proc/net/dev', 'utf8')
      .split('\n')
      .slice(2)
      .map((line) => line.split(':')[0]?.trim())
      .filter(Boolean);
    expect(devices).toEqual(['lo']);
    expect(Object.keys(networkInterfaces())).toEqual(['lo']);
  });

  it('carries the addresses of the bench', () => {
    const asked = JSON.parse(readFileSync(join(__dirname, 'support', 'addresses.json'), 'utf8')) as string[];
    const carried = (networkInterfaces().lo ?? []).map(({ cidr }) => cidr);
    expect(carried).toEqual(expect.arrayContaining(asked));
  });

  it('resolves names by its own server alone', () => {
    const servers = readFileSync('/etc/resolv.conf', 'utf8').match(/^nameserver .*$/gm);
    expect(servers).toEqual(['nameserver 127.0.0.53']);
  });
});
