import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minVersion, satisfies } from 'semver';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly engines?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const ROOT = join(__dirname, '..');
const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));

describe('package-lock.json', () => {
  const packages = Object.entries(read('package-lock.json').packages as Record<string, LockEntry>);
  const manifest = read('package.json');

  it('names no download address, so that it works with any registry', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('installs on the oldest Node that package.json promises', () => {
    const oldest = minVersion(manifest.engines.node as string)?.version ?? '';
    expect(oldest).toBe('20.9.0');
    const refusing = packages.filter(([, { engines, optional }]) => {
      return engines?.node !== undefined && !optional && !satisfies(oldest, engines.node);
    });
    expect(refusing.map(([path, { engines }]) => `${path} needs Node ${engines?.node}`)).toEqual([]);
  });

  it('holds the optional packages of every platform, without which `npm ci` refuses it', () => {
    const names = new Set(packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13)));
    const missing = packages.flatMap(([, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !names.has(name)),
    );
    expect(missing).toEqual([]);
  });

  it('pins what package.json asks for exactly', () => {
    const asked = { ...manifest.dependencies, ...manifest.devDependencies } as Record<string, string>;
    const loose = Object.entries(asked).filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(range));
    expect(loose).toEqual([]);
  });
});
