import { asPlan, asState } from '../../../proof/support/as-shown';
import { add, changed, egress, failing, prove, sealed, type Stack } from '../../../proof/support/sealed';

const LEAKS: readonly (readonly [string, string, (stack: Stack) => void])[] = [
  [
    'a route',
    'C1 broken',
    (stack) =>
      add(stack, 'aws_route', 'out', {
        route_table_id: '${aws_route_table.isolated.id}',
        destination_cidr_block: '0.0.0.0/0',
        nat_gateway_id: '${aws_nat_gateway.main.id}',
      }),
  ],
  [
    'a rule',
    'C2 broken',
    (stack) => add(stack, 'aws_vpc_security_group_egress_rule', 'out', egress('search', 'gateway', 10001)),
  ],
  [
    'a public address',
    'C3 broken',
    (stack) => ((stack.resource.aws_subnet?.isolated ?? {}).map_public_ip_on_launch = true),
  ],
  ['no policy', 'C4 broken', (stack) => delete stack.resource.aws_vpc_endpoint?.logs?.policy],
  ['no last rule of DNS', 'C5 broken', (stack) => delete stack.resource.aws_route53_resolver_firewall_rule?.everything],
  [
    'an open relay',
    'C6 broken',
    (stack) =>
      add(stack, 'aws_vpc_security_group_ingress_rule', 'x', {
        security_group_id: '${aws_security_group.gateway.id}',
        cidr_ipv4: '10.0.0.0/8',
        ip_protocol: 'tcp',
        from_port: 10000,
        to_port: 10000,
      }),
  ],
  ['ECS Exec', 'C7 broken', (stack) => ((stack.resource.aws_ecs_service?.search ?? {}).enable_execute_command = true)],
];

describe.each([
  ['state', asState],
  ['plan', asPlan],
])('terraform show -json of a %s', (_, as) => {
  it('is sealed where the stack is', () => {
    const proof = prove(as(sealed()));
    expect(proof.claims.flatMap(({ findings }) => findings.map(({ what }) => what))).toEqual([]);
    expect(proof.verdict).toBe('sealed');
    expect(proof.reach).toEqual(prove(sealed()).reach);
  });

  it.each(LEAKS)('%s is %s', (_name, expected, change) => {
    const proof = prove(as(changed(change)));
    expect(failing(proof)).toEqual([expected]);
    expect(proof.claims.flatMap(({ findings }) => findings)[0]?.place?.line).toEqual(expect.any(Number));
  });
});

describe('a plan', () => {
  it('leaves out what it takes away, and reads data that it has read', () => {
    const plan = asPlan(sealed()) as { prior_state: { values: { root_module: { resources: object[] } } } };
    const gone = {
      address: 'aws_route.gone',
      mode: 'managed',
      type: 'aws_route',
      name: 'gone',
      values: { route_table_id: 'rtb-9' },
    };
    plan.prior_state.values.root_module.resources.push(gone);
    expect(prove(plan).verdict).toBe('sealed');
  });

  it('follows variables and outputs of modules, and nothing that may be several things', () => {
    const group = (address: string, references: string[]) => ({
      format_version: '1.2',
      planned_values: {
        root_module: {
          resources: [{ address: 'aws_vpc.main', mode: 'managed', type: 'aws_vpc', name: 'main', values: {} }],
          child_modules: [
            {
              address,
              resources: [
                {
                  address: `${address}.aws_security_group.g`,
                  mode: 'managed',
                  type: 'aws_security_group',
                  name: 'g',
                  values: { tags_all: { 'mcp-egress:role': 'workload' } },
                },
              ],
            },
          ],
        },
      },
      resource_changes: [
        { address: `${address}.aws_security_group.g`, change: { after_unknown: { id: true, vpc_id: true } } },
      ],
      configuration: {
        root_module: {
          resources: [{ mode: 'managed', type: 'aws_vpc', name: 'main', expressions: {} }],
          module_calls: {
            m: {
              expressions: { vpc: { references } },
              module: {
                resources: [
                  {
                    mode: 'managed',
                    type: 'aws_security_group',
                    name: 'g',
                    expressions: { vpc_id: { references: ['var.vpc'] } },
                  },
                ],
              },
            },
          },
        },
      },
    });
    const said = (json: object): string =>
      JSON.stringify(prove(json).claims.map(({ findings }) => findings.map(({ what }) => what)));
    expect(said(group('module.m', ['aws_vpc.main.id', 'aws_vpc.main']))).toContain(
      'nothing in the documents carries module.m.aws_security_group.g',
    );
    expect(said(group('module.m[0]', ['var.x', 'aws_vpc.main.id', 'aws_vpc.main']))).toContain(
      'module.m[0].aws_security_group.g',
    );
  });
});
