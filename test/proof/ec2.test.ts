import type { TerraformStack } from 'cdktf';
import { Ec2Capacity } from '../../constructs/aws/ec2-capacity';
import { EgressPerimeter } from '../../constructs/aws/egress-perimeter';
import { McpServer } from '../../constructs/aws/mcp-server';
import { ecrImage } from '../constructs/support/fixtures';
import { examplePolicy } from '../constructs/support/policies';
import { synthesized } from '../constructs/support/synth';
import { all } from './support/apps';
import { claimOf, failing, prove, type Stack } from './support/sealed';

/** A perimeter whose server runs on EC2 instances. */
function onEc2(): Stack {
  const { json } = synthesized((stack: TerraformStack) => {
    const { network, gateway } = new EgressPerimeter(stack, 'perimeter', { policy: examplePolicy() });
    const capacity = new Ec2Capacity(stack, 'capacity', { network, cluster: gateway.cluster });
    new McpServer(stack, 'web-search', { gateway, image: ecrImage('search'), capacity });
  });
  return JSON.parse(JSON.stringify(json)) as Stack;
}

describe('a perimeter on EC2 instances', () => {
  it('is sealed', () => {
    const proof = prove(onEc2());
    expect(proof.claims.flatMap(({ findings }) => findings.map(({ what }) => what))).toEqual([]);
    expect(proof.verdict).toBe('sealed');
  });

  it.each([
    ['metadata_options', { http_tokens: 'optional', http_put_response_hop_limit: 1 }],
    ['metadata_options', { http_tokens: 'required', http_put_response_hop_limit: 2 }],
    ['user_data', Buffer.from('#!/bin/bash\n').toString('base64')],
  ])('leaks where %s of its hosts is %j', (key, value) => {
    const stack = onEc2();
    for (const { block } of all({ stack }, 'aws_launch_template')) block[key] = value;
    const proof = prove(stack);
    expect(failing(proof)).toEqual(['C7 broken']);
    expect(claimOf(proof, 'C7').findings[0]?.what).toContain('aws_launch_template.');
  });
});
