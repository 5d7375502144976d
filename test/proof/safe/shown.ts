import { addWorkload, id, METADATA_OPTIONS, onInstances } from '../support/base';
import { add, get, type Stack } from '../support/sealed';
import { leaveOut, planOf, stateOf } from '../support/shown';

/** What `terraform show -json` prints of something that is sealed. */
export interface ShownSafe {
  readonly name: string;
  readonly make: () => object;
}

/** A workload on an instance whose launch template has two written interfaces. */
function twoInterfaces(stack: Stack, version = '$Latest'): void {
  addWorkload(stack, 'fleet', 10005);
  const security_groups = [id('aws_security_group.fleet')];
  add(stack, 'aws_launch_template', 'fleet', {
    metadata_options: METADATA_OPTIONS,
    network_interfaces: [0, 1].map((device_index) => ({ device_index, security_groups })),
  });
  add(stack, 'aws_instance', 'fleet', {
    subnet_id: id('aws_subnet.isolated'),
    launch_template: { id: id('aws_launch_template.fleet'), version },
    vpc_security_group_ids: security_groups,
  });
}

/** Plans and states of what is sealed. */
export const SHOWN: readonly ShownSafe[] = [
  {
    name: 'a plan of what is new, in which the provider fills in what is not written',
    make: () => {
      const plan = planOf();
      const filled = [
        ['aws_security_group', ['egress', 'ingress', 'owner_id', 'name_prefix']],
        ['aws_route_table', ['route', 'propagating_vgws', 'owner_id']],
        ['aws_instance', ['network_interface', 'primary_network_interface_id', 'root_block_device', 'private_ip']],
        ['aws_vpc', ['main_route_table_id', 'default_security_group_id', 'default_route_table_id']],
        ['aws_vpc_endpoint', ['dns_entry', 'network_interface_ids', 'prefix_list_id', 'subnet_configuration']],
      ] as const;
      for (const [type, keys] of filled)
        for (const { address } of plan.planned_values.root_module.resources.filter(({ address }) =>
          address.startsWith(`${type}.`),
        ))
          for (const key of keys) leaveOut(plan, address, key);
      return plan;
    },
  },
  {
    name: 'a state in which a NAT gateway holds an address, and another one an interface with one',
    make: () =>
      stateOf((stack) => {
        onInstances(stack);
        get(stack, 'aws_eip', 'nat').network_interface = 'eni-0123456789abcdef0';
        add(stack, 'aws_eip', 'more', { network_interface: 'eni-0123456789abcdef1' });
        add(stack, 'aws_nat_gateway', 'more', {
          subnet_id: id('aws_subnet.public'),
          network_interface_id: 'eni-0123456789abcdef1',
        });
      }),
  },
  {
    name: 'a plan of a launch template with two written interfaces',
    make: () => planOf((stack) => twoInterfaces(stack)),
  },
  {
    name: 'a plan of the last version of a launch template',
    make: () => planOf((stack) => twoInterfaces(stack, '${aws_launch_template.fleet.latest_version}')),
  },
];
