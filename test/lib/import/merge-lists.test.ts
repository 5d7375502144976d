import { importPolicy } from '../../../lib/import/import-policy';
import { fixture, rulesOf, servers } from './support/fixtures';

describe('mergeLists', () => {
  it('adds the allowlist of one file to the server of the same name in another', () => {
    const imported = importPolicy([fixture('claude_desktop_config.json'), fixture('toolhive-profile.json')]);
    expect(rulesOf(imported).github).toContain('api.github.example:443 tls');
    expect(imported.text).toContain(
      '  # from Claude Desktop: image ghcr.io/github/github-mcp-server:1.4, run by docker\n  # from ToolHive\n  github:\n',
    );
  });

  it('takes the same server of two clients for one, and different ones of one name for two', () => {
    const one = servers({ search: { command: 'npx', args: ['search-mcp'] } }, 'a.json');
    const same = servers({ search: { command: 'npx', args: ['-y', 'search-mcp'] } }, 'b.json');
    const other = servers({ search: { command: 'uvx', args: ['search-mcp'] } }, 'c.json');
    const imported = importPolicy([one, same, other]);
    expect(Object.keys(rulesOf(imported))).toEqual(['search', 'search-2']);
    expect(imported.notes).toEqual(['c.json: server "search" is workload search-2']);
  });

  it('never makes one of two servers of one file', () => {
    const imported = importPolicy([servers({ GitHub: { command: 'x' }, github: { command: 'x' } })]);
    expect(Object.keys(rulesOf(imported))).toEqual(['github', 'github-2']);
  });

  it('keeps the name of the client for the client', () => {
    const list = { 'claude-desktop': { command: 'x' }, far: { url: 'https://far.example.com' } };
    const imported = importPolicy([servers(list)]);
    expect(rulesOf(imported)).toEqual({ 'claude-desktop': ['far.example.com:443 tls'], 'claude-desktop-2': [] });
  });

  it('joins remote servers at one host, and names both', () => {
    const { text } = importPolicy([
      servers({ a: { url: 'https://x.example.com/a' }, b: { url: 'https://x.example.com/b' } }),
    ]);
    expect(text).toContain('- host: x.example.com\n        reason: MCP server "a", MCP server "b"\n');
  });

  it('writes the first of two protocols of one host and port, and says so', () => {
    const imported = importPolicy([
      servers({ a: { url: 'https://x.example.com:8080' }, b: { url: 'http://x.example.com:8080' } }),
    ]);
    expect(rulesOf(imported)).toEqual({ 'claude-desktop': ['x.example.com:8080 tls'] });
    expect(imported.notes).toEqual([
      'workload claude-desktop: x.example.com:8080 is wanted as http and as tls; the first one was written',
    ]);
  });

  it('shortens a reason that a policy would not take', () => {
    const many = Array.from({ length: 30 }, (_, index) => [`server-${index}`, { url: 'https://x.example.com' }]);
    const { policy } = importPolicy([servers(Object.fromEntries(many))]);
    expect(policy.workloads[0]?.rules[0]?.reason).toBe('MCP server "server-0" and 29 more');
  });

  it('suggests nothing that a rule allows already', () => {
    const profile = { name: 'a', network: { outbound: { allow_host: ['.example.com'], allow_port: [443] } } };
    const args = ['--url', 'https://api.example.com', 'https://other.example.org'];
    const imported = importPolicy([
      servers({ a: { command: 'x', args } }),
      { file: 'a.json', text: JSON.stringify(profile) },
    ]);
    expect(imported.text).not.toContain('# - host: api.example.com');
    expect(imported.text).toContain('# - host: other.example.org');
  });
});
