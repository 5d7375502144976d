import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { changed, get, openByRoute, sealed } from '../../proof/support/sealed';
import { ESCAPES, STACK, useFolder } from './support/cli';

describe('prove', () => {
  const folder = useFolder();
  const write = (name: string, json: object): string => folder.current.write(name, JSON.stringify(json, null, 2));
  const open = (): object =>
    changed(
      (stack) =>
        (get(stack, 'aws_route_table_association', 'isolated').route_table_id = '${aws_route_table.egress.id}'),
    );

  it('is 0 where it is sealed', async () => {
    write('main.tf.json', sealed());
    const { code, stdout, stderr } = await folder.current.cli(['prove', 'main.tf.json']);
    expect(stdout).toMatch(/^SEALED\n/);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('is 1 for a leak, with the path and the line', async () => {
    write('main.tf.json', open());
    const { code, stdout } = await folder.current.cli(['prove', 'main.tf.json']);
    expect(stdout).toMatch(/^LEAK: C1 broken\n/);
    expect(stdout).toMatch(/ > aws_route\.egress: sends "0\.0\.0\.0\/0" to a NAT gateway/);
    expect(stdout).toMatch(/at: {5}main\.tf\.json:\d+/);
    expect(stdout).not.toMatch(ESCAPES);
    expect(code).toBe(1);
  });

  it('is 3 where something is not known', async () => {
    write(
      'main.tf.json',
      changed((stack) => (stack.module = { m: { source: './m' } })),
    );
    const { code, stdout } = await folder.current.cli(['prove', 'main.tf.json']);
    expect(stdout).toMatch(/^UNPROVEN: C8\n/);
    expect(code).toBe(3);
  });

  it('takes a broken claim with a reason', async () => {
    write('main.tf.json', openByRoute());
    const args = ['prove', 'main.tf.json', '--accept', 'c1', '--reason', 'until June'];
    const { code, stdout } = await folder.current.cli(args);
    expect(stdout).toMatch(/^SEALED, 1 accepted\n/);
    expect(code).toBe(0);
  });

  it('reads a cdktf.out folder as one network, and explains one claim', async () => {
    const [stack, rest] = [sealed(), sealed()];
    mkdirSync(join(folder.current.path, 'cdktf.out', 'stacks', 'a'), { recursive: true });
    mkdirSync(join(folder.current.path, 'cdktf.out', 'stacks', 'b'), { recursive: true });
    write('cdktf.out/stacks/a/cdk.tf.json', stack);
    write('cdktf.out/stacks/b/cdk.tf.json', { resource: { aws_vpc: rest.resource.aws_vpc } });
    const { code, stdout } = await folder.current.cli(['prove', 'cdktf.out', '--explain', 'C1']);
    expect(stdout).toBe(
      'C1 holds     no route out of a subnet with workloads\n\n  aws_subnet.isolated: aws_route_table.isolated has local routes alone\n',
    );
    expect(code).toBe(0);
  });

  it('prints JSON and SARIF', async () => {
    write('main.tf.json', open());
    const json = await folder.current.cli(['prove', 'main.tf.json', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      verdict: 'leak',
      claims: [{ claim: 'C1', status: 'broken' }, ...Array(7).fill({ status: 'holds' })],
    });
    const sarif = await folder.current.cli(['prove', 'main.tf.json', '--format', 'sarif']);
    expect(JSON.parse(sarif.stdout)).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'C1' }] }] });
    expect([json.code, sarif.code]).toEqual([1, 1]);
  });

  it.each([
    [['prove', 'nothing.json'], '"nothing.json" is not there; give a cdk.tf.json'],
    [['prove', '.'], '"." holds no stacks/*/cdk.tf.json; run cdktf synth first'],
    [['prove', 'main.tf.json', 'broken.json'], '"broken.json" is not JSON'],
    [['prove', 'hello.json'], '"hello.json": this is not Terraform JSON'],
    [['prove', 'main.tf.json', 'main.tf.json'], 'two documents have this name'],
    [['prove', 'main.tf.json', '--accept', 'C1'], '--accept stands 1 times and --reason 0 times; write them in pairs'],
    [['prove', 'main.tf.json', '--explain', 'C9'], '"C9" is no claim; write one of C1 to C8'],
    [['prove'], "missing required argument 'files'"],
  ])('%j: is 2', async (args, message) => {
    write('main.tf.json', sealed());
    write('hello.json', { hello: 1 });
    folder.current.write('broken.json', '{');
    const { code, stdout, stderr } = await folder.current.cli(args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(STACK);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('is 2 where another file of Terraform stands beside the stack', async () => {
    const stack = join(folder.current.path, 'stacks', 'a');
    mkdirSync(stack, { recursive: true });
    write(join('stacks', 'a', 'cdk.tf.json'), sealed());
    write(join('stacks', 'a', 'more_override.tf.json'), {});
    const { code, stderr } = await folder.current.cli(['prove', '.']);
    expect(stderr).toContain('more_override.tf.json" stands beside cdk.tf.json');
    expect(code).toBe(2);
  });
});
