/**
 * `npm run bench:proof [-- RUNS]`: how long a proof takes, by the number of resources: the hand-written sealed stack with more workloads,
 * each with a service, a task definition, a subnet, a route table, groups and rules. Median of some runs, and what 1,000 resources cost.
 */
import Table from 'cli-table3';
import { cpus } from 'node:os';
import { proveSealed } from '../../lib/proof';
import { add, egress, ingress, sealed, service, type Stack } from '../proof/support/sealed';

const SIZES = [100, 1_000, 10_000];

/** The sealed stack with workloads added until it has that many resources. */
function stackOf(size: number): Stack {
  const stack = sealed();
  const count = (): number => Object.values(stack.resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
  const before = count();
  addWorkload(stack, 0);
  const each = count() - before;
  for (let index = 1; index < (size - before) / each; index += 1) addWorkload(stack, index);
  return stack;
}

function addWorkload(stack: Stack, index: number): void {
  const name = `w${index}`;
  const vpc_id = '${aws_vpc.main.id}';
  const port = 11_000 + index;
  const tags = { 'mcp-egress:role': 'workload', 'mcp-egress:workload': name, 'mcp-egress:port': String(port) };
  add(stack, 'aws_security_group', name, { vpc_id, tags });
  add(stack, 'aws_subnet', name, { vpc_id, cidr_block: '10.1.3.0/24' });
  add(stack, 'aws_route_table', name, { vpc_id });
  add(stack, 'aws_route_table_association', name, {
    subnet_id: `\${aws_subnet.${name}.id}`,
    route_table_id: `\${aws_route_table.${name}.id}`,
  });
  add(stack, 'aws_ecs_task_definition', name, {
    family: name,
    network_mode: 'awsvpc',
    container_definitions: JSON.stringify([{ name, image: 'image', essential: true }]),
  });
  add(stack, 'aws_ecs_service', name, service(name, name));
  add(stack, 'aws_vpc_security_group_egress_rule', `${name}_gateway`, egress(name, 'gateway', port));
  add(stack, 'aws_vpc_security_group_egress_rule', `${name}_logs`, egress(name, 'logs', 443));
  add(stack, 'aws_vpc_security_group_ingress_rule', `${name}_gateway`, ingress('gateway', name, port));
  add(stack, 'aws_vpc_security_group_ingress_rule', `${name}_logs`, ingress('logs', name, 443));
}

function timeOf(size: number, runs: number): { readonly times: readonly number[]; readonly resources: number } {
  const json = JSON.parse(JSON.stringify(stackOf(size))) as unknown;
  let resources = 0;
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    const proof = proveSealed([{ name: 'bench', json }]);
    if (proof.verdict !== 'sealed') throw new Error(`${size} resources: ${proof.verdict}`);
    resources = proof.resources;
    return performance.now() - started;
  });
  return { times: times.sort((a, b) => a - b), resources };
}

function main([runs = '7']: readonly string[]): void {
  const table = new Table({ head: ['resources', 'median', 'range', 'for 1,000'], style: { head: [], border: [] } });
  timeOf(SIZES[0] ?? 100, 3); // warms up
  for (const size of SIZES) {
    const { times, resources } = timeOf(size, Number(runs));
    const median = times[times.length >> 1] ?? NaN;
    const range = `${(times[0] ?? NaN).toFixed(1)} to ${(times.at(-1) ?? NaN).toFixed(1)} ms`;
    table.push([resources, `${median.toFixed(1)} ms`, range, `${((median / resources) * 1_000).toFixed(1)} ms`]);
  }
  console.log(`${runs} runs, Node ${process.versions.node}, ${cpus().length} processors`);
  console.log(table.toString());
}

main(process.argv.slice(2));
