import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { POLICY, useFolder } from './support/cli';

describe('render --target compose', () => {
  const folder = useFolder();
  const at = (...parts: string[]): string => join(folder.current.path, ...parts);
  const render = (...options: string[]) =>
    folder.current.cli(['render', '--target', 'compose', '--out', 'out', ...options]);
  beforeEach(() => folder.current.write('egress.yaml', POLICY));

  it('writes the project, whose files go to standard output, and warns of images without a digest', async () => {
    folder.current.write('servers.yaml', 'servers:\n  web-search: { image: "search:1", port: 8080 }\n');
    const { code, stdout, stderr } = await render('--servers', 'servers.yaml', '--name-prefix', 'mine');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^out\/files\/delivery\/[0-9a-f]{64}\nout\/files\/delivery\/current\nout\/compose\.yaml\n$/);
    expect(stderr).toContain('warning: server web-search: image: "search:1" has no digest');
    expect(stderr).toMatch(/wrote 3 files of the policy [0-9a-f]{12} \(enforce, 1 workload, 3 rules\)\n$/);
    const { services } = parse(readFileSync(at('out/compose.yaml'), 'utf8'));
    expect(Object.keys(services)).toEqual(['mine.loader', 'mine.gateway', 'mine-web-search', 'mine-web-search.port']);
  });

  it('writes over itself, removes the bundle of an earlier policy, and leaves an override alone', async () => {
    await render();
    writeFileSync(at('out/compose.override.yaml'), 'services: {}\n');
    folder.current.write('egress.yaml', POLICY.replace('port: 10000', 'port: 10001'));
    const { code } = await render();
    expect(code).toBe(0);
    expect(readdirSync(at('out')).sort()).toEqual(['compose.override.yaml', 'compose.yaml', 'files']);
    const current = readFileSync(at('out/files/delivery/current'), 'utf8').trim();
    expect(readdirSync(at('out/files/delivery')).sort()).toEqual([current, 'current']);
  });

  it("refuses a folder with somebody else's compose file", async () => {
    await render();
    writeFileSync(at('out/compose.yaml'), 'services: {}\n');
    const { code, stderr } = await render();
    expect(code).toBe(2);
    expect(stderr).toContain('holds what this command did not write ("compose.yaml", "files")');
  });

  it('tells everything that is wrong, with exit code 1', async () => {
    folder.current.write('servers.yaml', 'servers:\n  other: { image: "a b" }\n');
    const { code, stderr } = await render('--servers', 'servers.yaml', '--subnet-pool', '8.8.0.0/16');
    expect(code).toBe(1);
    expect(stderr).toMatch(/subnetPool: "8\.8\.0\.0\/16" is not wholly private/);
    expect(stderr).toMatch(/server other: image: "a b" is not an image/);
    expect(stderr).toMatch(/server other: "other" is no workload of the policy/);
  });

  it.each([
    [
      'servers:\n  web-search: { image: a, ports: 1 }\n',
      /servers\.yaml: servers\.web-search: Unrecognized key: "ports"/,
    ],
    ['servers: [', /servers\.yaml: /],
    ['{}', /servers\.yaml: servers: /],
  ])('refuses the servers %j', async (text, message) => {
    folder.current.write('servers.yaml', text);
    const { code, stderr } = await render('--servers', 'servers.yaml');
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it.each([
    [['--target', 'compose', '--bind', '127.0.0.1'], '--bind cannot be used with --target compose'],
    [['--image', 'x', '--servers', 'y'], '--servers, --image cannot be used with --target envoy'],
  ])('refuses options of the other target, %j', async (options, message) => {
    const { code, stderr } = await folder.current.cli(['render', '--out', 'out', ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
