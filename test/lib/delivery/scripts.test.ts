import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { containerScript, type ContainerScript } from '../../../lib/delivery';
import { scriptFolder } from '../../../lib/delivery/scripts';

const NAMES: readonly ContainerScript[] = ['sync-config', 'run-envoy', 'envoy-healthy'];
const FOLDER = join(__dirname, '../../../container-scripts');

describe('containerScript', () => {
  it('finds its folder from the source', () => expect(scriptFolder()).toBe(FOLDER));

  it('says what is missing where there is none', () => {
    expect(() => scriptFolder('/')).toThrow('container-scripts/ is missing above /: the package is incomplete');
  });

  it.each(NAMES)('gives %s without comments, as one text that the shell can read', (name) => {
    const text = containerScript(name);
    expect(text.split('\n').filter((line) => /^\s*(#|$)/.test(line))).toEqual([]);
    const { status, stderr } = spawnSync(name === 'envoy-healthy' ? 'bash' : 'sh', ['-n'], {
      input: text,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('puts the awk programs into the script, which then needs no file', () => {
    const text = containerScript('sync-config');
    expect(text).not.toContain('.awk"');
    expect(text).toMatch(/^publication='BEGIN/m);
    expect(text).toMatch(/^taken='BEGIN/m);
  });

  it('fits into a task definition of 64 KiB together with the rest', () => {
    const size = NAMES.reduce((sum, name) => sum + JSON.stringify(containerScript(name)).length, 0);
    expect(size).toBeLessThan(32 * 1024);
  });
});

describe('the scripts', () => {
  const programs = readdirSync(FOLDER).filter((file) => file.endsWith('.awk'));

  it.each(programs)('%s has no quote that would end the one around it', (file) => {
    const code = readFileSync(join(FOLDER, file), 'utf8').replace(/^\s*#.*$/gm, '');
    expect(code).not.toContain("'");
  });

  it.each(readdirSync(FOLDER).filter((file) => file.endsWith('.sh')))(
    '%s has neither eval nor tabs nor a path of a machine',
    (file) => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      expect(text).not.toMatch(/\beval\b/);
      expect(text).not.toContain('\t');
    },
  );
});
