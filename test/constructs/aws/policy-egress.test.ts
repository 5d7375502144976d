import fc from 'fast-check';
import { policyEgress } from '../../../constructs/aws/policy-egress';
import { contains, type EgressPolicy } from '../../../lib/policy';
import { examplePolicy, policyOf } from '../support/policies';

/** `443 0.0.0.0/0`, in the order in which they are given. */
function openings(policy: EgressPolicy, extra?: readonly number[]): string[] {
  return policyEgress(policy, extra).map(({ range, port }) => `${port} ${Object.values(range).join()}`);
}

test('public hosts open their ports to anywhere, in the order of ports, each once', () => {
  const policy = policyOf([
    { host: 'b.example.com', ports: [8443, 443] },
    { host: 'a.example.com' },
    { host: 'c.example.com', protocol: 'http' },
    { host: 'db.example.com', protocol: 'tcp', ports: [5432], reason: 'test' },
  ]);
  expect(openings(policy)).toEqual(['80 0.0.0.0/0', '443 0.0.0.0/0', '5432 0.0.0.0/0', '8443 0.0.0.0/0']);
});

test('private hosts open their networks alone', () => {
  const policy = policyOf([
    { host: 'inside.example.net', protocol: 'http', ports: [8080, 81], private: ['10.1.0.0/16', 'fd12::/16'] },
    { host: 'other.example.net', protocol: 'http', ports: [81], private: ['10.1.0.0/16'] },
  ]);
  expect(openings(policy)).toEqual(['81 10.1.0.0/16', '8080 10.1.0.0/16', '81 fd12::/16', '8080 fd12::/16']);
  expect(policyEgress(policy)[0]).toEqual({
    range: { cidrIpv4: '10.1.0.0/16' },
    port: 81,
    name: '10-1-0-0-16',
    description: 'gateway to 10.1.0.0/16 on port 81 (private rule)',
  });
  expect(policyEgress(policy)[2]?.range).toEqual({ cidrIpv6: 'fd12::/16' });
});

test('a port that is open to anywhere needs no narrower rule, but IPv6 does', () => {
  const policy = policyOf([
    { host: 'a.example.com' },
    { host: 'in.example.net', private: ['10.0.0.0/8', 'fd12::/16'] },
  ]);
  expect(openings(policy)).toEqual(['443 0.0.0.0/0', '443 fd12::/16']);
});

test('a fixed address opens its own port, and a private one itself alone', () => {
  const policy = policyOf([
    { host: 'fixed.example.com', address: '93.184.215.14:8443' },
    { host: 'inside.example.net', address: '10.0.3.7:9443', private: ['10.0.0.0/8'] },
    { host: 'six.example.net', address: '[fd12::7]:9443', private: ['fd12::/16'] },
  ]);
  expect(openings(policy)).toEqual(['8443 0.0.0.0/0', '9443 10.0.3.7/32', '9443 fd12::7/128']);
});

test('in mode observe what would be refused passes on 80 and 443; private networks stay as they are', () => {
  expect(openings(examplePolicy('observe'))).toEqual(['80 0.0.0.0/0', '443 0.0.0.0/0', '11434 172.16.0.0/12']);
});

test('ports for another reason are open as well; a policy without rules opens nothing else', () => {
  expect(openings(policyOf([]))).toEqual([]);
  expect(openings(policyOf([]), [443])).toEqual(['443 0.0.0.0/0']);
  expect(openings(policyOf([{ host: 'a.example.com' }]), [443])).toEqual(['443 0.0.0.0/0']);
});

test('addresses whose texts differ only in where colons stand are two ways', () => {
  const rule = (host: string) => ({ host, private: [`${host}/128`] });
  expect(openings(policyOf([rule('fd12::1'), rule('fd12:1::')]))).toEqual(['443 fd12:1::/128', '443 fd12::1/128']);
});

const anyRule = fc.record(
  {
    host: fc.constantFrom('a.example.com', 'b.example.com', 'c.example.com'),
    ports: fc.uniqueArray(fc.constantFrom(443, 8443, 9443), { minLength: 1 }),
    private: fc.uniqueArray(fc.constantFrom('10.0.0.0/8', '172.16.0.0/12', '192.168.7.0/24', 'fd12::/16'), {
      minLength: 1,
    }),
  },
  { requiredKeys: ['host', 'ports'] },
);

test('every address that a rule may reach is open, and every opening has a rule', () => {
  // One rule a host: where rules of one host differ, the policy itself is refused.
  const rules = fc.uniqueArray(anyRule, { selector: ({ host }) => host, maxLength: 3 });
  fc.assert(
    fc.property(rules, (allow) => {
      const ways = policyEgress(policyOf(allow)).map(({ range, port }) => ({
        port,
        cidr: Object.values(range).join(),
      }));
      for (const { ports, private: networks = ['0.0.0.0/0'] } of allow)
        for (const port of ports)
          for (const network of networks)
            expect(ways.some((way) => way.port === port && contains([way.cidr], network))).toBe(true);
      for (const way of ways)
        expect(
          allow.some(
            ({ ports, private: networks = ['0.0.0.0/0'] }) => ports.includes(way.port) && networks.includes(way.cidr),
          ),
        ).toBe(true);
      expect(new Set(ways.map(({ port, cidr }) => `${port} ${cidr}`)).size).toBe(ways.length);
    }),
  );
});
