import { EgressPolicy } from '../../../lib/policy/policy';
import { policyPart } from '../../../lib/report';

const POLICY = `version: 1
mode: observe
groups:
  openai: [{ host: api.openai.com }]
workloads:
  web-search:
    port: 10000
    limits: { requestsPerSecond: 50, connections: 20, tunnelMinutes: 60 }
    allow:
      - group: openai
      - preset: anthropic
      - hosts: ['*.example.org', plain.example.org]
        protocol: http
        methods: [GET, HEAD]
        paths: [/public/]
        private: [10.0.0.0/16]
        owner: search-team
        reason: the index
        expires: 2030-06-30
`;

describe('policyPart', () => {
  const part = policyPart(EgressPolicy.fromYaml(POLICY, { file: 'egress.yaml' }));

  it('has the workloads with their limits in words', () => {
    expect(part).toMatchObject({ mode: 'observe', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(part.workloads).toEqual([
      {
        name: 'web-search',
        port: 10000,
        limits: ['50 requests a second', '20 connections', '60 minutes a tunnel'],
      },
    ]);
  });

  it('has each rule with what it is narrowed to, whose it is, and where it stands', () => {
    const last = part.rules.find(({ hosts }) => hosts.includes('*.example.org'));
    expect(last).toMatchObject({
      workload: 'web-search',
      hosts: ['*.example.org', 'plain.example.org'],
      ports: [80],
      protocol: 'http',
      narrowed: ['GET, HEAD', 'paths /public/', 'addresses 10.0.0.0/16'],
      owner: 'search-team',
      reason: 'the index',
      expires: '2030-06-30',
      place: 'egress.yaml:12',
    });
    expect(part.rules.map(({ from }) => from).filter(Boolean)).toEqual(
      expect.arrayContaining(['group openai', 'preset anthropic']),
    );
  });

  it('names each rule of a workload once', () => {
    const ids = part.rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
