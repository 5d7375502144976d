import type { TerraformStack } from 'cdktf';
import { McpServer } from '../../../constructs/aws/mcp-server';
import { EgressPolicy } from '../../../lib/policy';
import { ecrImage, exampleGateway } from '../support/fixtures';
import { failure, synthesized } from '../support/synth';

const IMAGE = ecrImage('mcp/search');

describe('one server that calls another', () => {
  const two = (look: (one: McpServer, other: McpServer) => void) =>
    synthesized((scope) => {
      const gateway = exampleGateway(scope);
      const other = new McpServer(scope, 'local-llm', { gateway, image: IMAGE, port: 8080 });
      look(new McpServer(scope, 'web-search', { gateway, image: IMAGE }), other);
    });

  test('reaches its port, without the gateway, and says so in a tag', () => {
    const stack = two((one, other) => {
      one.call(other);
      one.call(other);
    });
    expect(stack.rules('mcp-egress-web-search', 'egress')).toContain(
      'tcp 8080 mcp-egress-local-llm: web-search calls local-llm',
    );
    expect(stack.rules('mcp-egress-local-llm', 'ingress')).toEqual([
      'tcp 8080 mcp-egress-web-search: web-search calls local-llm',
    ]);
    expect(stack.named('aws_security_group', 'mcp-egress-web-search').tags['mcp-egress:calls']).toBe('local-llm:8080');
    expect(stack.named('aws_security_group', 'mcp-egress-local-llm').tags).not.toHaveProperty('mcp-egress:calls');
  });

  test('fails when that one has no port', () => {
    const message = failure((scope) => {
      const gateway = exampleGateway(scope);
      const other = new McpServer(scope, 'local-llm', { gateway, image: IMAGE });
      new McpServer(scope, 'web-search', { gateway, image: IMAGE }).call(other);
    });
    expect(message).toBe('web-search cannot call local-llm: it has no port; give it one in its props.');
  });

  test('or more of them than a tag has room for', () => {
    const names = Array.from({ length: 10 }, (_, index) => `a-workload-with-a-long-name-${index}`);
    const build = (count: number) => (scope: TerraformStack) => {
      const workloads = Object.fromEntries(
        ['web-search', ...names].map((name, index) => [name, { port: 10000 + index }]),
      );
      const gateway = exampleGateway(scope, { policy: EgressPolicy.fromObject({ version: 1, workloads }) });
      const caller = new McpServer(scope, 'web-search', { gateway, image: IMAGE });
      for (const name of names.slice(0, count))
        caller.call(new McpServer(scope, name, { gateway, image: IMAGE, port: 80 }));
    };
    const { tags } = synthesized(build(3)).named('aws_security_group', 'mcp-egress-web-search');
    expect(tags['mcp-egress:calls']).toBe(
      names
        .slice(0, 3)
        .map((name) => `${name}:80`)
        .join('/'),
    );
    expect(failure(build(10))).toMatch(
      /^web-search calls 8 servers, so its tag mcp-egress:calls would have 263 characters, and AWS takes 256; shorten/,
    );
  });
});
