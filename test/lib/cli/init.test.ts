import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACK, useFolder } from './support/cli';

describe('init', () => {
  const folder = useFolder();
  const read = (name: string): string => readFileSync(join(folder.current.path, name), 'utf8');

  it('writes egress.yaml, which passes check --strict', async () => {
    const { code, stdout, stderr } = await folder.current.cli(['init']);
    expect(stdout).toBe('wrote egress.yaml\n');
    expect(stderr).toContain('`mcp-egress check`');
    expect(code).toBe(0);
    const checked = await folder.current.cli(['check', '--strict', '--at', 'today']);
    expect(checked.stdout).toContain('egress.yaml: valid, enforce, 1 workload, 1 rule');
    expect(checked.code).toBe(0);
  });

  it('gives examples that are valid once they are not comments any more', async () => {
    await folder.current.cli(['init']);
    const all = read('egress.yaml').replace(/^( {6})# ((- | {2})[a-zA-Z]+:)/gm, '$1$2');
    folder.current.write('all.yaml', all.replace(/^( +)# (expires:)/gm, '$1$2'));
    const { stdout, code } = await folder.current.cli(['check', '--policy', 'all.yaml']);
    expect(stdout).toContain('6 rules');
    expect(code).toBe(0);
  });

  it('leaves an existing file alone, and replaces it with --force', async () => {
    folder.current.write('egress.yaml', 'mine');
    const { code, stderr } = await folder.current.cli(['init']);
    expect(stderr).toBe('error: egress.yaml exists and was left alone; --force replaces it.\n');
    expect(code).toBe(2);
    expect(read('egress.yaml')).toBe('mine');
    const forced = await folder.current.cli(['init', '--force']);
    expect(forced.stdout).toBe('replaced egress.yaml\n');
    expect(read('egress.yaml')).toContain('version: 1');
  });

  it('writes elsewhere with --policy, making folders', async () => {
    const { code, stderr } = await folder.current.cli(['init', '--policy', 'policies/search.yaml']);
    expect(stderr).toContain('`mcp-egress check --policy policies/search.yaml`');
    expect(code).toBe(0);
    expect(read('policies/search.yaml')).toContain('workloads:');
  });

  it('prints with --policy -, and writes nothing', async () => {
    const { code, stdout } = await folder.current.cli(['init', '--policy', '-']);
    expect(stdout).toMatch(/^# yaml-language-server: .*\n[\s\S]*version: 1\n/);
    expect(existsSync(join(folder.current.path, '-'))).toBe(false);
    expect(code).toBe(0);
  });

  it('says why a file cannot be written', async () => {
    folder.current.write('file', '');
    const { code, stderr } = await folder.current.cli(['init', '--policy', 'file/egress.yaml']);
    expect(stderr).toMatch(/^error: file\/egress.yaml cannot be written: (ENOTDIR|EEXIST)\.\n$/);
    expect(stderr).not.toMatch(STACK);
    expect(code).toBe(2);
  });
});
