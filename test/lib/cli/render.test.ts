import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { POLICY, STACK, useFolder } from './support/cli';

describe('render', () => {
  const folder = useFolder();
  const at = (...parts: string[]): string => join(folder.current.path, ...parts);
  const read = (...parts: string[]): string => readFileSync(at(...parts), 'utf8');
  beforeEach(() => folder.current.write('egress.yaml', POLICY));

  it("writes Envoy's files, whose names go to standard output", async () => {
    const { code, stdout, stderr } = await folder.current.cli(['render', '--out', 'out']);
    const files = ['out/clusters.yaml', 'out/routes/web-search.10000.yaml', 'out/listeners.yaml', 'out/envoy.yaml'];
    expect(stdout.trim().split('\n')).toEqual(files);
    expect(stderr).toMatch(/^wrote 4 files of the policy [0-9a-f]{12} \(enforce, 1 workload, 3 rules\)\n$/);
    expect(code).toBe(0);
    for (const file of files) expect(parse(read(file))).toBeInstanceOf(Object);
    expect(readdirSync(at('out')).sort()).toEqual(['clusters.yaml', 'envoy.yaml', 'listeners.yaml', 'routes']);
  });

  it('gives the same bytes for the same policy, and over itself', async () => {
    await folder.current.cli(['render', '--out', 'a']);
    await folder.current.cli(['render', '--out', 'b']);
    const again = await folder.current.cli(['render', '--out', 'a']);
    expect(again.code).toBe(0);
    for (const file of ['envoy.yaml', 'clusters.yaml', 'listeners.yaml']) expect(read('a', file)).toBe(read('b', file));
  });

  it('hands its options to the compiler', async () => {
    const options = ['--bind', '127.0.0.9', '--health-port', '9911', '--dns', '10.0.0.2', '--dns', '[fd00::2]:5353'];
    await folder.current.cli(['render', '--out', 'out', '--directory', '/srv/envoy', ...options]);
    expect(read('out/envoy.yaml')).toContain('/srv/envoy/listeners.yaml');
    const listeners = read('out/listeners.yaml');
    expect(listeners).toMatch(/address: 127\.0\.0\.9\n +port_value: 10000/);
    expect(listeners).toMatch(/address: 127\.0\.0\.9\n +port_value: 9911/);
    const all = listeners + read('out/clusters.yaml');
    expect(all).toMatch(/address: 10\.0\.0\.2\n +port_value: 53\n/);
    expect(all).toMatch(/address: "?fd00::2"?\n +port_value: 5353\n/);
  });

  it.each([
    ['--bind', '10.0.0.5'],
    ['--gateway-address', '10.0.0.5'],
  ])('lets no rule lead back to the gateway by the address of %s', async (option, address) => {
    folder.current.write(
      'egress.yaml',
      `version: 1
workloads:
  a: { port: 10000, allow: [{ host: inner.example.org, protocol: tcp, ports: [10001], private: [10.0.0.0/24], reason: r }] }
  b: { port: 10001, allow: [{ host: api.example.com }] }
`,
    );
    const { code, stderr } = await folder.current.cli(['render', '--out', 'out', option, address]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/10001/)]);
    expect(existsSync(at('out'))).toBe(false);
    const public_ = await folder.current.cli(['render', '--out', 'out', option, '52.1.2.3']);
    expect([public_.code, public_.stderr]).toEqual([0, expect.not.stringContaining('warning')]);
    expect(read('out/clusters.yaml')).toMatch(/address_prefix: 52\.1\.2\.3\n/);
  });

  it('says where the addresses of the gateway are not known', async () => {
    folder.current.write('egress.yaml', 'version: 1\nworkloads: { a: { port: 10000 }, b: { port: 10001 } }\n');
    const { code, stderr } = await folder.current.cli(['render', '--out', 'out']);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^warning: .+ --gateway-address\.\nwrote /)]);
  });

  it('removes the routes of an earlier policy of its own', async () => {
    await folder.current.cli(['render', '--out', 'out']);
    folder.current.write('egress.yaml', POLICY.replace('port: 10000', 'port: 10001'));
    await folder.current.cli(['render', '--out', 'out']);
    expect(readdirSync(at('out/routes'))).toEqual(['web-search.10001.yaml']);
  });

  it.each([
    ['another file', 'notes.txt'],
    ["somebody else's envoy.yaml", 'envoy.yaml'],
    ["somebody else's clusters", 'clusters.yaml'],
    ["somebody else's routes", 'routes/mine.yaml'],
  ])('refuses a folder with %s, and leaves it alone', async (_, name) => {
    mkdirSync(at('out/routes'), { recursive: true });
    writeFileSync(at('out', name), 'mine');
    const { code, stdout, stderr } = await folder.current.cli(['render', '--out', 'out']);
    expect(stderr).toContain(`the folder out holds what this command did not write ("${name}")`);
    expect(stderr).toContain('--force');
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(at('out', 'routes'))).toEqual(name.startsWith('routes/') ? ['mine.yaml'] : []);
    const forced = await folder.current.cli(['render', '--out', 'out', '--force']);
    expect(forced.code).toBe(0);
    expect(existsSync(at('out', name))).toBe(true);
    if (!name.endsWith('envoy.yaml') && name !== 'clusters.yaml') expect(read('out', name)).toBe('mine');
  });

  it('says why a folder cannot be written', async () => {
    folder.current.write('file', '');
    const { code, stderr } = await folder.current.cli(['render', '--out', 'file/out']);
    expect(stderr).toBe('error: the folder file/out cannot be written: ENOTDIR.\n');
    expect(stderr).not.toMatch(STACK);
    expect(code).toBe(2);
  });

  it('writes nothing for a policy that is not valid', async () => {
    folder.current.write('egress.yaml', 'version: 1\nworkloads: { a: { port: 1 } }\n');
    const { code, stderr } = await folder.current.cli(['render', '--out', 'out']);
    expect(stderr).toMatch(/^error: egress\.yaml:2:\d+: .*port/);
    expect(code).toBe(1);
    expect(existsSync(at('out'))).toBe(false);
  });
});
