import { proveSealed, ProofInputError } from '../../../../lib/proof';
import { asPlan, asState } from '../../../proof/support/as-shown';
import { add, failing, findings, get, prove, sealed, type Block, type Stack } from '../../../proof/support/sealed';

interface Shown {
  planned_values: { root_module: { resources: Block[]; child_modules?: object[] } };
  values: { root_module: { resources: Block[] } };
  resource_changes: object[];
  configuration?: { root_module: { resources: object[]; module_calls?: object } };
}

const plan = (): Shown => asPlan(sealed()) as Shown;
const state = (): Shown => asState(sealed()) as Shown;
const OPEN = [{ cidr_blocks: ['0.0.0.0/0'], protocol: '-1', from_port: 0, to_port: 0 }];

function problemOf(text: string): string {
  try {
    proveSealed([{ name: 'main', json: JSON.parse(text) as unknown, text }]);
  } catch (error) {
    if (error instanceof ProofInputError) return error.message;
    throw error;
  }
  return 'none';
}

describe('a plan', () => {
  it('does not hide a service whose groups are known only after apply, in a module that is repeated', () => {
    const shown = plan();
    const address = 'module.more[0].aws_ecs_service.x';
    const values = { network_configuration: [{ assign_public_ip: true }] };
    const service = { address, mode: 'managed', type: 'aws_ecs_service', name: 'x', values };
    shown.planned_values.root_module.child_modules = [{ address: 'module.more[0]', resources: [service] }];
    const after_unknown = { network_configuration: [{ security_groups: true, subnets: true }] };
    shown.resource_changes.push({ address, change: { after_unknown } });
    Object.assign(shown.configuration?.root_module ?? {}, {
      module_calls: { more: { count_expression: {}, module: {} } },
    });
    expect(failing(prove(shown))).toEqual(['C8 unproven']);
  });

  it('without its configuration proves nothing', () => {
    const shown = plan();
    delete shown.configuration;
    expect(prove(shown).verdict).toBe('unproven');
  });

  it('does not hide a role in tags that are known only after apply', () => {
    const shown = plan();
    const address = 'aws_security_group.x';
    const facts = { address, mode: 'managed', type: 'aws_security_group', name: 'x' };
    const values = { tags: { 'mcp-egress:role': 'workload' }, egress: OPEN };
    shown.planned_values.root_module.resources.push({ ...facts, values });
    shown.resource_changes.push({ address, change: { after_unknown: { id: true, tags_all: true } } });
    shown.configuration?.root_module.resources.push({ ...facts, expressions: {} });
    expect(findings(prove(shown), 'C8').join()).toContain('the tags of aws_security_group.x are not known');
  });
});

describe('a state', () => {
  it('holds what stands beside an object that is still to be deleted', () => {
    const shown = state();
    const { resources } = shown.values.root_module;
    const group = resources.find(({ address }) => address === 'aws_security_group.search');
    if (!group) throw new Error('the state has no group of a workload');
    const values = group.values as Block;
    resources.push({ ...group, deposed_key: '0123abcd', values: { ...values, id: 'sg-old' } });
    group.values = { ...values, egress: OPEN };
    expect(failing(prove(shown))).toContain('C2 broken');
  });
});

describe('a document', () => {
  const text = JSON.stringify(sealed());

  it('may not write a name twice, of which parsed JSON has the last alone', () => {
    expect(problemOf(text)).toBe('none');
    const more = '{"aws_route":{"x":{"route_table_id":"a"}}}';
    expect(problemOf(`{"resource":${more},${text.slice(1)}`)).toContain('"resource" stands twice in one object');
    expect(problemOf(text.replace('"aws_route":{', '"aws_route":{"public":{},'))).toContain('"public" stands twice');
    expect(problemOf(text.replace('"aws_route":{', '"aws_route":{"p\\u0075blic":{},'))).toContain('"public" stands');
  });

  it('may not be a configuration and a plan in one', () => {
    expect(problemOf(JSON.stringify({ ...sealed(), ...plan() }))).toContain('give one of them');
  });

  it('is refused where it is nested too deeply', () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    expect(problemOf(text.replace('"aws_ecs_cluster":', `"aws_thing":{"x":${deep}},"aws_ecs_cluster":`))).toContain(
      'nested too deeply',
    );
    const expression = `{"x":{"subnet_id":"\${${'['.repeat(100_000)}"}}`;
    expect(problemOf(text.replace('"aws_ecs_cluster":', `"aws_thing":${expression},"aws_ecs_cluster":`))).toContain(
      'nested too deeply',
    );
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('may use the name %s anywhere', (name) => {
    const stack = sealed();
    stack.locals = { x: {} };
    const block = JSON.parse(`{"${name}": {"a": "\${${name}}", "b": "\${local.x.${name}}"}}`) as Block;
    add(stack, 'aws_lambda_function', name, { ...block, package_type: `\${${name}("a")}` });
    get(stack, 'aws_security_group', 'search').egress = [{ protocol: name, cidr_blocks: [name] }];
    expect(failing(prove(stack))).toEqual(['C2 broken']);
  });
});

describe('an acceptance', () => {
  const accept = [
    { claim: 'C1', reason: 'by hand' },
    { claim: 'C2', reason: 'by hand' },
  ] as const;
  const out = (stack: Stack, block: Block): void =>
    add(stack, 'aws_vpc_security_group_egress_rule', 'out', {
      ...{ security_group_id: '${aws_security_group.search.id}', ip_protocol: 'tcp', from_port: 443, to_port: 443 },
      ...block,
    });
  const proxy = (stack: Stack, tags: Block, from: Block): void => {
    add(stack, 'aws_security_group', 'proxy', {
      ...{ vpc_id: '${aws_vpc.main.id}', tags, egress: OPEN },
      ingress: [{ protocol: 'tcp', from_port: 443, to_port: 443, ...from }],
    });
    add(stack, 'aws_instance', 'proxy', {
      ...{ subnet_id: '${aws_subnet.egress.id}', vpc_security_group_ids: ['${aws_security_group.proxy.id}'] },
    });
  };

  it.each<[string, (stack: Stack) => void]>([
    [
      'a group behind a peering connection',
      (stack) => {
        add(stack, 'aws_vpc', 'peer', { cidr_block: '10.9.0.0/16' });
        add(stack, 'aws_security_group', 'peer', { vpc_id: '${aws_vpc.peer.id}' });
        add(stack, 'aws_route', 'peer', {
          route_table_id: '${aws_route_table.isolated.id}',
          destination_cidr_block: '10.9.0.0/16',
          vpc_peering_connection_id: 'pcx-0123456789abcdef0',
        });
        out(stack, { referenced_security_group_id: '${aws_security_group.peer.id}' });
      },
    ],
    [
      'a VPC Lattice network',
      (stack) => {
        add(stack, 'aws_vpclattice_service_network_vpc_association', 'x', { vpc_identifier: '${aws_vpc.main.id}' });
        out(stack, { cidr_ipv4: '169.254.171.0/24' });
      },
    ],
    [
      'a host with the role of an endpoint',
      (stack) => {
        proxy(stack, { 'mcp-egress:role': 'endpoint' }, { cidr_blocks: ['10.1.0.0/16'] });
        out(stack, { referenced_security_group_id: '${aws_security_group.proxy.id}' });
      },
    ],
    [
      'a host by its address',
      (stack) => {
        proxy(stack, {}, { cidr_blocks: ['10.1.0.0/16'] });
        out(stack, { cidr_ipv4: '10.1.0.0/16' });
      },
    ],
  ])('does not count where a path leads through %s', (_, change) => {
    const stack = sealed();
    change(stack);
    const proof = prove(stack, { accept });
    expect(proof.verdict).toBe('leak');
    expect(proof.refused.map(({ why }) => why)).toContain('a complete path exists today');
  });
});
