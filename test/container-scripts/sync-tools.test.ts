import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, bundleHash, containerScript } from '../../lib/delivery';
import { compile } from '../../lib/envoy';
import { policyOf } from '../constructs/support/policies';

/** What the image of the AWS CLI has: coreutils, awk, sed, grep and curl; no diffutils, no findutils, no jq. */
const TOOLS =
  'awk cat chmod cp curl cut date grep head mkdir mv printf rm sed sha256sum sleep sort tail touch tr true'.split(' ');
/** `s3api get-object --bucket B --key K … FILE`, from a folder. */
const AWS = '#!/bin/sh\nfor last; do :; done\nwhile [ "$1" != --key ]; do shift; done\ncat "$OBJECTS/$2" >"$last"\n';

const SHELLS = [
  ['sh', '/bin/sh'],
  ['bash', '/bin/bash'],
  ['dash', '/bin/dash'],
  ['busybox ash', '/bin/busybox', 'ash'],
].filter(([, file = '']) => existsSync(file)) as [string, string, ...string[]][];

const whereIs = (tool: string): string =>
  spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();

jest.setTimeout(60_000);

describe.each(SHELLS)('with the tools of its image alone, %s', (_name, shell, ...options) => {
  const folder = mkdtempSync(join(tmpdir(), 'sync-tools-'));
  const [bin, objects, directory] = ['bin', 'objects', 'watched'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  let sync: ChildProcess | undefined;

  beforeAll(() => {
    for (const each of [bin, join(objects, 'config'), directory]) mkdirSync(each, { recursive: true });
    for (const tool of TOOLS) {
      const path = whereIs(tool);
      if (path.startsWith('/')) symlinkSync(path, join(bin, tool));
    }
    writeFileSync(join(bin, 'aws'), AWS);
    chmodSync(join(bin, 'aws'), 0o755);
  });
  afterAll(async () => {
    if (sync && sync.exitCode === null) {
      sync.kill();
      await once(sync, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  function deliver(host: string): string {
    const text = bundle(compile(policyOf([{ host }]), { directory }));
    const hash = bundleHash(text);
    writeFileSync(join(objects, 'config', hash), text);
    writeFileSync(join(objects, 'config', 'current'), `${hash}\n`);
    return hash;
  }

  test('takes a configuration, and then another one', async () => {
    const first = deliver('one.example.com');
    const env = {
      PATH: bin,
      OBJECTS: objects,
      CONFIG_BUCKET: 'b',
      CONFIG_DIRECTORY: directory,
      POLL_SECONDS: '1',
      TMPDIR: folder,
    };
    sync = spawn(shell, [...options, '-c', containerScript('sync-config')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    let second: string | undefined;
    await new Promise<void>((resolve, reject) => {
      const read = (text: string): void => {
        log += text;
        if (second === undefined && log.includes(first)) second = deliver('two.example.com');
        else if (second !== undefined && log.includes(second)) resolve();
      };
      for (const stream of [sync?.stdout, sync?.stderr]) stream?.setEncoding('utf8').on('data', read);
      sync?.once('exit', () => reject(new Error(`it ended: ${log}`)));
    });
    expect(
      log
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).toEqual(['applied', 'applied']);
    expect(readFileSync(join(directory, 'VERSION'), 'utf8')).toBe(`${second}\n`);
    const [route = ''] = readdirSync(join(directory, 'routes'));
    expect(readFileSync(join(directory, 'routes', route), 'utf8')).toContain('two.example.com');
  });

  test('publishes once from a folder, and says by its exit code whether that is in force', () => {
    const target = join(folder, 'once');
    mkdirSync(target);
    const source = join(objects, 'config');
    const env = { PATH: bin, CONFIG_SOURCE: source, CONFIG_DIRECTORY: target, ONCE: '1', TMPDIR: folder };
    const publish = () => {
      const args = [...options, '-c', containerScript('sync-config')];
      // bash takes a socket at standard input for a remote shell and reads its start-up files.
      const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
      const { status, stdout, stderr } = spawnSync(shell, args, { env, stdio, encoding: 'utf8' });
      return { status, words: stdout + stderr };
    };
    const text = bundle(compile(policyOf([{ host: 'once.example.com' }]), { directory: target }));
    const hash = bundleHash(text);
    writeFileSync(join(source, hash), text);
    writeFileSync(join(source, 'current'), `${hash}\n`);
    expect(publish()).toEqual({ status: 0, words: expect.stringContaining('"event":"applied"') });
    expect(readFileSync(join(target, 'VERSION'), 'utf8')).toBe(`${hash}\n`);
    // Nobody is there from here on: Envoy's health check would take the gateway for abandoned.
    expect(existsSync(join(target, '.state', 'alive'))).toBe(false);
    expect(publish()).toEqual({ status: 0, words: expect.stringMatching(/^[^\n]*"event":"resumed"[^\n]*\n$/) });
    writeFileSync(join(source, 'current'), `${'0'.repeat(64)}\n`);
    expect(publish()).toEqual({ status: 1, words: expect.stringContaining('"event":"unavailable"') });
    writeFileSync(join(source, hash), `${text}x`);
    writeFileSync(join(source, 'current'), `${hash}\n`);
    rmSync(join(target, '.state'), { recursive: true });
    expect(publish()).toEqual({ status: 1, words: expect.stringContaining('"event":"bad_hash"') });
  });
});
