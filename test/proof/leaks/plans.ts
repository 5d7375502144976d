import { addStranger, addWorkload, id, METADATA_OPTIONS } from '../support/base';
import { add, get, type Stack } from '../support/sealed';
import { at, leaveOut, planOf, type Change, type Plan } from '../support/shown';
import type { Leak } from './leak';

/** What a plan or a state shows, and what the proof must say of it. */
export interface ShownLeak extends Pick<Leak, 'breaks' | 'unproven' | 'names' | 'name'> {
  readonly make: () => object;
}

/** A plan that is changed after it was made. */
function plan(
  name: string,
  unproven: Leak['unproven'],
  names: string,
  after: (plan: Plan) => void,
  change?: (stack: Stack) => void,
): ShownLeak {
  return {
    name,
    unproven,
    names,
    make: () => {
      const made = planOf(change);
      after(made);
      return made;
    },
  };
}

/** A plan in which a block of a resource that exists is dynamic, and how many there are is not known. */
function dynamic(unproven: Leak['unproven'], address: string, key: string, actions = ['update']): ShownLeak {
  return plan(`a dynamic ${key} of ${address}, ${actions.join(' and ')}`, unproven, address, (shown) => {
    leaveOut(shown, address, key);
    at(shown.resource_changes, address).change.actions = actions;
  });
}

/** A workload on an instance whose launch template has one written interface. */
function oneInterface(stack: Stack): void {
  addWorkload(stack, 'fleet', 10005);
  const security_groups = [id('aws_security_group.fleet')];
  add(stack, 'aws_launch_template', 'fleet', {
    metadata_options: METADATA_OPTIONS,
    network_interfaces: [{ security_groups }],
  });
  add(stack, 'aws_instance', 'fleet', {
    subnet_id: id('aws_subnet.isolated'),
    launch_template: { id: id('aws_launch_template.fleet'), version: '$Latest' },
    vpc_security_group_ids: security_groups,
  });
}

/** A change of something that the plan does not hold any more, or not yet. */
const more = (address: string, change: Change['change']) => (shown: Plan) => {
  shown.resource_changes.push({ address, change });
};

/** Plans that show less than what will be made. */
export const PLANS: readonly ShownLeak[] = [
  plan(
    'a route that Terraform forgets and AWS keeps',
    ['C8'],
    'removed aws_route.old',
    more('aws_route.old', { actions: ['forget'], after_unknown: {} }),
  ),
  plan(
    'a group that is taken over by an id that is not known yet',
    ['C8'],
    'import aws_security_group.search',
    (shown) => {
      at(shown.resource_changes, 'aws_security_group.search').change.importing = { unknown: true };
    },
  ),
  dynamic(['C2'], 'aws_security_group.search', 'egress'),
  dynamic(['C6'], 'aws_security_group.gateway', 'ingress'),
  dynamic(['C1'], 'aws_route_table.isolated', 'route'),
  dynamic(['C3'], 'aws_ecs_service.search', 'load_balancer', ['create']),
  dynamic(['C7'], 'aws_ecs_task_definition.search', 'volume', ['create']),
  plan('an action of Terraform that calls a function', ['C8'], 'action.aws_lambda_invoke.open', (shown) => {
    const invocation = { address: 'action.aws_lambda_invoke.open', type: 'aws_lambda_invoke', name: 'open' };
    Object.assign(shown, { action_invocations: [invocation] });
  }),
  plan(
    'a new group without a rule, which may have dynamic ones',
    ['C8'],
    'aws_security_group.notes',
    (shown) => leaveOut(shown, 'aws_security_group.notes', 'egress'),
    (stack) => delete stack.resource.aws_vpc_security_group_egress_rule?.notes_gateway,
  ),
  plan(
    'the statements of a policy by a dynamic block',
    ['C4'],
    'aws_vpc_endpoint.s3',
    (shown) => {
      const address = 'data.aws_iam_policy_document.s3';
      // What is read only at apply stands among what is planned.
      const planned = { address, mode: 'data', type: 'aws_iam_policy_document', name: 's3', values: {} };
      shown.planned_values.root_module.resources.push(planned);
      shown.resource_changes.push({ address, change: { actions: ['read'], after_unknown: { json: true } } });
      leaveOut(shown, address, 'statement');
      at(shown.resource_changes, 'aws_vpc_endpoint.s3').change.after_unknown.policy = true;
      delete at(shown.planned_values.root_module.resources, 'aws_vpc_endpoint.s3').values.policy;
      // As it is in JSON syntax.
      at(shown.configuration.root_module.resources, 'aws_vpc_endpoint.s3').expressions.policy = {
        constant_value: `\${${address}.json}`,
        references: [`${address}.json`, address],
      };
    },
    (stack) => {
      stack.data.aws_iam_policy_document = { s3: { statement: [{ effect: 'Deny' }] } };
      get(stack, 'aws_vpc_endpoint', 's3').policy = '${data.aws_iam_policy_document.s3.json}';
    },
  ),
  plan(
    'a second interface of a launch template by a dynamic block beside a written one',
    ['C2'],
    'aws_instance.fleet',
    (shown) => {
      const template = 'aws_launch_template.fleet';
      const unknown = { security_groups: true };
      at(shown.resource_changes, template).change.after_unknown.network_interfaces = [unknown, unknown];
      at(shown.planned_values.root_module.resources, template).values.network_interfaces = [{}, {}];
    },
    oneInterface,
  ),
  plan(
    'rules that are not known yet, while an old object of the same group waits to be deleted',
    ['C2'],
    'aws_security_group.search',
    (shown) => {
      leaveOut(shown, 'aws_security_group.search', 'egress');
      at(shown.resource_changes, 'aws_security_group.search').change.actions = ['update'];
      shown.resource_changes.push({
        address: 'aws_security_group.search',
        deposed: 'abcd1234',
        change: { actions: ['delete'], after_unknown: {} },
      });
    },
    (stack) => addStranger(stack, 'open'),
  ),
];
