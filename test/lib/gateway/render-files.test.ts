import { parse } from 'yaml';
import { render as renderFiles } from '../../../lib/envoy/render';
import { renderStep, versionOf } from '../../../lib/gateway/render-files';
import { cluster, config, edge, routes } from './support/configs';

const all = config({
  clusters: [cluster('c1')],
  listeners: [edge('web', 10000)],
  routes: [routes('web.10000', ['one.test'])],
});

describe('renderFiles', () => {
  it('gives every watched file a version of its own, and the bootstrap none', () => {
    const files = renderFiles(all);
    expect([...files.keys()].sort()).toEqual([
      'clusters.yaml',
      'envoy.yaml',
      'listeners.yaml',
      'routes/web.10000.yaml',
    ]);
    const versions = ['clusters.yaml', 'listeners.yaml', 'routes/web.10000.yaml'].map((path) =>
      versionOf(files.get(path) ?? ''),
    );
    expect(new Set(versions).size).toBe(3);
    versions.forEach((version) => expect(version).toMatch(/^[0-9a-f]{12}$/));
    expect(versionOf(files.get('envoy.yaml') ?? '')).toBeUndefined();
  });

  it('writes the version as the field that Envoy reads', () => {
    const text = renderFiles(all).get('clusters.yaml') ?? '';
    expect(parse(text)).toEqual({ version_info: versionOf(text), resources: [cluster('c1')] });
  });

  it('changes the version with the content, and with nothing else', () => {
    const version = (clusters: string): string | undefined =>
      versionOf(renderFiles({ ...all, clusters: [cluster(clusters)] }).get('clusters.yaml') ?? '');
    expect(version('c1')).toBe(version('c1'));
    expect(version('c1')).not.toBe(version('c2'));
  });
});

describe('renderStep', () => {
  it('gives the files of the step only, as a whole configuration would have them', () => {
    const step = { name: 's', files: new Map([['routes/web.10000.yaml', all.routes]]) };
    const files = renderStep(step, all);
    expect([...files]).toEqual([['routes/web.10000.yaml', renderFiles(all).get('routes/web.10000.yaml')]]);
  });
});
