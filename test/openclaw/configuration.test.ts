import { readFileSync } from 'node:fs';
import JSON5 from 'json5';
import { fixturePath } from '../lib/import/support/fixtures';
import { useFolder } from '../lib/cli/support/cli';
import { describeWithOpenClaw, useOpenClaw } from './support/openclaw';

const CONFIG = '.openclaw/openclaw.json';
const FIXTURE = fixturePath('openclaw.json');

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
}

describeWithOpenClaw("OpenClaw's configuration, as the tests and the documentation have it", () => {
  const openclaw = useOpenClaw();
  const folder = useFolder();
  jest.setTimeout(300_000);

  it('has the keys that we name', async () => {
    const { code, stdout } = await openclaw.run(['config', 'schema']);
    expect(code).toBe(0);
    const { properties } = JSON.parse(stdout) as Schema;
    const parts = ['agents', 'channels', 'gateway', 'models', 'tools', 'session', 'meta', 'plugins', 'skills', 'hooks'];
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(['mcp', 'proxy', ...parts]));
    expect(Object.keys(properties.mcp?.properties ?? {})).toContain('servers');
    expect(Object.keys(properties.proxy?.properties ?? {})).toContain('proxyUrl');
  });

  it('a file like the one that `init --from` is tested with is valid, and holds the same servers', async () => {
    const text = readFileSync(FIXTURE, 'utf8');
    openclaw.write(CONFIG, text);
    const valid = await openclaw.run(['config', 'validate', '--json']);
    expect(JSON.parse(valid.stdout)).toMatchObject({ valid: true, warnings: [] });
    const listed = await openclaw.run(['mcp', 'list', '--json']);
    const { mcp } = JSON5.parse<{ mcp: { servers: Record<string, unknown> } }>(text);
    expect(JSON.parse(listed.stdout)).toEqual(mcp.servers);
  });

  it('a key that it does not have is told', async () => {
    openclaw.write(CONFIG, '{ "mcp": { "server": {} } }');
    const { code, stdout } = await openclaw.run(['config', 'validate', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false });
    expect(code).toBe(1);
  });

  it('what OpenClaw itself writes is read by `init --from`', async () => {
    openclaw.write(CONFIG, '{}');
    const docs = { url: 'https://mcp.example.org/docs', transport: 'streamable-http' };
    const local = { command: 'uvx', args: ['context7-mcp'] };
    for (const [name, server] of Object.entries({ docs, context7: local })) {
      expect((await openclaw.run(['mcp', 'set', name, JSON.stringify(server)])).code).toBe(0);
    }
    const from = `${openclaw.home}/${CONFIG}`;
    const { code, stdout, stderr } = await folder.current.cli(['init', '--from', from, '--policy', '-']);
    expect(stderr).toContain('OpenClaw, 2 servers');
    expect(stdout).toMatch(/^ {2}openclaw:\n(?: {4}.*\n)* {6}- host: mcp\.example\.org$/m);
    expect(stdout).toMatch(/^ {2}context7:$/m);
    expect(code).toBe(0);
  });
});
