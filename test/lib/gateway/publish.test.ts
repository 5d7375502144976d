import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledConfig } from '../../../lib/envoy/resources';
import { PublishError } from '../../../lib/gateway/errors';
import { publish, type PublishOptions } from '../../../lib/gateway/publish';
import { render as renderFiles } from '../../../lib/envoy/render';
import { cluster, config, edge, guard, routes } from './support/configs';
import { FakeAdmin } from './support/fake-admin';
import { failure, temporaryFolder } from './support/fakes';

const root = temporaryFolder();

const old = config({
  clusters: [cluster('c1')],
  listeners: [edge('web', 10000), guard('guard.web', ['r1'])],
  routes: [routes('web.10000', ['one.test'])],
});
const next = config({
  clusters: [cluster('c1'), cluster('c2')],
  listeners: [edge('web', 10000), edge('more', 10001), guard('guard.web', ['r2'])],
  routes: [routes('web.10000', ['two.test']), routes('more.10001', ['more.test'])],
});

let directory: string;
let admin: FakeAdmin;

function write(files: CompiledConfig): void {
  mkdirSync(join(directory, 'routes'), { recursive: true });
  renderFiles(files).forEach((text, path) => writeFileSync(join(directory, path), text));
}

function read(path: string): string {
  return readFileSync(join(directory, path), 'utf8');
}

function options(more: Partial<PublishOptions> = {}): PublishOptions {
  return { old, next, directory, admin: admin.socket, timeoutMs: 300, ...more };
}

beforeEach(async () => {
  directory = mkdtempSync(join(root, 'run-'));
  admin = new FakeAdmin(directory);
  write(old);
  await admin.listen();
});

afterEach(() => admin.close());

describe('publish', () => {
  it('writes step by step, each after Envoy has taken the one before', async () => {
    const steps: string[] = [];
    await publish(options({ onStep: ({ name }) => steps.push(name) }));
    expect(steps).toEqual([
      'clusters of both',
      'routes of new and of removed listeners',
      'listeners of both',
      'changed routes',
      'new listeners only',
    ]);
    expect(admin.taken).toEqual([
      'clusters.yaml',
      'routes/more.10001.yaml',
      'listeners.yaml',
      'routes/web.10000.yaml',
      'listeners.yaml',
    ]);
    expect(read('listeners.yaml')).toBe(renderFiles(next).get('listeners.yaml'));
    expect(read('routes/web.10000.yaml')).toBe(renderFiles(next).get('routes/web.10000.yaml'));
  });

  it('leaves nothing but whole files behind', async () => {
    await publish(options());
    expect(readdirSync(directory).sort()).toEqual([
      'admin.sock',
      'clusters.yaml',
      'envoy.yaml',
      'listeners.yaml',
      'routes',
    ]);
    expect(readdirSync(join(directory, 'routes')).sort()).toEqual(['more.10001.yaml', 'web.10000.yaml']);
  });

  it('touches no file whose bytes do not change', async () => {
    await publish(options({ next: old }));
    expect(admin.taken).toEqual([]);
  });

  it('removes at the next publication what a removed workload left', async () => {
    await publish(options());
    await publish(options({ old: next, next: old }));
    expect(existsSync(join(directory, 'routes/more.10001.yaml'))).toBe(true);
    await publish(options({ next: old }));
    expect(existsSync(join(directory, 'routes/more.10001.yaml'))).toBe(false);
    expect(read('listeners.yaml')).toBe(renderFiles(old).get('listeners.yaml'));
    expect(read('clusters.yaml')).toBe(renderFiles(old).get('clusters.yaml'));
  });

  it('waits for nobody at a first publication', async () => {
    await publish(options({ old: undefined, admin: '/nowhere.sock' }));
    expect(read('clusters.yaml')).toBe(renderFiles(next).get('clusters.yaml'));
  });

  it('has the settle time do where there is no admin socket', async () => {
    await publish(options({ admin: undefined, settleMs: 1 }));
    expect(read('listeners.yaml')).toBe(renderFiles(next).get('listeners.yaml'));
  });

  it('waits until new clusters and listeners are warm', async () => {
    let looks = 0;
    admin.extra = () => [`cluster_manager.warming_clusters: ${looks++ < 4 ? 1 : 0}`];
    await publish(options({ next: { ...old, clusters: next.clusters } }));
    expect(looks).toBeGreaterThanOrEqual(5);
  });

  it('asks for a restart where the static part differs, and writes nothing', async () => {
    const error = await failure(publish(options({ next: { ...next, bootstrap: { node: { id: 'other' } } } })));
    expect(error).toBeInstanceOf(PublishError);
    expect(error.message).toBe('The static part of the configuration (envoy.yaml) differs: restart the gateway.');
    expect(admin.taken).toEqual([]);
  });
});

describe('a publication that Envoy refuses', () => {
  it('is taken back, and the error has the step and the words of Envoy', async () => {
    admin.refuses = (text) => text.includes('two.test');
    const words = (): Promise<string[]> => Promise.resolve(['Only unique values for domains are permitted.']);
    const error = await failure(publish(options({ words })));
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({ step: 'changed routes' });
    expect(error.message).toBe(
      [
        'Publishing stopped at the step "changed routes": Envoy refuses routes/web.10000.yaml.' +
          ' Every file is as it was before; the old configuration is in force.',
        '  Only unique values for domains are permitted.',
      ].join('\n'),
    );
    renderFiles(old).forEach((text, path) => expect(read(path)).toBe(text));
    expect(existsSync(join(directory, 'routes/more.10001.yaml'))).toBe(false);
  });

  it('goes back the way it came: routes before listeners before clusters', async () => {
    admin.refuses = (text) => text === renderFiles(next).get('listeners.yaml');
    const error = await failure(publish(options()));
    expect(error).toMatchObject({ step: 'new listeners only' });
    expect(admin.taken.slice(4)).toEqual([
      'listeners.yaml',
      'routes/web.10000.yaml',
      'listeners.yaml',
      'clusters.yaml',
    ]);
  });

  it('is one that Envoy does not take in time, too', async () => {
    admin.ignores = (text) => text.includes('c2');
    const error = await failure(publish(options()));
    expect(error.message).toContain(
      'Publishing stopped at the step "clusters of both": Envoy has not taken clusters.yaml in 0.3 s.',
    );
    expect(read('clusters.yaml')).toBe(renderFiles(old).get('clusters.yaml'));
  });

  it('says so where the old files cannot be put back in force', async () => {
    const final = renderFiles(next).get('listeners.yaml');
    admin.refuses = (text) => text === final || text.includes('one.test');
    const error = await failure(publish(options()));
    expect(error.message).toContain(
      'Putting the old files back failed as well (Envoy refuses routes/web.10000.yaml): restart the gateway.',
    );
  });

  it('changes nothing where the files of a later step cannot be written', async () => {
    mkdirSync(join(directory, '.stage'));
    writeFileSync(join(directory, '.stage', '3'), 'in the way of the routes');
    const error = await failure(publish(options()));
    expect(error).toBeInstanceOf(PublishError);
    expect(error.message).toMatch(
      /^The new files cannot be written into \S+: E\w+: .*\. Nothing was changed; the old configuration is in force\.$/,
    );
    expect(admin.taken).toEqual([]);
    renderFiles(old).forEach((text, path) => expect(read(path)).toBe(text));
    await publish(options());
    expect(read('listeners.yaml')).toBe(renderFiles(next).get('listeners.yaml'));
  });

  it('says that Envoy is gone', async () => {
    const error = await failure(publish(options({ admin: join(directory, 'none.sock') })));
    expect(error.message).toMatch(/Envoy's admin interface does not answer \(connect ENOENT /);
    expect(read('clusters.yaml')).toBe(renderFiles(old).get('clusters.yaml'));
  });
});
