import { join, resolve } from 'node:path';
import { EnvoyProcess } from '../../../lib/gateway/envoy-process';
import { EnvoyStartError } from '../../../lib/gateway/errors';
import { run } from '../../support/processes';
import { eventually } from '../../traffic/support/eventually';
import { failure, script, temporaryFolder } from './support/fakes';

const root = temporaryFolder();
const started: EnvoyProcess[] = [];

async function spawn(text: string, output = {}): Promise<EnvoyProcess> {
  const envoy = await EnvoyProcess.spawn(script(join(root, `envoy-${started.length}`), text), [], output);
  started.push(envoy);
  return envoy;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

afterAll(() => Promise.all(started.map((envoy) => envoy.stop(1))));

describe('EnvoyProcess', () => {
  it('tells log lines from what Envoy says about itself', async () => {
    const [logs, others]: [string[], string[]] = [[], []];
    const text = `echo '{"decision":"denied"}'; echo 'plain'; echo '[t][1][warning][main] careful' >&2`;
    const envoy = await spawn(text, {
      onLog: (line: string) => logs.push(line),
      onStderr: (line: string) => others.push(line),
    });
    const exit = await envoy.exited;
    expect(logs).toEqual(['{"decision":"denied"}']);
    expect(others.sort()).toEqual(['[t][1][warning][main] careful', 'plain']);
    expect(exit).toMatchObject({ code: 0, asked: false });
    expect(exit.words).toContain('careful');
    expect(envoy.running).toBe(false);
  });

  it('gives the words after a line count', async () => {
    const envoy = await spawn(`for i in 1 2 3; do echo "[t][1][error][main] e$i" >&2; done`);
    await envoy.exited;
    expect(envoy.lineCount).toBe(3);
    expect(envoy.wordsSince(1)).toEqual(['e2', 'e3']);
    expect(envoy.wordsSince(3)).toEqual([]);
  });

  it('ends with SIGTERM, and says that it was asked to', async () => {
    const envoy = await spawn('exec sleep 60');
    expect(envoy.running).toBe(true);
    expect(await envoy.stop()).toMatchObject({ code: undefined, signal: 'SIGTERM', asked: true });
  });

  it('ends with SIGKILL what does not listen', async () => {
    let ready: () => void = () => undefined;
    const listening = new Promise<void>((done) => (ready = done));
    const envoy = await spawn(
      `#!${process.execPath}\nprocess.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('{}');`,
      { onLog: ready },
    );
    await listening;
    expect(await envoy.stop(50)).toMatchObject({ signal: 'SIGKILL', asked: true });
    expect(isAlive(envoy.pid)).toBe(false);
  });

  it('can be stopped twice and after its end', async () => {
    const envoy = await spawn('exit 0');
    await envoy.exited;
    expect(await envoy.stop()).toEqual(await envoy.stop());
  });

  it('rejects where the executable cannot be started', async () => {
    const error = await failure(EnvoyProcess.spawn('/nowhere/envoy', [], {}));
    expect(error).toBeInstanceOf(EnvoyStartError);
    expect(error.message).toBe('/nowhere/envoy cannot be started: spawn /nowhere/envoy ENOENT');
  });

  it.each([
    ['at its regular end', 'process.exit(0)'],
    ['when it is killed', "process.kill(process.pid, 'SIGKILL')"],
  ])('does not outlive the process that started it, %s', async (_when, end) => {
    const envoy = script(join(root, 'long'), 'exec sleep 600');
    const module = resolve(__dirname, '../../../lib/gateway/envoy-process.ts');
    const code = [
      `const { EnvoyProcess } = require(${JSON.stringify(module)});`,
      `EnvoyProcess.spawn(${JSON.stringify(envoy)}, [], {}).then(({ pid }) => { console.log(pid); ${end}; });`,
    ];
    const { stdout } = await run(process.execPath, [
      '--import',
      'tsx',
      '--input-type=commonjs',
      '--eval',
      code.join('\n'),
    ]);
    const pid = Number(stdout.trim());
    expect(pid).toBeGreaterThan(0);
    await eventually(
      () => isAlive(pid),
      (alive) => !alive,
    );
  });
});
