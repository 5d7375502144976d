import { TerraformStack, Testing } from 'cdktf';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { EgressPerimeter } from '../../constructs/aws';
import { toBeSealed } from '../../testing';
import { examplePolicy } from '../constructs/support/policies';
import { ecrImage, GATEWAY_IMAGES } from '../constructs/support/fixtures';

expect.extend({ toBeSealed });

function perimeter(change: (stack: TerraformStack, made: EgressPerimeter) => void = () => undefined): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'stack');
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  const made = new EgressPerimeter(stack, 'Perimeter', {
    policy: examplePolicy(),
    gatewayImage: GATEWAY_IMAGES.image,
    syncImage: GATEWAY_IMAGES.syncImage,
    servers: { 'web-search': { image: ecrImage('mcp/web-search') } },
  });
  change(stack, made);
  return stack;
}

const open = (stack: TerraformStack, made: EgressPerimeter): void => {
  const { securityGroupId } = made.servers['web-search']?.securityGroup ?? {};
  if (securityGroupId === undefined) throw new Error('no server');
  new VpcSecurityGroupEgressRule(stack, 'oops', { securityGroupId, ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' });
};

test('takes a stack, its text and its JSON, alone or in a list', () => {
  const stack = perimeter();
  const text = Testing.synth(stack);
  expect(stack).toBeSealed();
  expect(text).toBeSealed();
  expect(JSON.parse(text)).toBeSealed();
  expect([text]).toBeSealed();
});

test('fails on a leak with the path', () => {
  const text = Testing.synth(perimeter(open));
  expect(text).not.toBeSealed();
  expect(() => expect(text).toBeSealed()).toThrow(/to be sealed:\nLEAK: C2 broken[\s\S]*oops lets it out to/);
});

test('takes what somebody answers for', () => {
  const text = Testing.synth(perimeter(open));
  const accept = [{ claim: 'C2', reason: 'the route is still closed' }] as const;
  expect(text).toBeSealed({ accept });
});

test('an unproven stack is neither', () => {
  const empty = '{"resource":{}}';
  expect(() => expect(empty).toBeSealed()).toThrow(/unproven/);
  expect(() => expect(empty).not.toBeSealed()).toThrow(/unproven/);
});
