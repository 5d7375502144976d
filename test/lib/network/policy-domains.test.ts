import { firewallDomains, policyDomains } from '../../../lib/network';
import { EgressPolicy } from '../../../lib/policy';

const policy = EgressPolicy.fromYaml(
  `version: 1
workloads:
  web-search:
    port: 10000
    allow:
      - hosts: ['*.wikipedia.org', wikipedia.org, API.example.com]
      - host: bücher.example
        expires: 2001-01-01
      - host: fixed.example.com
        address: 93.184.216.34:8443
      - host: 10.0.3.7
        private: [10.0.0.0/8]
      - host: fd12:3456::7
        private: ['fd12::/16']
  crawler:
    port: 10001
    allow:
      - host: '*.wikipedia.org'
        ports: [8443]
      - host: plain.example.org
        protocol: http
`,
  { file: 'egress.yaml' },
);

test('the names that the gateway resolves', () => {
  const { exact, wildcards } = policyDomains(policy);
  expect(exact).toEqual(['api.example.com', 'plain.example.org', 'wikipedia.org', 'xn--bcher-kva.example']);
  expect(wildcards).toEqual(['*.wikipedia.org']);
  expect(firewallDomains([...exact, ...wildcards])).toHaveLength(5);
});

test('each wildcard says whose zone it is and who may ask', () => {
  const { zones } = policyDomains(policy);
  expect(zones).toEqual([
    {
      wildcard: '*.wikipedia.org',
      zone: 'wikipedia.org',
      workloads: ['crawler', 'web-search'],
      sources: [
        { file: 'egress.yaml', line: 18, column: 9 },
        { file: 'egress.yaml', line: 6, column: 9 },
      ],
    },
  ]);
});

test('a policy that lets nothing out resolves nothing', () => {
  const empty = EgressPolicy.fromObject({ version: 1, workloads: { quiet: { port: 10000 } } });
  expect(policyDomains(empty)).toEqual({ exact: [], wildcards: [], zones: [] });
});
