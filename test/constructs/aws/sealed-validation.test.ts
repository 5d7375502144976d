import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, TerraformStack } from 'cdktf';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route } from '@cdktf/provider-aws/lib/route';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { EgressPerimeter, McpNetwork, type EgressPerimeterProps } from '../../../constructs/aws';
import { ecrImage, GATEWAY_IMAGES } from '../support/fixtures';
import { examplePolicy } from '../support/policies';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'sealed-'));
});
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

const appOf = (skipValidation = false): App => new App({ outdir, skipValidation });

function stackOf(app: App, id = 'tools'): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  return stack;
}

function perimeter(stack: TerraformStack, props: Partial<EgressPerimeterProps> = {}): EgressPerimeter {
  return new EgressPerimeter(stack, 'Perimeter', {
    policy: examplePolicy(),
    gatewayImage: GATEWAY_IMAGES.image,
    syncImage: GATEWAY_IMAGES.syncImage,
    servers: { 'web-search': { image: ecrImage('mcp/web-search') } },
    ...props,
  });
}

/** Somebody composes it into a larger stack and opens a way. */
function open(scope: TerraformStack, { servers }: EgressPerimeter): void {
  const { securityGroupId } = servers['web-search']?.securityGroup ?? {};
  if (securityGroupId === undefined) throw new Error('no server');
  new VpcSecurityGroupEgressRule(scope, 'oops', { securityGroupId, ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' });
}

test('a sealed app passes', () => {
  const app = appOf();
  perimeter(stackOf(app));
  expect(() => app.synth()).not.toThrow();
});

test('a rule in the same stack fails the synth, with the path and the construct', () => {
  const app = appOf();
  const stack = stackOf(app);
  open(stack, perimeter(stack));
  expect(() => app.synth()).toThrow(
    /LEAK: C2 broken[\s\S]*workload web-search\n {2}> aws_security_group[\s\S]*> aws_vpc_security_group_egress_rule\.oops[\s\S]*construct tools\/oops/,
  );
});

test('so does a rule in another stack of the app', () => {
  const app = appOf();
  const made = perimeter(stackOf(app));
  open(stackOf(app, 'other'), made);
  expect(() => app.synth()).toThrow(/LEAK: C2 broken[\s\S]*stacks\/other\/cdk\.tf\.json:\d+ \(construct other\/oops\)/);
});

test('so does what an aspect adds to a resource', () => {
  const app = appOf();
  const stack = stackOf(app);
  perimeter(stack);
  Aspects.of(stack).add({
    visit: (node) => {
      if (node instanceof Subnet) node.mapPublicIpOnLaunch = true;
    },
  });
  expect(() => app.synth()).toThrow(/LEAK: C3 broken/);
});

test('a route out fails it, although the groups would still stop the packet', () => {
  const app = appOf();
  const stack = stackOf(app);
  perimeter(stack);
  const table = stack.node.findChild('Perimeter').node.findChild('Network').node.findChild('Isolated').node;
  const routeTableId = (table.findChild('RouteTable1') as unknown as { id: string }).id;
  new Route(stack, 'way-out', { routeTableId, destinationCidrBlock: '0.0.0.0/1', transitGatewayId: 'tgw-0123' });
  expect(() => app.synth()).toThrow(/LEAK: C1 broken[\s\S]*way-out/);
});

test('output in HCL is proven as well', () => {
  const app = new App({ outdir, hclOutput: true });
  const stack = stackOf(app);
  open(stack, perimeter(stack));
  expect(() => app.synth()).toThrow(/LEAK: C2 broken/);
});

test('skipValidation switches it off', () => {
  const app = appOf(true);
  const stack = stackOf(app);
  open(stack, perimeter(stack));
  expect(() => app.synth()).not.toThrow();
});

test('what somebody answers for passes', () => {
  const app = appOf();
  const stack = stackOf(app);
  open(
    stack,
    perimeter(stack, { accept: [{ claim: 'C2', reason: 'until the old client is gone; there is no route' }] }),
  );
  expect(() => app.synth()).not.toThrow();
});

describe('where the VPC is not in the app', () => {
  const elsewhere = (stack: TerraformStack): EgressPerimeterProps['network'] =>
    McpNetwork.fromNetworkAttributes(stack, 'network', {
      vpcId: 'vpc-0123',
      isolatedSubnetIds: ['subnet-1'],
      egressSubnetIds: ['subnet-2'],
      existingEndpoints: {
        'ecr.api': { securityGroupId: 'sg-1' },
        'ecr.dkr': { securityGroupId: 'sg-1' },
        logs: { securityGroupId: 'sg-1' },
        s3: { prefixListId: 'pl-1' },
      },
    });

  test('it cannot be proven, which fails the synth and says what is not known', () => {
    const app = appOf();
    const stack = stackOf(app);
    perimeter(stack, { network: elsewhere(stack) });
    expect(() => app.synth()).toThrow(/UNPROVEN: [\s\S]*subnet-1/);
  });

  test('or warns, if asked to; the strictest perimeter of an app counts', () => {
    const warnings: string[] = [];
    const listen = jest.spyOn(process, 'emitWarning').mockImplementation((text) => void warnings.push(String(text)));
    const app = appOf();
    const stack = stackOf(app);
    perimeter(stack, { network: elsewhere(stack), onUnproven: 'warn' });
    expect(() => app.synth()).not.toThrow();
    expect(warnings).toEqual([expect.stringMatching(/not proven to be sealed[\s\S]*UNPROVEN/)]);

    const strict = appOf();
    const one = stackOf(strict);
    perimeter(one, { network: elsewhere(one), onUnproven: 'warn' });
    perimeter(stackOf(strict, 'second'), { environmentName: 'second' });
    expect(() => strict.synth()).toThrow(/UNPROVEN/);
    listen.mockRestore();
  });
});
