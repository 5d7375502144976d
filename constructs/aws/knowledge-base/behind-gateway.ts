import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { bracketHost, normaliseHost, type EgressPolicy, type Protocol, type Rule } from '../../../lib/policy';
import { RuleIndex } from '../../../lib/policy/match';
import type { IGrantee } from '../grantee';
import { Problems } from '../problems';
import type { KnowledgeParts } from './source';

export interface GatewayKnowledgeProps {
  /** The gateway's: `gateway.policy`. */
  readonly policy: EgressPolicy;
  /** A private host, as the policy names it. */
  readonly host: string;
  /** @default 'tls' */
  readonly protocol?: Protocol;
  /** @default - 443 for tls, 80 for http; needed for tcp */
  readonly port?: number;
}

const SCHEMES: Readonly<Record<Protocol, string>> = { tls: 'https', http: 'http', tcp: 'tcp' };
const PORTS: Readonly<Record<Protocol, number | undefined>> = { tls: 443, http: 80, tcp: undefined };

/** A host in the VPC or behind it that the gateway reaches under a rule with `private`. Nothing is made; the rule is looked for. */
export function gatewayKnowledge(scope: Construct, props: GatewayKnowledgeProps): KnowledgeParts {
  const { policy, protocol = 'tls' } = props;
  const { host, port } = check(scope, props, protocol);
  const shown = PORTS[protocol] === port ? '' : `:${port}`;
  return {
    sources: [{ open: (grantee) => requireRule(policy, grantee, { host, port, protocol }) }],
    url: `${SCHEMES[protocol]}://${bracketHost(host)}${shown}`,
  };
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
}

function check(scope: Construct, props: GatewayKnowledgeProps, protocol: Protocol): Omit<Target, 'protocol'> {
  const problems = new Problems(scope);
  const port = props.port ?? PORTS[protocol];
  problems.check(
    !Token.isUnresolved(props.host),
    'host: known at deployment only, but the policy is read at synth; write the name itself.',
  );
  const normal = Token.isUnresolved(props.host) ? undefined : normaliseHost(props.host, { private: true });
  if (normal !== undefined && 'code' in normal) problems.check(false, `${normal.message}.`);
  const host = normal !== undefined && 'host' in normal ? normal.host : '';
  problems.check(!host.startsWith('*.'), `host: ${JSON.stringify(props.host)} names many hosts; write one of them.`);
  problems.check(port !== undefined, 'port: tcp has no usual one; say which.');
  problems.range('port', port, 1, 65_535);
  problems.known('port', port);
  problems.throwIfAny();
  return { host, port: port ?? 0 };
}

/** @throws {Error} the policy does not let the grantee reach it as a private host */
function requireRule(policy: EgressPolicy, { workload: name, connections }: IGrantee, target: Target): void {
  const { host, port, protocol } = target;
  const workload = policy.workloads.find((each) => each.name === name);
  if (!workload) {
    const known = policy.workloads.map((each) => each.name).join(', ') || 'none';
    throw new Error(
      name === undefined
        ? `${connections.name}: it does not say which workload of the policy it is, so no rule can be found for it; grant to { connections, workload } (the policy has: ${known}).`
        : `workload ${JSON.stringify(name)} is not in the policy (it has: ${known}); add it there with a port, or use one of these names.`,
    );
  }
  const index = new RuleIndex(workload);
  const pattern = index.patternFor(host);
  const rules: readonly Rule[] = (pattern !== undefined && index.portRules(pattern).get(port)) || [];
  if (rules.some((rule) => rule.private !== undefined && rule.protocol === protocol)) return;
  const named = rules.some((rule) => rule.protocol === protocol);
  const kind = protocol === 'tls' ? '' : `protocol: ${protocol}, `;
  throw new Error(
    `workload ${JSON.stringify(workload.name)}: ${named ? `the policy's rule for ${host}:${port} reaches public addresses alone` : `the policy has no ${protocol} rule for ${host}:${port}`}; write under allow: { host: ${JSON.stringify(host)}, ${kind}ports: [${port}], private: [<the CIDR of its addresses>] }.`,
  );
}
