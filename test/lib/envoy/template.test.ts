import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { template, templateFolder } from '../../../lib/envoy/template';

const ROOT = resolve(__dirname, '../../..');
const FOLDER = join(ROOT, 'envoy-templates');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

describe('templateFolder', () => {
  let folder: string;
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'templates-')))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A folder of templates below a root, and the place of the loader below it. */
  function lay(root: string, code: string): string {
    mkdirSync(join(folder, root, 'envoy-templates'), { recursive: true });
    writeFileSync(join(folder, root, 'envoy-templates/bootstrap.yaml'), '{}');
    mkdirSync(join(folder, root, code), { recursive: true });
    return join(folder, root, code);
  }

  test('is found from the source', () => {
    expect(templateFolder()).toBe(FOLDER);
    expect(templateFolder(join(ROOT, 'lib/envoy'))).toBe(FOLDER);
  });

  test.each([
    ['dist', '.', 'dist/lib/envoy'],
    ['an installed package', 'app/node_modules/cdktf-mcp-egress', 'dist/lib/envoy'],
    ['a package of a pnpm store', 'app/node_modules/.pnpm/a@1/node_modules/cdktf-mcp-egress', 'dist/lib/envoy'],
  ])('is found from %s', (_, root, code) => {
    expect(templateFolder(lay(root, code))).toBe(join(folder, root, 'envoy-templates'));
  });

  test("is the package's own, also where the app around it has a folder of that name", () => {
    lay('.', 'src');
    const root = 'node_modules/cdktf-mcp-egress';
    expect(templateFolder(lay(root, 'dist/lib/envoy'))).toBe(join(folder, root, 'envoy-templates'));
  });

  test('is not a folder of that name without templates', () => {
    const code = lay('.', 'packages/a/dist/lib/envoy');
    mkdirSync(join(folder, 'packages/a/envoy-templates'));
    expect(templateFolder(code)).toBe(join(folder, 'envoy-templates'));
  });

  test('missing is an error that says what to do', () => {
    const code = join(folder, 'dist/lib/envoy');
    expect(() => templateFolder(code)).toThrow(
      `envoy-templates/ is missing above ${code}: the package is incomplete, install it again`,
    );
  });
});

describe('the templates', () => {
  test.each(FILES)('%s is a YAML mapping without placeholders', (file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    expect(parse(text)).toEqual(expect.any(Object));
    expect(text).not.toMatch(/\$\{|\{\{|<%|@@/);
    expect(template(file.replace('.yaml', ''))).toEqual(parse(text));
  });

  test('are each described in the README of their folder', () => {
    const described = readFileSync(join(FOLDER, 'README.md'), 'utf8').match(/`[a-z-]+\.yaml`/g) ?? [];
    expect(described.map((name) => name.slice(1, -1)).sort()).toEqual([...FILES].sort());
  });

  test('are read once', () => {
    expect(template('dns-cache')).toBe(template('dns-cache'));
  });

  test('one that is not there is an error with its path', () => {
    expect(() => template('nothing')).toThrow(join(FOLDER, 'nothing.yaml'));
  });
});
