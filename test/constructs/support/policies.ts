import { EgressPolicy } from '../../../lib/policy';

/** Two workloads: hosts of each kind that AWS has to know of. */
export const POLICY = `version: 1
workloads:
  web-search:
    port: 10000
    allow:
      - host: api.example.com
      - hosts: ['*.wikipedia.org', wikipedia.org]
  local-llm:
    port: 10001
    allow:
      - host: model.example.net
        protocol: http
        ports: [11434]
        private: [172.16.0.0/12]
`;

/** {@link POLICY}, read. */
export function examplePolicy(mode: 'enforce' | 'observe' = 'enforce'): EgressPolicy {
  return EgressPolicy.fromYaml(POLICY.replace('\n', `\nmode: ${mode}\n`));
}

/** A policy of one workload, `web-search` on port 10000. */
export function policyOf(allow: readonly object[], mode: 'enforce' | 'observe' = 'enforce'): EgressPolicy {
  return EgressPolicy.fromObject({ version: 1, mode, workloads: { 'web-search': { port: 10000, allow } } });
}
