import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { join } from 'node:path';
import { run, type Ended } from '../support/processes';
import type { ReportModel } from '../../lib/report';
import { line } from '../lib/logs/hostile';
import { MotoServer } from './support/moto-server';
import { describeWithPython } from './support/prerequisites';

const ROOT = join(__dirname, '..', '..');
const MAIN = join(ROOT, 'dist/lib/cli/main.js');
const GROUP = '/mcp-egress/mcp-egress/gateway';
const STREAM = 'envoy/envoy/0123';

jest.setTimeout(120_000);

describeWithPython('logs from CloudWatch', (pythonBin) => {
  let server: MotoServer;
  let env: NodeJS.ProcessEnv;
  let client: CloudWatchLogsClient;

  beforeAll(async () => {
    server = await MotoServer.start(pythonBin);
    const { endpoint } = server;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new CloudWatchLogsClient({ region: 'eu-central-1', endpoint, credentials });
    env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
    };
    await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
    await client.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: STREAM }));
    const now = Date.now();
    // More than one page of answers.
    const messages = Array.from({ length: 300 }, (_, i) =>
      line({ authority: `h${i % 3}.test:443`, time: new Date(now).toISOString() }),
    );
    await put([...messages, '{"layer":"sync","event":"applied"}'], now - 60_000);
    await put([line({ authority: 'old.test:443', time: new Date(now - 7_200_000).toISOString() })], now - 7_200_000);
  });
  afterAll(async () => {
    client?.destroy();
    await server?.stop();
  });

  async function put(messages: readonly string[], timestamp: number): Promise<void> {
    const logEvents = messages.map((message) => ({ message, timestamp }));
    await client.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName: STREAM, logEvents }));
  }

  const logs = (...args: string[]): Promise<Ended> =>
    run(process.execPath, [MAIN, 'logs', ...args], { cwd: ROOT, env });

  it('are those of the last hour, over all pages', async () => {
    const { code, stdout, stderr } = await logs('--log-group', GROUP, '--json');
    expect([code, stderr]).toEqual([0, '']);
    const { decisions, groups } = JSON.parse(stdout) as {
      decisions: number;
      groups: { destination: string; count: number }[];
    };
    expect(decisions).toBe(300);
    expect(groups.map(({ destination, count }) => [destination, count])).toEqual([
      ['h0.test:443', 100],
      ['h1.test:443', 100],
      ['h2.test:443', 100],
    ]);
  });

  it('go back as far as --since says', async () => {
    expect((await logs('--log-group', GROUP, '--since', '3h')).stdout).toContain('old.test:443');
  });

  it('become a page, which says from which moment on', async () => {
    const page = (...args: string[]): Promise<Ended> =>
      run(process.execPath, [MAIN, 'report', '--log-group', GROUP, ...args, '--out', '-'], { cwd: ROOT, env });
    const log = async (...args: string[]) =>
      (JSON.parse(/id="model">(.*)<\/script>\n/.exec((await page(...args)).stdout)?.[1] ?? 'null') as ReportModel).log;
    const lastHour = await log();
    expect(lastHour).toMatchObject({ sources: [GROUP], decisions: 300, shown: 300 });
    const ago = Date.now() - Date.parse(lastHour?.since ?? '');
    expect(ago).toBeGreaterThanOrEqual(3_600_000);
    expect(ago).toBeLessThan(3_720_000);
    await expect(log('--since', '3h')).resolves.toMatchObject({ shown: 301 });
  });

  it('of no such group say so', async () => {
    const { code, stdout, stderr } = await logs('--log-group', '/missing');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      'log group "/missing" cannot be read: there is no such log group in this account and region',
    );
  });

  it('say what is missing where there are no credentials, or no region', async () => {
    const without = {
      ...env,
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      HOME: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const none = await run(process.execPath, [MAIN, 'logs', '--log-group', GROUP], { cwd: ROOT, env: without });
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('there are no AWS credentials')]);
    const region = await run(process.execPath, [MAIN, 'logs', '--log-group', GROUP], {
      cwd: ROOT,
      env: { ...env, AWS_REGION: '', HOME: '/nonexistent' },
    });
    expect([region.code, region.stderr]).toEqual([2, expect.stringContaining('no region is set; write --region')]);
  });
});
