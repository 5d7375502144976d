import type { ResourceChange } from './support/terraform';
import { unexplained } from './support/unexplained';

type Change = ResourceChange['change'];

function planOf(type: string, change: Partial<Change>): Parameters<typeof unexplained>[0] {
  const whole = { actions: ['update'], before: {}, after: {}, after_unknown: {}, ...change };
  return { resource_changes: [{ address: `${type}.x`, mode: 'managed', type, change: whole }] };
}

describe('unexplained', () => {
  it('passes what moto answers differently', () => {
    const [before, after] = [{ description: null }, { description: 'to the gateway' }];
    expect(unexplained(planOf('aws_vpc_security_group_egress_rule', { before, after }))).toEqual([]);
  });

  it('names every other attribute of the same resource', () => {
    const [before, after] = [
      { description: null, to_port: 443, id: 'sgr-1' },
      { description: 'to the gateway', to_port: 80, id: 'sgr-1' },
    ];
    expect(unexplained(planOf('aws_vpc_security_group_egress_rule', { before, after }))).toEqual([
      'update aws_vpc_security_group_egress_rule.x: to_port',
    ]);
  });

  it('takes no replacement for an update', () => {
    const replace = { actions: ['delete', 'create'], before: { description: null }, after: { description: 'x' } };
    const type = 'aws_vpc_security_group_egress_rule';
    expect(unexplained(planOf(type, { ...replace, replace_paths: [['description']] }))).toEqual([
      `delete and create ${type}.x: description`,
    ]);
    const strategy = { ...replace, replace_paths: [['capacity_provider_strategy']] };
    expect(unexplained(planOf('aws_ecs_service', strategy))).toEqual([]);
  });

  it('reports what appears and goes, and leaves out what stays or is read', () => {
    expect(unexplained(planOf('aws_vpc', { actions: ['create'] }))).toEqual(['create aws_vpc.x']);
    expect(unexplained(planOf('aws_vpc', { actions: ['delete'] }))).toEqual(['delete aws_vpc.x']);
    expect(unexplained(planOf('aws_vpc', { actions: ['no-op'] }))).toEqual([]);
    expect(unexplained(planOf('aws_vpc', { actions: ['read'] }))).toEqual([]);
  });

  it('ignores what follows from another change', () => {
    const change = { before: { latest_version: 1 }, after: {}, after_unknown: { latest_version: true } };
    expect(unexplained(planOf('aws_launch_template', change))).toEqual([]);
  });
});
