import { whatRuns } from '../../../lib/import/launched-package';

describe('whatRuns', () => {
  it.each<[string, string[], string]>([
    ['npx', ['-y', '@scope/pkg@1.2.3', '--token', 'x'], 'npm package @scope/pkg@1.2.3, run by npx'],
    ['/usr/local/bin/npx', ['--package=pkg', 'bin'], 'npm package pkg, run by npx'],
    ['C:\\Program Files\\nodejs\\npx.cmd', ['pkg'], 'npm package pkg, run by npx'],
    ['cmd', ['/c', 'npx', '-y', 'pkg'], 'npm package pkg, run by npx'],
    ['pnpm', ['dlx', 'pkg'], 'npm package pkg, run by pnpm'],
    ['npm', ['exec', '--', 'pkg'], 'npm package pkg, run by npm'],
    ['uvx', ['--from', 'pkg[cli]==1.0', 'bin'], 'Python package pkg[cli]==1.0, run by uvx'],
    ['uv', ['tool', 'run', 'pkg'], 'Python package pkg, run by uv'],
    ['pipx', ['run', 'pkg'], 'Python package pkg, run by pipx'],
    [
      'docker',
      ['run', '-it', '--rm', '-e', 'A=b', '--name=x', '-eC=d', 'mcp/time:1'],
      'image mcp/time:1, run by docker',
    ],
    [
      'podman',
      ['container', 'run', '--network', 'none', 'localhost:5000/a/b'],
      'image localhost:5000/a/b, run by podman',
    ],
  ])('%s %j is %s', (command, args, expected) => {
    expect(whatRuns(command, args)).toBe(expected);
  });

  it.each<[string, string[], string]>([
    ['npx', ['--unknown', 'its-value'], 'run by npx'],
    ['npx', ['git+https://tok@github.com/a/b'], 'run by npx'],
    ['npx', ['ghp_c2VjcmV0c2VjcmV0c2Vj'], 'run by npx'],
    ['uvx', ['--index-url', 'https://u:p@pypi.example.com', 'pkg'], 'run by uvx'],
    ['docker', ['run', '--unknown', 'its-value', 'image'], 'run by docker'],
    ['docker', ['mcp', 'gateway', 'run'], 'run by docker'],
    ['node', ['server.js', '--key', 'value'], 'run by node'],
    ['mcp --url https://h/secretpath', [], 'run by a program'],
    ['/bin/mcp /secretpath', [], 'run by a program'],
    ['\u202enpx', [], 'run by a program'],
    ['', [], 'run by a program'],
    ['cmd', ['/c'], 'run by a program'],
  ])('says no more of %s %j than %s', (command, args, expected) => {
    expect(whatRuns(command, args)).toBe(expected);
  });
});
