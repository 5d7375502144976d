import { PRESETS } from '../../../lib/policy';
import { STACK, useFolder } from './support/cli';

describe('presets', () => {
  const folder = useFolder();

  it('lists all with their hosts, sources and days', async () => {
    const { code, stdout, stderr } = await folder.current.cli(['presets']);
    for (const { name, kind, hosts } of PRESETS) {
      expect(stdout).toMatch(new RegExp(`^${name}  ${kind}: `, 'm'));
      for (const { host, source, date } of hosts) {
        expect(stdout).toMatch(new RegExp(`^  ${escaped(host)} +${date}  ${escaped(source)}$`, 'm'));
      }
    }
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('lists one', async () => {
    const { code, stdout } = await folder.current.cli(['presets', 'npm']);
    expect(stdout).toMatch(
      /^npm {2}package registry: .*\n {2}host +seen +source\n {2}registry\.npmjs\.org {2}\d{4}-\d{2}-\d{2} {2}https:\/\/github\.com\/npm\/cli\/\S+\n$/,
    );
    expect(code).toBe(0);
  });

  it('prints the same facts as JSON and as Markdown', async () => {
    expect(JSON.parse((await folder.current.cli(['presets', '--json'])).stdout)).toEqual(PRESETS);
    const { stdout } = await folder.current.cli(['presets', 'pypi', '--markdown']);
    expect(stdout).toMatch(/^\| preset \| host \| for \| source \|\n\| --- \| --- \| --- \| --- \|\n/);
    expect(stdout).toMatch(
      /^\| `pypi` \| `pypi\.org` \| .* \| \d{4}-\d{2}-\d{2}, <https:\/\/github\.com\/pypa\/pip\/.*> \|$/m,
    );
  });

  it('says which ones there are where the name is not known', async () => {
    const { code, stdout, stderr } = await folder.current.cli(['presets', 'np\u001bm']);
    expect(stderr).toMatch(/no preset is called "np\\u001bm"; there are anthropic, .*, tavily\./);
    expect(stderr).not.toMatch(STACK);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
