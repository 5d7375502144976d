import { TerraformVariable, type TerraformStack } from 'cdktf';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections } from '../../../../constructs/aws/connections';
import {
  KnowledgeBase,
  type GatewayKnowledgeProps,
  type IGrantee,
  type KnowledgeGrant,
} from '../../../../constructs/aws/knowledge-base';
import { McpServer } from '../../../../constructs/aws/mcp-server';
import { ecrImage, exampleGateway } from '../../support/fixtures';
import { policyOf } from '../../support/policies';
import { failure, synthesized } from '../../support/synth';

const PRIVATE = ['10.0.0.0/16'];
const POLICY = policyOf([
  { host: 'wiki.corp.internal', private: PRIVATE },
  { hosts: ['*.docs.example.com'], private: PRIVATE, ports: [8443] },
  { host: 'open.docs.example.com', ports: [8443] },
  { host: 'model.corp.internal', protocol: 'http', ports: [11434], private: PRIVATE },
  { host: 'db.corp.internal', protocol: 'tcp', ports: [5432], private: PRIVATE, reason: 'x' },
]);

function grant(
  scope: TerraformStack,
  props: Partial<GatewayKnowledgeProps>,
  grantee: Partial<IGrantee> = { workload: 'web-search' },
): KnowledgeGrant {
  const base = KnowledgeBase.behindGateway(scope, 'wiki', { policy: POLICY, host: 'wiki.corp.internal', ...props });
  const connections = Connections.of(new SecurityGroup(scope, 'lambda', { name: 'lambda' }), 'lambda');
  return base.grantAccess({ connections, ...grantee });
}

test.each<[Partial<GatewayKnowledgeProps>, string]>([
  [{}, 'https://wiki.corp.internal'],
  [{ host: 'WIKI.corp.internal.' }, 'https://wiki.corp.internal'],
  [{ host: 'a.b.docs.example.com', port: 8443 }, 'https://a.b.docs.example.com:8443'],
  [{ host: 'model.corp.internal', protocol: 'http', port: 11434 }, 'http://model.corp.internal:11434'],
  [{ host: 'db.corp.internal', protocol: 'tcp', port: 5432 }, 'tcp://db.corp.internal:5432'],
])('%j is %s', (props, url) => {
  const stack = synthesized((scope) => {
    expect(grant(scope, props)).toEqual({ directNames: [], access: [], url });
  });
  expect(Object.keys(stack.json.resource)).toEqual(['aws_security_group']);
});

test('a server goes on using its proxy for it', () => {
  const stack = synthesized((scope) => {
    const gateway = exampleGateway(scope, { policy: POLICY });
    const search = new McpServer(scope, 'web-search', { gateway, image: ecrImage('search') });
    const { policy } = gateway;
    KnowledgeBase.behindGateway(scope, 'wiki', { policy, host: 'wiki.corp.internal' }).grantAccess(search);
  });
  expect(JSON.stringify(stack.containers('mcp-egress-web-search'))).not.toContain('wiki.corp.internal');
});

test.each<[string, Partial<GatewayKnowledgeProps>, string]>([
  [
    'no rule',
    { host: 'other.corp.internal' },
    'the policy has no tls rule for other.corp.internal:443; write under allow: { host: "other.corp.internal", ports: [443], private: [<the CIDR',
  ],
  ['another port', { port: 444 }, 'the policy has no tls rule for wiki.corp.internal:444'],
  [
    'another protocol',
    { protocol: 'http', port: 443 },
    'the policy has no http rule for wiki.corp.internal:443; write under allow: { host: "wiki.corp.internal", protocol: http, ports: [443]',
  ],
  [
    'a public rule that is more specific',
    { host: 'open.docs.example.com', port: 8443 },
    "the policy's rule for open.docs.example.com:8443 reaches public addresses alone",
  ],
])('fails with %s', (_, props, message) => {
  expect(failure((scope) => void grant(scope, props))).toContain(`workload "web-search": ${message}`);
});

test('fails when the grantee is no workload of the policy', () => {
  expect(failure((scope) => void grant(scope, {}, {}))).toBe(
    'lambda: it does not say which workload of the policy it is, so no rule can be found for it; grant to { connections, workload } (the policy has: web-search).',
  );
  expect(failure((scope) => void grant(scope, {}, { workload: 'x' }))).toContain(
    'workload "x" is not in the policy (it has: web-search)',
  );
});

test('fails when host and port are of another form', () => {
  const message = failure((scope) => void grant(scope, { host: 'https://wiki', protocol: 'tcp' }));
  expect(message).toContain('- host "https://wiki"');
  expect(message).toContain('- port: tcp has no usual one; say which.');
  expect(failure((scope) => void grant(scope, { host: '*.docs.example.com', port: 8443 }))).toContain(
    'host: "*.docs.example.com" names many hosts; write one of them.',
  );
  const token = failure((scope) => {
    grant(scope, { host: new TerraformVariable(scope, 'host', { type: 'string' }).stringValue });
  });
  expect(token).toContain('host: known at deployment only, but the policy is read at synth; write the name itself.');
});
