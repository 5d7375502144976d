import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturePath } from '../import/support/fixtures';
import { ESCAPES, STACK, useFolder } from './support/cli';

describe('init --from', () => {
  const folder = useFolder();
  const read = (name: string): string => readFileSync(join(folder.current.path, name), 'utf8');
  const list = (servers: unknown): string => folder.current.write('list.json', JSON.stringify({ mcpServers: servers }));

  it('writes a policy that passes check, and says on standard error what it left open', async () => {
    const { code, stdout, stderr } = await folder.current.cli(['init', '--from', fixturePath('openclaw.json')]);
    expect(stdout).toBe('wrote egress.yaml\n');
    expect(stderr).toContain('openclaw.json: OpenClaw, 6 servers\n');
    expect(stderr).toMatch(/^note: .*server "GitHub Tools" is workload github-tools$/m);
    expect(code).toBe(0);
    const checked = await folder.current.cli(['check']);
    expect(checked.stdout).toMatch(/^egress\.yaml: valid with \d warnings, enforce, 3 workloads, 2 rules$/m);
    expect(checked.code).toBe(0);
  });

  it('merges several lists, and prints with --policy -', async () => {
    const from = ['cursor.json', 'docker-catalog.yaml'].flatMap((name) => ['--from', fixturePath(name)]);
    const { code, stdout } = await folder.current.cli(['init', ...from, '--policy', '-']);
    expect(stdout).toMatch(/^# yaml-language-server: .*[^]*\n {2}local:\n[^]*\n {2}brave:\n/);
    expect(code).toBe(0);
  });

  it('leaves an existing policy alone without --force, and reads nothing then', async () => {
    folder.current.write('egress.yaml', 'mine');
    const { code, stderr } = await folder.current.cli(['init', '--from', 'missing.json']);
    expect(stderr).toBe('error: egress.yaml exists and was left alone; --force replaces it.\n');
    expect(code).toBe(2);
  });

  it('keeps the ports of workloads that were there, and says which are gone', async () => {
    list({ a: { command: 'x' }, b: { command: 'x' } });
    await folder.current.cli(['init', '--from', 'list.json']);
    list({ c: { command: 'x' }, b: { command: 'x' } });
    const { stderr } = await folder.current.cli(['init', '--from', 'list.json', '--force']);
    expect(stderr).toContain('note: workload a of the old file is in no list, and is gone\n');
    expect(read('egress.yaml')).toMatch(/ {2}c:\n {4}port: 10002\n[^]* {2}b:\n {4}port: 10001\n/);
  });

  it('says that an old file which does not check keeps no port', async () => {
    folder.current.write('egress.yaml', 'mine');
    list({ a: { command: 'x' } });
    const { code, stderr } = await folder.current.cli(['init', '--from', 'list.json', '--force']);
    expect(stderr).toContain('note: the old egress.yaml does not check, so no port of it is kept\n');
    expect(code).toBe(0);
  });

  it('reports all files that cannot be used at once, and writes nothing', async () => {
    folder.current.write('bad.json', '{"mcpServers": {,}}');
    folder.current.write('other.json', '{"name": "x"}');
    writeFileSync(join(folder.current.path, 'latin1.json'), Buffer.from([0x7b, 0xe9, 0x7d]));
    const unread = await folder.current.cli(['init', '--from', 'none.json', '--from', '.', '--from', 'latin1.json']);
    expect(unread.stderr).toMatch(/none\.json: .*no such file.*\n\.: .*a folder.*\nlatin1\.json: .*not UTF-8/);
    expect(unread.code).toBe(2);
    const { code, stderr } = await folder.current.cli(['init', '--from', 'bad.json', '--from', 'other.json']);
    expect(stderr).toMatch(/^error: bad\.json:1:17: not valid JSON5: .*\nother\.json: no known list of MCP servers/);
    expect(stderr).not.toMatch(STACK);
    expect(code).toBe(2);
    expect(() => read('egress.yaml')).toThrow('ENOENT');
  });

  it('does nothing to a terminal, whatever a list holds', async () => {
    list({ '\u001b[2J\u202e': { url: 'https://\u001b]0;x.example.com' }, 'a\nb': { command: '\u001b[31m' } });
    const { stdout, stderr } = await folder.current.cli(['init', '--from', 'list.json', '--policy', '-']);
    expect(stderr).toContain('\\u{1b}[2J');
    expect(stdout + stderr).not.toMatch(ESCAPES);
  });
});
