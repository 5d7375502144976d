import { HOSTILE, line } from '../logs/hostile';
import { ESCAPES, STACK, useFolder } from './support/cli';

const LOG = [
  line({}),
  line({ time: '2026-11-21T12:00:00.000Z' }),
  line({ authority: 'a.test', method: 'GET', workload: 'local-llm', decision: 'would_deny' }),
  line({ layer: 'tunnel', decision: 'allowed', reason: 'rule', rule: 'ok.test:443', authority: 'ok.test:443' }),
  line({ decision: 'pending', reason: 'pending' }),
  '[info] something of Envoy',
  '',
].join('\n');

describe('logs', () => {
  const folder = useFolder();
  beforeEach(() => folder.current.write('egress.log', LOG));
  const logs = (...args: string[]) => folder.current.cli(['logs', ...args]);

  it('groups decisions, refusals first, and says what would allow them', async () => {
    const { code, stdout, stderr } = await logs('egress.log');
    expect([code, stderr]).toEqual([0, '']);
    const [head, ...rest] = stdout.split('\n');
    expect(head).toMatch(/^count +decision +workload +destination +why +first seen +last seen$/);
    expect(rest.slice(0, 3).map((each) => each.split(/ {2,}/).slice(0, 5).join(' '))).toEqual([
      '2 denied web-search api.example.com:443 no_rule',
      '1 would_deny local-llm GET a.test:80 no_rule',
      '1 allowed web-search ok.test:443 rule',
    ]);
    expect(stdout).toContain('  workloads: { web-search: { allow: [ { host: api.example.com } ] } }\n');
    expect(stdout).toMatch(/4 decisions in 6 lines \(1 first lines of tunnels, 1 not of the gateway\)\n$/);
  });

  it('takes refusals, one workload, or what came after a moment alone', async () => {
    expect((await logs('egress.log', '--denied')).stdout).not.toContain('ok.test');
    expect((await logs('egress.log', '--workload', 'local-llm')).stdout).not.toContain('web-search');
    const { stdout } = await logs('egress.log', '--since', '2026-11-21T00:00:00Z', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      kept: 1,
      groups: [{ count: 1, firstSeen: '2026-11-21T12:00:00.000Z' }],
    });
  });

  it('reads standard input, and several files', async () => {
    folder.current.write('second.log', line({ authority: 'second.test:443' }));
    expect((await logs('egress.log', 'second.log', '--json')).stdout).toContain('second.test');
    const piped = await folder.current.cli(['logs', '--json'], { input: LOG });
    expect(JSON.parse(piped.stdout)).toMatchObject({ decisions: 4, groups: [{ count: 2 }, {}, {}] });
  });

  it('follows a pipe, showing each decision as it comes', async () => {
    const { code, stdout, stderr } = await folder.current.cli(['logs', '-', '--follow', '--denied'], { input: LOG });
    expect(code).toBe(0);
    expect(stderr.split('\n').filter((each) => /denied|would_deny/.test(each))).toHaveLength(3);
    expect(stdout).toContain('3 decisions in 6 lines');
  });

  it('prints JSON with the YAML or the hint of each group', async () => {
    const { stdout } = await logs('egress.log', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      lines: 6,
      groups: [
        {
          workload: 'web-search',
          decision: 'denied',
          count: 2,
          yaml: expect.stringContaining('host: api.example.com'),
        },
        { yaml: expect.stringContaining('protocol: http') },
        { rule: 'ok.test:443' },
      ],
    });
  });

  it.each(['text', 'json', 'markdown'])('lets no name of a client act on what reads it: %s', async (format) => {
    folder.current.write(
      'egress.log',
      HOSTILE.flatMap((text) => [line({ authority: text }), line({ sni: text, reason: 'sni_mismatch' })]).join('\n'),
    );
    const { code, stdout } = await logs('egress.log', '--format', format);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(ESCAPES);
    if (format === 'markdown') {
      const outside = stdout.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
      for (const part of ['<script', '<img', 'javascript:', '# heading', 'injected'])
        expect(outside).not.toContain(part);
    }
    expect(stdout).not.toMatch(/^\s+- host: injected/m);
  });

  it.each([
    [['missing.log'], '"missing.log" cannot be read: ENOENT'],
    [['.'], '"." cannot be read: EISDIR'],
    [['egress.log', '--log-group', 'g'], '--log-group and files are two sources'],
    [['egress.log', '--follow'], 'tail -F FILE | mcp-egress logs --follow'],
    [['egress.log', '--region', 'eu-central-1'], '--region is of a --log-group'],
    [['-', '-'], 'standard input can be read once'],
    [['egress.log', '--since', 'yesterday'], '15m, 2h, 3d'],
  ])('%j is an error that says what to do', async (args, message) => {
    const { code, stdout, stderr } = await logs(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(STACK);
  });
});
