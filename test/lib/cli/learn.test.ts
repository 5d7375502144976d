import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTILE, line } from '../logs/hostile';
import { ESCAPES, POLICY, STACK, useFolder } from './support/cli';

const LOG = [
  line({}),
  line({ authority: 'new.example.com:443', time: '2026-11-21T12:00:00.000Z' }),
  line({ authority: 'pastebin.com:443' }),
].join('\n');

describe('learn', () => {
  const folder = useFolder();
  beforeEach(() => {
    folder.current.write('egress.yaml', POLICY);
    folder.current.write('egress.log', LOG);
  });
  const learn = (...args: string[]) => folder.current.cli(['learn', ...args]);
  const policy = (): string => readFileSync(join(folder.current.path, 'egress.yaml'), 'utf8');

  it('prints the new policy, and beside it what is proposed and what is left to a person', async () => {
    const { code, stdout, stderr } = await learn('egress.log');
    expect(code).toBe(0);
    expect(stdout).toBe(`${POLICY}      # learned: 1 request, 2026-11-21\n      - host: new.example.com\n`);
    expect(stderr).toMatch(/^web-search +new\.example\.com +443 +tls +1$/m);
    expect(stderr).toMatch(/^web-search +pastebin\.com:443 +1 +it stores text/m);
    expect(stderr).toContain('1 host in 1 rule proposed; --write adds them');
    expect(policy()).toBe(POLICY);
  });

  it('writes it into the file when asked, and says what to look at', async () => {
    const before = statSync(join(folder.current.path, 'egress.yaml')).mode;
    const { code, stdout, stderr } = await learn('egress.log', '--write');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('1 host in 1 rule added. Give each an owner and a reason.');
    expect(policy()).toContain('- host: new.example.com');
    expect(statSync(join(folder.current.path, 'egress.yaml')).mode).toBe(before);
    expect((await folder.current.cli(['check'])).code).toBe(0);
    expect((await learn('egress.log', '--write')).stdout).toContain('nothing to add');
  });

  it('proposes more where it is told to', async () => {
    expect((await learn('egress.log', '--include', 'uploads')).stdout).toContain('pastebin.com');
    const { code, stderr } = await learn('egress.log', '--include', 'everything');
    expect([code, stderr]).toEqual([2, expect.stringContaining('shared-hosting, uploads')]);
  });

  it('takes one workload, or what came after a moment', async () => {
    expect((await learn('egress.log', '--since', '2026-11-22')).stderr).toContain('nothing to add');
    expect((await learn('egress.log', '--workload', 'other')).stderr).toContain('nothing to add');
  });

  it('begins a policy where there is none', async () => {
    rmSync(join(folder.current.path, 'egress.yaml'));
    expect((await learn('egress.log')).stdout).toMatch(/^version: 1\nworkloads:\n {2}web-search:\n {4}port: 10000\n/);
    const { code, stderr } = await learn('egress.log', '--policy', 'missing.yaml');
    expect([code, stderr]).toEqual([2, expect.stringContaining('missing.yaml')]);
  });

  it('prints JSON and Markdown', async () => {
    const { stdout } = await learn('egress.log', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      file: 'egress.yaml',
      written: false,
      rules: [{ workload: 'web-search', hosts: [{ host: 'new.example.com', count: 1 }] }],
      leftOut: [{ destination: 'pastebin.com:443' }],
      policy: expect.stringContaining('- host: new.example.com'),
    });
    expect((await learn('egress.log', '--format', 'markdown')).stdout).toContain(
      '| `web-search` | `new.example.com` |',
    );
  });

  it.each(['text', 'json', 'markdown'])('lets no name of a client act on what reads it: %s', async (format) => {
    folder.current.write(
      'egress.log',
      HOSTILE.flatMap((text) => [line({ authority: text }), line({ workload: text })]).join('\n'),
    );
    const { code, stdout, stderr } = await learn('egress.log', '--format', format);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(ESCAPES);
    if (format === 'text') expect(stdout).toBe(POLICY);
  });

  it('says of a policy that does not check what is wrong with it', async () => {
    folder.current.write('egress.yaml', 'version: 2\n');
    const { code, stdout, stderr } = await learn('egress.log');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('egress.yaml:1:10');
    expect(stderr).not.toMatch(STACK);
  });
});
