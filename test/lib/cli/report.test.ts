import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportModel } from '../../../lib/report';
import { changed, get, openByRoute, sealed } from '../../proof/support/sealed';
import { run } from '../../support/processes';
import { HOSTILE, line } from '../logs/hostile';
import { ESCAPES, POLICY, STACK, useFolder } from './support/cli';

const OLD_POLICY = `version: 1
workloads:
  web-search: { port: 10000, allow: [{ host: api.example.com }, { host: gone.example.com }] }
`;

const modelOf = (page: string): ReportModel =>
  JSON.parse(/id="model">(.*)<\/script>\n/.exec(page)?.[1] ?? 'null') as ReportModel;

describe('report', () => {
  const folder = useFolder();
  const path = (name: string): string => join(folder.current.path, name);
  const read = (name: string): string => readFileSync(path(name), 'utf8');
  const report = (...args: string[]) => folder.current.cli(['report', ...args]);

  describe('what it takes', () => {
    beforeEach(() => {
      folder.current.write('egress.yaml', POLICY);
      folder.current.write('old.yaml', OLD_POLICY);
      folder.current.write('egress.log', [line({}), line({ authority: 'a.test:443' })].join('\n'));
      folder.current.write('main.tf.json', JSON.stringify(sealed()));
    });

    it('writes one page of the policy of this folder', async () => {
      const { code, stdout, stderr } = await report('--out', 'report.html');
      expect([code, stdout]).toEqual([0, '']);
      expect(stderr).toMatch(/^report\.html: \d+ kB\n$/);
      const model = modelOf(read('report.html'));
      expect(Object.keys(model)).toEqual(['policy']);
      expect(model.policy?.rules).toHaveLength(3);
    });

    it('puts proof, changes and refusals in where they are given', async () => {
      await report('--plan', 'main.tf.json', '--against', 'old.yaml', '--logs', 'egress.log', '--out', 'report.html');
      const { policy, proof, changes, log } = modelOf(read('report.html'));
      expect(policy?.files).toEqual(['egress.yaml']);
      expect(proof).toMatchObject({ verdict: 'sealed', documents: ['main.tf.json'] });
      expect(changes).toMatchObject({ before: 'old.yaml', after: 'egress.yaml', widened: true });
      expect(changes?.rows).toContainEqual(
        expect.objectContaining({ effect: 'narrowed', workload: 'web-search', what: 'gone.example.com:443' }),
      );
      expect(log).toMatchObject({ lines: 2, decisions: 2, groups: [{ destination: 'a.test:443' }, { count: 1 }] });
      expect(log?.groups[0]?.yaml).toContain('host: a.test');
      expect(log?.times.series).toEqual([{ workload: 'web-search', denied: [2], wouldDeny: [0] }]);
    });

    it('reads a log or a policy from standard input', async () => {
      const piped = async (input: string, ...args: string[]) =>
        modelOf((await folder.current.cli(['report', ...args, '--out', '-'], { input })).stdout);
      await expect(piped(line({}), '--logs', '-')).resolves.toMatchObject({ log: { decisions: 1 } });
      await expect(piped(OLD_POLICY, '--policy', '-')).resolves.toMatchObject({ policy: { files: ['<stdin>'] } });
      await expect(piped(OLD_POLICY, '--against', '-')).resolves.toMatchObject({ changes: { before: '<stdin>' } });
    });

    it('needs no policy for a plan or a log', async () => {
      mkdirSync(path('empty'));
      const { stdout } = await folder.current.cli(['report', '--logs', '../egress.log', '--out', '-'], {
        cwd: path('empty'),
      });
      expect(Object.keys(modelOf(stdout))).toEqual(['log']);
    });

    it('shows several policies as one', async () => {
      folder.current.write('more.yaml', 'version: 1\nworkloads: { notes: { port: 10001, allow: [] } }\n');
      const { stdout } = await report('--policy', 'egress.yaml', '--policy', 'more.yaml', '--out', '-');
      expect(modelOf(stdout).policy).toMatchObject({
        files: ['egress.yaml', 'more.yaml'],
        workloads: [{ name: 'notes' }, { name: 'web-search' }],
      });
    });

    it('gives the same bytes for the same input', async () => {
      const args = ['--plan', 'main.tf.json', '--against', 'old.yaml', '--logs', 'egress.log', '--out'];
      await report(...args, 'one.html');
      await report(...args, 'other.html');
      expect(read('other.html')).toBe(read('one.html'));
    });

    it('prints a leak as a page, not as an exit code', async () => {
      const open = changed((stack) => {
        get(stack, 'aws_route_table_association', 'isolated').route_table_id = '${aws_route_table.egress.id}';
      });
      folder.current.write('open.tf.json', JSON.stringify(open));
      const { code, stdout } = await report('--plan', 'open.tf.json', '--out', '-');
      expect([code, modelOf(stdout).proof?.verdict]).toEqual([0, 'leak']);
    });

    it('takes a broken claim with a reason, as prove does', async () => {
      folder.current.write('open.tf.json', JSON.stringify(openByRoute()));
      const { stdout } = await report(
        ...['--plan', 'open.tf.json', '--accept', 'c1', '--reason', 'until June', '--accept', 'C2', '--reason', 'no'],
        ...['--out', '-'],
      );
      const { proof } = modelOf(stdout);
      expect(proof?.verdict).toBe('sealed');
      expect(proof?.claims[0]).toMatchObject({ id: 'C1', status: 'broken', accepted: 'until June' });
      expect(proof?.refused).toEqual([expect.stringMatching(/^C2 \(no\): /)]);
    });

    it('leaves out what came before --since, and says so', async () => {
      const times = ['2026-11-20T11:59:59.999Z', '2026-11-20T12:00:00.000Z', 'never'];
      folder.current.write('egress.log', times.map((time) => line({ time, authority: 'a.test:443' })).join('\n'));
      const since = async (time: string) => report('--logs', 'egress.log', '--since', time, '--out', '-');
      const { stdout, stderr } = await since('2026-11-20T12:00:00Z');
      expect(modelOf(stdout).log).toMatchObject({
        sources: ['egress.log'],
        since: '2026-11-20T12:00:00.000Z',
        decisions: 3,
        shown: 2,
        groups: [{ destination: 'a.test:443', count: 2 }],
      });
      expect(stderr).toBe('');
      folder.current.write('egress.log', line({ time: times[0] }));
      const late = await since('2026-11-20T12:00:00Z');
      expect(modelOf(late.stdout).log).toMatchObject({ decisions: 1, shown: 0 });
      expect(late.stderr).toBe(
        'warning: there is no decision of a gateway in egress.log since 2026-11-20T12:00:00.000Z, so the page says nothing about refusals.\n',
      );
    });

    it('says where a log has no decision of a gateway, also on the page', async () => {
      folder.current.write('other.log', '<html>\n{"a":1}\nnull\n');
      const { code, stdout, stderr } = await report('--logs', 'other.log', '--out', '-');
      expect(code).toBe(0);
      expect(stderr).toBe(
        'warning: there is no decision of a gateway in other.log, so the page says nothing about refusals.\n',
      );
      expect(modelOf(stdout).log).toMatchObject({ lines: 3, decisions: 0, foreign: 3, groups: [] });
    });

    it('writes nothing of a log that ends its element, moves a cursor or hides', async () => {
      const log = HOSTILE.flatMap((text) => [
        line({ authority: text }),
        line({ sni: text, reason: 'sni_mismatch' }),
        line({ workload: text, reason: text, rule: text, time: text, method: text }),
      ]);
      folder.current.write('hostile.log', log.join('\n'));
      const { stdout, stderr } = await report('--logs', 'hostile.log', '--out', '-');
      expect(stderr).toBe('');
      const data = /id="model">(.*)<\/script>\n/.exec(stdout)?.[1] ?? '';
      expect(data.match(/[<\u2028\u2029]/g)).toBeNull();
      expect(data.match(ESCAPES)).toBeNull();
      expect(modelOf(stdout).log?.decisions).toBe(log.length);
      // Advice is made of what the policy's own parser takes for a host, and of nothing else.
      const advice = modelOf(stdout).log?.groups.flatMap(({ yaml }) => yaml ?? []) ?? [];
      expect(
        advice.filter((yaml) => !/^workloads: \{ web-search: \{ allow: \[ \{ host: [a-z.-]+ \} \] \} \}$/.test(yaml)),
      ).toEqual([]);
    });
  });

  describe('what it refuses', () => {
    beforeEach(() => folder.current.write('egress.yaml', POLICY));

    it.each([
      [[], /required option '--out <file>' not specified/],
      [['--out', ''], /"" cannot be written: give a name of a file, or - for standard output\.$/m],
      [['--out', '.'], /"\." cannot be written: it is no file; choose another --out, or - for standard output\.$/m],
      [['--out', 'no/x.html'], /"no\/x\.html" cannot be written: there is no such folder; make it first\.$/m],
      [
        ['--out', '/proc/x.html'],
        /"\/proc\/x\.html" cannot be written: (no file can be made|this user may not write) there\.$/m,
      ],
      [['--out', '/dev/full'], /"\/dev\/full" cannot be written: it is no file/],
      [['--out', '/dev/full', '--force'], /"\/dev\/full" cannot be written: it is no file/],
      [['--out', 'egress.yaml'], /"egress\.yaml" is there and was not written by report; .+ --force\.$/m],
      [['--out', 'egress.yaml/x.html'], /cannot be written: there is no such folder; make it first\.$/m],
      [['--out', 'x.html', '--policy', '-', '--logs', '-'], /standard input can be read once/],
      [['--out', 'x.html', '--logs', '-', '--logs', '-'], /standard input can be read once/],
      [['--out', 'x.html', '--logs', 'no.log', '--log-group', 'g'], /--log-group and files are two sources/],
      [['--out', 'x.html', '--accept', 'C1', '--reason', 'r'], /--accept and --reason are about a proof; give --plan/],
      [['--out', 'x.html', '--plan', '.', '--accept', 'C1'], /--accept stands 1 times and --reason 0 times/],
      [['--out', 'x.html', '--since', '1h'], /--since is about a log; give --logs or --log-group as well/],
      [['--out', 'x.html', '--region', 'eu-central-1'], /--region is of a --log-group; give that as well/],
      [['--out', 'x.html', '--logs', 'no.log', '--region', 'r'], /--region is of a --log-group; give that as well/],
      [['--out', 'x.html', '--logs', 'no.log'], /"no\.log" cannot be read: ENOENT\.$/m],
      [['--out', 'x.html', '--plan', 'egress.yaml'], /"egress\.yaml" is not JSON/],
      [['--out', 'x.html', '--policy', 'no.yaml'], /"no\.yaml": there is no such file/],
      [['--out', 'x.html', '--against', 'no.yaml'], /"no\.yaml": there is no such file/],
      [['--out', '\u001b[2J/x.html'], /"\\u001b\[2J\/x\.html" cannot be written/],
    ])('%j', async (args, message) => {
      const { code, stdout, stderr } = await report(...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(ESCAPES);
      expect(stderr).not.toMatch(STACK);
      expect(read('egress.yaml')).toBe(POLICY);
    });

    it('a policy that is not valid, with exit code 1', async () => {
      folder.current.write('bad.yaml', 'version: 1\nworkloads: { a: { port: x } }\n');
      const { code, stderr } = await report('--policy', 'bad.yaml', '--out', 'x.html');
      expect([code, stderr]).toEqual([1, expect.stringContaining('bad.yaml:2:')]);
    });

    it('a pipe, without waiting for its other end', async () => {
      await run('mkfifo', [path('pipe')]);
      const { code, stderr } = await report('--out', 'pipe', '--force');
      expect([code, stderr]).toEqual([2, expect.stringContaining('it is no file')]);
      expect(statSync(path('pipe')).isFIFO()).toBe(true);
    });

    it('to replace what is no page, unless told to; its own pages it replaces', async () => {
      folder.current.write('report.html', '<!doctype html><p>mine</p>');
      expect((await report('--out', 'report.html')).code).toBe(2);
      expect((await report('--out', 'report.html', '--force')).code).toBe(0);
      expect((await report('--out', 'report.html')).code).toBe(0);
      expect(read('report.html')).toMatch(/^<!doctype html>\n<html lang="en">/);
    });
  });
});
