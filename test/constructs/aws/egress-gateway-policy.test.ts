import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections } from '../../../constructs/aws/connections';
import type { EgressGateway, EgressGatewayProps } from '../../../constructs/aws/egress-gateway';
import { bundle, bundleHash } from '../../../lib/delivery';
import { EgressPolicy } from '../../../lib/policy';
import { exampleGateway } from '../support/fixtures';
import { policyOf } from '../support/policies';
import { failure, synthesized, type Synthesized } from '../support/synth';

function gateway(props: Partial<EgressGatewayProps>, look: (made: EgressGateway) => void = () => undefined) {
  return synthesized((scope) => look(exampleGateway(scope, props)));
}

const taskOf = (stack: Synthesized) => stack.only('aws_ecs_task_definition');

describe('what admits a workload that is no McpServer', () => {
  const own = (look: (made: EgressGateway, group: SecurityGroup) => void): Synthesized =>
    synthesized((scope) => look(exampleGateway(scope), new SecurityGroup(scope, 'own', { name: 'own' })));

  test('opens its own port, tags its group, and tells it its proxy', () => {
    const stack = own((made, group) => {
      const proxy = made.admit('local-llm', Connections.of(group, 'lambda'));
      expect(proxy.proxyUrl).toBe('http://gateway.mcp.internal:10001');
    });
    expect(stack.rules('own', 'egress')).toEqual([
      'tcp 10001 mcp-egress-gateway: local-llm to its port on the gateway',
    ]);
    expect(stack.rules('mcp-egress-gateway', 'ingress')).toEqual([
      'tcp 10001 own: local-llm to its port on the gateway',
    ]);
    expect(stack.named('aws_security_group', 'own').tags).toEqual({
      'mcp-egress:role': 'workload',
      'mcp-egress:workload': 'local-llm',
      'mcp-egress:port': '10001',
    });
    expect(stack.warnings).toEqual([]);
  });

  test('warns where the group is known by its id alone', () => {
    const stack = synthesized((scope) => {
      const made = exampleGateway(scope);
      made.admit('local-llm', new Connections({ scope, securityGroupId: 'sg-1', name: 'lambda' }));
    });
    expect(stack.rulesOfId('sg-1', 'egress')).toHaveLength(1);
    expect(stack.warnings).toEqual([
      'local-llm: its security group is known by id alone, so it is not tagged here; whoever made it has to set {"mcp-egress:role":"workload","mcp-egress:workload":"local-llm","mcp-egress:port":"10001"}, or the proof does not know it.',
    ]);
  });

  test('fails when the policy does not name it', () => {
    const message = failure((scope) => {
      const made = exampleGateway(scope);
      made.admit('search', new Connections({ scope, securityGroupId: 'sg-1', name: 'lambda' }));
    });
    expect(message).toBe(
      'workload "search" is not in the policy (it has: local-llm, web-search); add it there with a port, or use one of these names.',
    );
    expect(
      failure((scope) => exampleGateway(scope, { policy: EgressPolicy.fromYaml('version: 1') }).workload('x')),
    ).toMatch(/^workload "x" is not in the policy \(it has: none\)/);
  });
});

describe('a changed policy', () => {
  const one = gateway({ policy: policyOf([{ host: 'a.example.com' }]) });

  test('is a new object and a new pointer: the task stays', () => {
    const other = gateway({ policy: policyOf([{ host: 'b.example.com' }, { host: 'c.example.com' }]) });
    const { aws_s3_object: before, ...restBefore } = one.json.resource;
    const { aws_s3_object: after, ...restAfter } = other.json.resource;
    expect(restAfter).toEqual(restBefore);
    expect(after).not.toEqual(before);
    expect(Object.keys(after as object)).toEqual(Object.keys(before as object));
  });

  test('that adds a workload leaves the task as well', () => {
    const two = EgressPolicy.fromObject({
      version: 1,
      workloads: {
        'web-search': { port: 10000, allow: [{ host: 'a.example.com' }] },
        'local-llm': { port: 10001, allow: [{ host: 'a.example.com' }] },
      },
    });
    expect(taskOf(gateway({ policy: two }))).toEqual(taskOf(one));
  });

  test('with 5,000 hosts stands in an object, never in the task', () => {
    const hosts = Array.from({ length: 5000 }, (_, index) => `h${index}.example.com`);
    const policy = policyOf([{ hosts }]);
    let hash = '';
    const stack = gateway({ policy }, ({ config }) => (hash = bundleHash(bundle(config))));
    const text = stack.taskText('mcp-egress-gateway');
    expect(Buffer.byteLength(text)).toBeLessThan(60 * 1024);
    expect(text).toBe(one.taskText('mcp-egress-gateway'));
    expect(JSON.stringify(stack.json)).not.toContain('h4999.example.com');
    expect(JSON.stringify(stack.json.resource.aws_s3_object)).toContain(`config/${hash}`);
  });
});
