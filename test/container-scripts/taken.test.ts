import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AWKS } from './support/awk';

const PROGRAM = join(__dirname, '../../container-scripts/taken.awk');
const CLUSTERS = 'cluster_manager.cds';
const LISTENERS = 'listener_manager.lds';
const ROUTES = 'http.edge.web.10000.rds.web.10000';

const stats = (subscription: string, version: string, rejected = 0, failed = 0): string[] => [
  `${subscription}.version_text: "${version}"`,
  `${subscription}.update_rejected: ${rejected}`,
  `${subscription}.update_failure: ${failed}`,
];

describe.each(AWKS)('whether Envoy has taken a step, by %s', (_name, file = '', ...args) => {
  const folder = mkdtempSync(join(tmpdir(), 'taken-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function answer(files: Readonly<Record<string, string>>, before: string[], now: string[], warm = 0): string {
    const inputs = { files: Object.entries(files).map((each) => each.join('\t')), before, now };
    const operands = Object.entries(inputs).flatMap(([role, lines]) => {
      const path = join(folder, role);
      writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
      return [`role=${role}`, path];
    });
    const { stdout, stderr } = spawnSync(file, [...args, '-v', `warm=${warm}`, '-f', PROGRAM, ...operands], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout;
  }

  const both = { 'clusters.yaml': 'c2', 'routes/web.10000.yaml': 'r2' };
  const before = [...stats(CLUSTERS, 'c1'), ...stats(ROUTES, 'r1'), ...stats(LISTENERS, 'l1')];

  it('is yes once every file has the version that was written', () => {
    expect(answer(both, before, [...stats(CLUSTERS, 'c2'), ...stats(ROUTES, 'r1')])).toBe('waiting');
    expect(answer(both, before, [...stats(CLUSTERS, 'c2'), ...stats(ROUTES, 'r2')])).toBe('taken');
  });

  it('is no once a file was refused since, or could not be read', () => {
    const now = [...stats(CLUSTERS, 'c2'), ...stats(ROUTES, 'r1', 1)];
    expect(answer(both, before, now)).toBe('refused routes/web.10000.yaml');
    expect(answer({ 'listeners.yaml': 'l2' }, before, stats(LISTENERS, 'l1', 0, 1))).toBe('refused listeners.yaml');
  });

  it('does not mind what was refused before', () => {
    const old = stats(LISTENERS, 'l1', 3, 1);
    expect(answer({ 'listeners.yaml': 'l2' }, old, old)).toBe('waiting');
    expect(answer({ 'listeners.yaml': 'l2' }, old, stats(LISTENERS, 'l2', 3, 1))).toBe('taken');
  });

  it('does not wait for routes that no listener reads yet', () => {
    expect(answer({ 'routes/new.10001.yaml': 'x' }, before, before)).toBe('taken');
  });

  it('tells workloads apart whose names end alike', () => {
    const other = 'http.edge.a-web.10000.rds.a-web.10000';
    const files = { 'routes/web.10000.yaml': 'r2' };
    expect(answer(files, [...before, ...stats(other, 'x')], [...stats(ROUTES, 'r1'), ...stats(other, 'r2')])).toBe(
      'waiting',
    );
  });

  it.each(['listener_manager.total_listeners_warming', 'cluster_manager.warming_clusters'])('waits for %s', (name) => {
    const now = [...stats(CLUSTERS, 'c2'), `${name}: 1`];
    expect(answer({ 'clusters.yaml': 'c2' }, before, now)).toBe('waiting');
    expect(answer({ 'clusters.yaml': 'c2' }, before, now, 1)).toBe('taken');
  });
});
