import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PolicyWatch, watchPolicy, type WatchEvent, type WatchOptions } from '../../../lib/gateway/watch';
import { PolicyError } from '../../../lib/policy/errors';
import { EgressPolicy } from '../../../lib/policy/policy';
import { eventually } from '../../traffic/support/eventually';
import { temporaryFolder } from './support/fakes';

const root = temporaryFolder();
let folder: string;
let file: string;
let watch: PolicyWatch | undefined;
let events: WatchEvent[];
let applied: { hosts: string[]; now: Date }[];

function text(host: string, more = ''): string {
  return `version: 1\nworkloads:\n  web:\n    port: 10000\n    allow:\n      - host: ${host}\n${more}`;
}

function hostsOf(policy: EgressPolicy): string[] {
  return policy.workloads.flatMap(({ rules }) => rules.flatMap(({ hosts }) => hosts));
}

/** Starts a watch and waits until it has read the file once. */
async function start(options: Partial<WatchOptions> = {}): Promise<void> {
  let looks = 0;
  watch = watchPolicy({
    policy: EgressPolicy.fromFile(file),
    files: [file],
    load: () => {
      looks += 1;
      return EgressPolicy.fromFile(file);
    },
    apply: (policy, now) => {
      applied.push({ hosts: hostsOf(policy), now });
      return Promise.resolve();
    },
    onEvent: (event) => events.push(event),
    quietMs: 30,
    ...options,
  });
  if (options.files?.length === 0) return;
  await eventually(
    () => looks,
    (count) => count > 0,
  );
}

const types = (): string[] => events.map(({ type }) => type);
const eventsUpTo = (count: number): Promise<WatchEvent[]> =>
  eventually(
    () => events,
    ({ length }) => length >= count,
  );

beforeEach(() => {
  folder = mkdtempSync(join(root, 'policy-'));
  file = join(folder, 'egress.yaml');
  writeFileSync(file, text('one.example.com'));
  events = [];
  applied = [];
});

afterEach(async () => {
  await watch?.close();
  watch = undefined;
});

describe('a changed file', () => {
  it('is put in force', async () => {
    await start();
    writeFileSync(file, text('two.example.com'));
    const [event] = await eventsUpTo(1);
    expect(event).toMatchObject({ type: 'applied', cause: 'change' });
    expect(applied.map(({ hosts }) => hosts)).toEqual([['two.example.com']]);
    expect(watch && hostsOf(watch.inForce)).toEqual(['two.example.com']);
  });

  it('counts as often as an editor replaces it by rename', async () => {
    await start();
    for (const [index, host] of ['two.example.com', 'three.example.com', 'four.example.com'].entries()) {
      writeFileSync(join(folder, '.egress.yaml.swp'), text(host));
      renameSync(join(folder, '.egress.yaml.swp'), file);
      await eventsUpTo(index + 1);
    }
    expect(applied.map(({ hosts }) => hosts[0])).toEqual(['two.example.com', 'three.example.com', 'four.example.com']);
  });

  it('counts when it was away for a while', async () => {
    await start();
    rmSync(file);
    const [gone] = await eventsUpTo(1);
    expect(gone).toMatchObject({ type: 'rejected' });
    writeFileSync(file, text('two.example.com'));
    await eventually(types, (all) => all.includes('applied'));
    expect(applied.map(({ hosts }) => hosts)).toEqual([['two.example.com']]);
  });

  it('counts when it is a link in a mounted volume that is switched as a whole', async () => {
    rmSync(file);
    for (const [name, host] of [
      ['..1', 'one.example.com'],
      ['..2', 'two.example.com'],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'egress.yaml'), text(host));
    }
    symlinkSync('..1', join(folder, '..data'));
    symlinkSync(join('..data', 'egress.yaml'), file);
    await start();
    symlinkSync('..2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await eventsUpTo(1);
    expect(applied.map(({ hosts }) => hosts)).toEqual([['two.example.com']]);
  });

  it('that means the same is not published', async () => {
    await start();
    writeFileSync(file, `# a remark\n${text('one.example.com')}`);
    const [event] = await eventsUpTo(1);
    expect(event).toMatchObject({ type: 'unchanged' });
    expect(applied).toEqual([]);
  });

  it('of another name in the folder is nothing', async () => {
    await start();
    writeFileSync(join(folder, 'other.yaml'), 'x');
    writeFileSync(file, text('two.example.com'));
    await eventsUpTo(1);
    expect(types()).toEqual(['applied']);
  });
});

describe('a policy that does not check', () => {
  it('leaves the old one in force and says what is wrong', async () => {
    await start();
    writeFileSync(file, text('"*"'));
    const [event] = await eventsUpTo(1);
    expect(event).toMatchObject({ type: 'rejected' });
    expect(event?.type === 'rejected' && event.error).toBeInstanceOf(PolicyError);
    expect(event && hostsOf(event.policy)).toEqual(['one.example.com']);
    expect(applied).toEqual([]);
    writeFileSync(file, text('two.example.com'));
    await eventsUpTo(2);
    expect(types()).toEqual(['rejected', 'applied']);
  });
});

describe('a policy that cannot be put in force', () => {
  it('leaves the old one in force; going back to that is then published again, to be sure', async () => {
    let broken = true;
    const apply = (policy: EgressPolicy, now: Date): Promise<void> => {
      if (broken) return Promise.reject(new Error('Envoy refuses it'));
      applied.push({ hosts: hostsOf(policy), now });
      return Promise.resolve();
    };
    await start({ apply });
    writeFileSync(file, text('two.example.com'));
    const [event] = await eventsUpTo(1);
    expect(event).toMatchObject({ type: 'failed', cause: 'change', error: { message: 'Envoy refuses it' } });
    expect(event && hostsOf(event.policy)).toEqual(['one.example.com']);
    broken = false;
    writeFileSync(file, text('one.example.com'));
    await eventsUpTo(2);
    expect(applied.map(({ hosts }) => hosts)).toEqual([['one.example.com']]);
  });
});

describe('what failed', () => {
  const untilWorks = (failures: number, publish: (policy: EgressPolicy, now: Date) => void) => {
    let left = failures;
    return (policy: EgressPolicy, now: Date): Promise<void> => {
      if (left-- > 0) return Promise.reject(new Error('ENOSPC'));
      publish(policy, now);
      return Promise.resolve();
    };
  };

  it('is tried again, after longer and longer, until it works, although nobody writes the file again', async () => {
    await start({ apply: untilWorks(3, (policy, now) => applied.push({ hosts: hostsOf(policy), now })), retryMs: 10 });
    writeFileSync(file, text('two.example.com'));
    await eventsUpTo(4);
    expect(types()).toEqual(['failed', 'failed', 'failed', 'applied']);
    expect(events.map((event) => event.type === 'failed' && event.retryMs)).toEqual([10, 20, 40, false]);
    expect(applied.map(({ hosts }) => hosts)).toEqual([['two.example.com']]);
  });

  it('is given up when the file says something else', async () => {
    await start({
      apply: untilWorks(1, (policy, now) => applied.push({ hosts: hostsOf(policy), now })),
      retryMs: 10_000,
    });
    writeFileSync(file, text('two.example.com'));
    await eventsUpTo(1);
    writeFileSync(file, text('three.example.com'));
    await eventsUpTo(2);
    expect(applied.map(({ hosts }) => hosts)).toEqual([['three.example.com']]);
  });

  it('is not tried again while the file cannot be read', async () => {
    let tries = 0;
    const apply = (): Promise<void> => {
      tries += 1;
      rmSync(file);
      return Promise.reject(new Error('ENOSPC'));
    };
    await start({ apply, retryMs: 10 });
    writeFileSync(file, text('two.example.com'));
    await eventually(types, (all) => all.includes('rejected'));
    expect(types()).toEqual(['failed', 'rejected']);
    expect(tries).toBe(1);
  });
});

describe('changes while one is being put in force', () => {
  it('are taken together: the last one counts', async () => {
    const waiting: (() => void)[] = [];
    let atOnce = 0;
    const apply = async (policy: EgressPolicy, now: Date): Promise<void> => {
      expect(++atOnce).toBe(1);
      applied.push({ hosts: hostsOf(policy), now });
      await new Promise<void>((resolve) => waiting.push(resolve));
      atOnce -= 1;
    };
    await start({ apply });
    writeFileSync(file, text('two.example.com'));
    await eventually(
      () => waiting.length,
      (count) => count === 1,
    );
    for (const host of ['three', 'four', 'five']) writeFileSync(file, text(`${host}.example.com`));
    watch?.touch();
    // Timers of one length run in the order of their start: this one ends just after the quiet time.
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(applied).toHaveLength(1);
    waiting.shift()?.();
    await eventually(
      () => waiting.length,
      (count) => count === 1,
    );
    waiting.shift()?.();
    await eventsUpTo(2);
    expect(applied.map(({ hosts }) => hosts[0])).toEqual(['two.example.com', 'five.example.com']);
  });
});

describe('a rule whose last day ends', () => {
  const expiring = text('two.example.com', '      - host: one.example.com\n        expires: 2030-01-31\n');
  const end = Date.parse('2030-02-01T00:00:00Z');

  it('has the same policy published again at that moment, once', async () => {
    writeFileSync(file, expiring);
    const started = Date.now();
    const now = (): Date => new Date(end - 200 + (Date.now() - started));
    await start({ now });
    const [event] = await eventsUpTo(1);
    expect(event).toMatchObject({ type: 'applied', cause: 'expiry' });
    expect(applied).toHaveLength(1);
    expect(applied[0]?.now.getTime()).toBeGreaterThanOrEqual(end);
    watch?.touch();
    await eventsUpTo(2);
    expect(types()).toEqual(['applied', 'unchanged']);
  });

  it('says that publishing failed', async () => {
    writeFileSync(file, expiring);
    const started = Date.now();
    await start({
      now: () => new Date(end - 50 + (Date.now() - started)),
      apply: () => Promise.reject(new Error('gone')),
    });
    const [event] = await eventsUpTo(1);
    expect(event).toMatchObject({ type: 'failed', cause: 'expiry', error: { message: 'gone' } });
  });

  it('is watched without any file, from the moment of the compilation on', async () => {
    writeFileSync(file, expiring);
    await start({ files: [], compiledAt: new Date(end - 1), now: () => new Date(end + 1), quietMs: undefined });
    await eventsUpTo(1);
    expect(applied.map(({ now }) => now)).toEqual([new Date(end + 1)]);
  });

  it('far ahead, waits without an overflow of the timer', async () => {
    writeFileSync(file, text('one.example.com', '        expires: 2999-12-31\n'));
    const spy = jest.spyOn(global, 'setTimeout');
    await start();
    const waits = spy.mock.calls.map(([, milliseconds]) => milliseconds ?? 0);
    spy.mockRestore();
    expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
    expect(events).toEqual([]);
  });
});
