import { importPolicy } from '../../../lib/import/import-policy';
import { importFixture, rulesOf, servers } from './support/fixtures';

describe('OpenClaw', () => {
  const imported = importFixture('openclaw.json');

  it('gives remote servers to the client, and local ones no rule', () => {
    expect(rulesOf(imported)).toEqual({
      context7: [],
      'github-tools': [],
      openclaw: ['mcp.example.org:443 tls', 'plain.example.net:8080 http'],
    });
  });

  it('says what each is, and leaves open what a person has to decide', () => {
    expect(imported.text).toContain('# from OpenClaw: Python package context7-mcp, run by uvx\n  context7:');
    expect(imported.text).toContain('# - host: github.example.com # seen in its environment\n');
    expect(imported.text).toMatch(
      /# - host: localhost # MCP server "browser"; not public: .*\n.*protocol: http\n.*\[3001\]/,
    );
    expect(imported.notes).toEqual([
      'openclaw.json: server "browser" is at localhost, which is not public: its rule is a comment',
      'openclaw.json: server "paused" is switched off and was left out',
      'openclaw.json: server "GitHub Tools" is workload github-tools',
    ]);
  });

  it('says that included files were not read', () => {
    const text = "{ $include: './base.json5', mcp: { servers: { a: { command: 'x' } } } }";
    expect(importPolicy([{ file: 'openclaw.json', text }]).notes).toEqual([
      'openclaw.json: it includes other files, which were not read',
    ]);
  });

  it('is told from the settings of VS Code', () => {
    const clientOf = (value: unknown): string[] =>
      importPolicy([{ file: 'x.json', text: JSON.stringify(value) }]).policy.workloads.map(({ name }) => name);
    const url = 'https://a.example.com';
    expect(clientOf({ mcp: { servers: { a: { url } } } })).toEqual(['openclaw']);
    expect(clientOf({ mcp: { servers: { a: { url, type: 'http' } } } })).toEqual(['vscode']);
    expect(clientOf({ mcp: { inputs: [], servers: { a: { url } } } })).toEqual(['vscode']);
    expect(clientOf({ 'a.b': 1, mcp: { servers: { a: { url } } } })).toEqual(['vscode']);
    expect(clientOf({ 'a.b': 1, mcp: { servers: { a: { url, transport: 'sse' } } } })).toEqual(['openclaw']);
    expect(clientOf({ 'mcp.servers': { a: { url } } })).toEqual(['vscode']);
  });
});

describe('Claude Desktop and Cursor', () => {
  it('names what runs: packages, images, programs', () => {
    const { text } = importFixture('claude_desktop_config.json');
    const about = [...text.matchAll(/^ {2}# from Claude Desktop: (.*)$/gm)].map(([, what]) => what);
    expect(about).toEqual([
      'npm package @modelcontextprotocol/server-filesystem@2025.8.21, run by npx',
      'image ghcr.io/github/github-mcp-server:1.4, run by docker',
      'npm package mcp-remote, run by npx',
      'Python package postgres-mcp==0.3.0, run by uvx',
      'run by notes-mcp',
    ]);
  });

  it('makes no rule of a host that merely stands in an argument or a variable', () => {
    const imported = importFixture('claude_desktop_config.json');
    expect(Object.values(rulesOf(imported)).flat()).toEqual([]);
    expect(imported.text).toContain('# - host: mcp.linear.example # seen in its arguments');
    expect(imported.text).toContain('# - host: o42.ingest.sentry.example # seen in its environment');
  });

  it('names the client after the usual place of the file', () => {
    const list = { a: { url: 'https://a.example.com' } };
    const clientOf = (file: string): string[] => Object.keys(rulesOf(importPolicy([servers(list, file)])));
    expect(clientOf('C:\\Users\\me\\claude_desktop_config.json')).toEqual(['claude-desktop']);
    expect(clientOf('/home/me/.cursor/mcp.json')).toEqual(['cursor']);
    expect(clientOf('.mcp.json')).toEqual(['agent']);
  });

  it('reads the other spellings of a URL, and its port', () => {
    expect(rulesOf(importFixture('cursor.json')).agent).toEqual([
      'mcp.search.example:443 tls',
      'mcp.other.example:8443 tls',
    ]);
  });

  it('says that lists of projects were not read', () => {
    const projects = { '/home/me/app': { mcpServers: { b: { command: 'x' } } }, '/home/me/other': { mcpServers: {} } };
    const text = JSON.stringify({ mcpServers: { a: { command: 'x' } }, projects });
    expect(importPolicy([{ file: '.claude.json', text }]).notes).toEqual([
      '.claude.json: the servers of its `projects` were not read; write each list to a file of its own',
    ]);
  });

  it('leaves out what is no server, and says so', () => {
    const { policy, notes } = importPolicy([servers({ a: 1, b: {}, c: { disabled: true, command: 'x' } })]);
    expect(policy.workloads).toEqual([]);
    expect(notes).toEqual([
      'claude_desktop_config.json: server "a" is no mapping of keys to values and was left out',
      'claude_desktop_config.json: server "b" has neither a command nor a URL and was left out',
      'claude_desktop_config.json: server "c" is switched off and was left out',
    ]);
  });
});

describe('VS Code', () => {
  it('takes over the allowlists of its sandbox', () => {
    const imported = importFixture('vscode-mcp.json');
    expect(rulesOf(imported)).toEqual({
      perplexity: [],
      uitesting: ['*.playwright.example:443 tls'],
      vscode: ['api.githubcopilot.example:443 tls'],
      weather: ['api.weather.example:443 tls'],
    });
    expect(imported.notes.join('\n')).toContain('server "uiTesting": its `deniedDomains` were left out');
    expect(imported.notes.join('\n')).toContain('"com" of its allowlist was left out');
  });

  it('says which URL names no host', () => {
    const notes = importFixture('vscode-mcp.json').notes.join('\n');
    expect(notes).toContain('server "socket" got no rule: its URL is none of http, https, ws and wss');
    expect(notes).toContain('server "tenant" got no rule: its URL has a variable in the place of the host');
  });

  it('reads its settings', () => {
    expect(rulesOf(importFixture('vscode-settings.json'))).toEqual({ vscode: ['search.example.com:443 tls'] });
  });
});

describe('ToolHive', () => {
  it('makes rules of allow_host and allow_port; a leading dot is the name and everything below', () => {
    const imported = importFixture('toolhive-profile.json');
    expect(rulesOf(imported).github?.sort()).toEqual([
      '*.githubusercontent.example:443 tls',
      '*.githubusercontent.example:80 http',
      'api.github.example:443 tls',
      'api.github.example:80 http',
      'githubusercontent.example:443 tls',
      'githubusercontent.example:80 http',
    ]);
    expect(imported.text).toContain('# - host: host.docker.internal # not public: set `private` to its network');
    expect(imported.text).toContain('private: [10.1.2.3/32]');
    expect(imported.notes).toEqual([
      'toolhive-profile.json: server "github": "bad host" of its allowlist was left out: its host is none that a rule can name (host_space)',
    ]);
  });

  it('makes no rule of insecure_allow_all, and says what to do', () => {
    const imported = importFixture('toolhive-open.json');
    expect(rulesOf(imported)).toEqual({ 'toolhive-open': [] });
    expect(imported.notes).toEqual([
      expect.stringMatching(/names every host by `insecure_allow_all`.*`mode: observe`/),
    ]);
  });

  it('makes no rule of ports without hosts, and writes 443 for hosts without ports', () => {
    const registry = importFixture('toolhive-registry.json');
    expect(rulesOf(registry)).toEqual({
      anything: [],
      osv: ['api.osv.example:443 tls'],
      sqlite: [],
      toolhive: ['mcp.atlassian.example:443 tls'],
    });
    expect(registry.notes.join()).toContain('server "anything" got no rule: its profile names ports and no host');
    const config = importFixture('toolhive-run-config.json');
    expect(rulesOf(config)).toEqual({ fetch: ['fetch.example.com:443 tls'] });
    expect(config.text).toContain('# from ToolHive: image ghcr.io/stackloklabs/gofetch/server:1.0.1\n');
    expect(config.notes.join()).toContain('its profile names no port, so every port; the rules say 443');
  });

  it('reads the upstream form of a registry', () => {
    const imported = importFixture('toolhive-upstream-registry.json');
    expect(rulesOf(imported)).toEqual({
      toolhive: ['hosted.example.com:443 tls'],
      weather: ['api.weather.example:8443 tls'],
    });
    expect(imported.notes.join()).toContain('port 8443 was taken for TLS');
  });
});

describe('Docker MCP catalog', () => {
  it('makes rules of allowHosts, and gives remote servers to the gateway', () => {
    const imported = importFixture('docker-catalog.yaml');
    expect(rulesOf(imported)).toEqual({
      brave: ['api.search.brave.example:443 tls', 'plain.brave.example:80 http'],
      'docker-mcp-gateway': ['mcp.notion.example:443 tls'],
      memory: [],
    });
    expect(imported.text).toContain('image mcp/brave-search\n');
  });
});
