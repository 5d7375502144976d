import {
  add,
  failing,
  findings,
  get,
  prove,
  proveChanged,
  type Block,
  type Stack,
} from '../../../proof/support/sealed';

describe('C8: what is not known', () => {
  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'a module',
      (stack) => (stack.module = { vpc: { source: './vpc' } }),
      /module\.vpc of main\.tf\.json may hold anything/,
    ],
    [
      'a CloudFormation stack',
      (stack) => add(stack, 'aws_cloudformation_stack', 'x', { name: 'x' }),
      /can make anything/,
    ],
    ['a resource of Cloud Control', (stack) => add(stack, 'awscc_ec2_route', 'x', {}), /can make anything/],
    [
      'a provisioner',
      (stack) => add(stack, 'null_resource', 'x', { provisioner: [{ 'local-exec': { command: 'aws' } }] }),
      /runs programs/,
    ],
    [
      'a type that nobody knows in a subnet',
      (stack) => add(stack, 'aws_new_thing', 'x', { subnet_ids: ['${aws_subnet.isolated.id}'] }),
      /aws_new_thing is a type that the proof does not know/,
    ],
    [
      'a type that nobody knows with a reference',
      (stack) => add(stack, 'aws_new_thing', 'x', { place: { where: '${aws_vpc.main.id}' } }),
      /aws_new_thing/,
    ],
    [
      'a count',
      (stack) => (get(stack, 'aws_route', 'public').count = '${var.n}'),
      /how often aws_route\.public is made/,
    ],
    [
      'a for_each',
      (stack) => (get(stack, 'aws_subnet', 'isolated').for_each = { a: 1 }),
      /how often aws_subnet\.isolated is made/,
    ],
    [
      'a role that is none',
      (stack) => add(stack, 'aws_security_group', 'x', { tags: { 'mcp-egress:role': 'worker' } }),
      /the role "worker", which is none of/,
    ],
    [
      'tags by variable',
      (stack) => add(stack, 'aws_security_group', 'x', { tags: '${var.tags}' }),
      /the tags of aws_security_group\.x are not known/,
    ],
    [
      'default_tags by variable',
      (stack) => (stack.provider.aws = [{ default_tags: [{ tags: '${var.tags}' }] }]),
      /the tags of aws_security_group\.search are not known/,
    ],
    [
      'a workload that nothing runs',
      (stack) => add(stack, 'aws_security_group', 'x', { tags: { 'mcp-egress:role': 'workload' } }),
      /nothing in the documents carries aws_security_group\.x/,
    ],
    [
      'a service whose group is a variable',
      (stack) =>
        add(stack, 'aws_ecs_service', 'x', {
          network_configuration: { subnets: ['${aws_subnet.public.id}'], security_groups: ['${var.sg}'] },
        }),
      /may be a workload's/,
    ],
  ])('%s leaves it unproven', (_, change, message) => {
    const proof = proveChanged(change);
    expect(failing(proof)).toContain('C8 unproven');
    expect(findings(proof, 'C8').join('\n')).toMatch(message);
    expect(proof.verdict).toBe('unproven');
  });

  it('proves nothing about documents without workloads', () => {
    const proof = prove({ resource: { aws_vpc: { main: { cidr_block: '10.0.0.0/16' } } } });
    expect([proof.verdict, findings(proof, 'C8').join()]).toEqual([
      'unproven',
      expect.stringContaining('a proof about nothing is none'),
    ]);
    expect(prove({ terraform: {} }).verdict).toBe('unproven');
  });

  it('counts default_tags as tags of every resource, and passes over what has nothing to do with a network', () => {
    const proof = proveChanged((stack) => {
      const tags = get(stack, 'aws_security_group', 'search').tags as Block;
      delete tags['mcp-egress:workload'];
      stack.provider.aws = [{ default_tags: { tags: { team: 'a' } } }];
      tags['mcp-egress:workload'] = 'search';
      add(stack, 'aws_new_thing', 'x', { name: 'x' });
      add(stack, 'random_id', 'x', { byte_length: 4 });
      add(stack, 'aws_subnet', 'never', { count: 0, map_public_ip_on_launch: true });
    });
    expect(failing(proof)).toEqual([]);
    expect(proof.ignoredTypes).toEqual(['aws_new_thing', 'random_id']);
    const byDefault = proveChanged((stack) => {
      stack.provider.aws = [{ default_tags: { tags: { 'mcp-egress:role': 'workload' } } }];
      add(stack, 'aws_security_group', 'plain', {});
    });
    expect(findings(byDefault, 'C8').join()).toContain('aws_security_group.plain');
  });
});
