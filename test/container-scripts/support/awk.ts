import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { NamedResource } from '../../../lib/envoy/resources';

const FOLDER = join(__dirname, '../../../container-scripts');

/** The awks of this machine; which one `awk` is in a container, nobody knows. */
export const AWKS: readonly (readonly [name: string, ...command: string[]])[] = (
  [
    ['awk', 'awk'],
    ['mawk', 'mawk'],
    ['gawk', 'gawk', '--posix'],
    ['busybox', 'busybox', 'awk'],
    ['the one true awk', 'original-awk'],
  ] as const
).filter(([, ...command]) => runs(command));

function runs([file = '', ...args]: readonly string[]): boolean {
  try {
    execFileSync(file, [...args, 'BEGIN { exit 0 }'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A bundle, and the moment that it is read for, in seconds since 1970. */
export interface Reading {
  readonly text: string;
  readonly at: number;
}

/** One file of a step as awk built it. */
export interface PlannedFile {
  readonly step: number;
  readonly path: string;
  readonly resources: readonly NamedResource[];
}

export interface Plan {
  readonly files: readonly PlannedFile[];
  /** Route files that stay. */
  readonly keep: readonly string[];
}

/** Runs `publication.awk`; throws where it finds a fault, with its word. */
export class PublicationAwk {
  private readonly folder = mkdtempSync(join(tmpdir(), 'publication-'));

  constructor(private readonly command: readonly string[]) {}

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Standard output of the modes that print. */
  print(mode: 'check' | 'bootstrap', next: Reading): string {
    return this.run([`mode=${mode}`], { next });
  }

  /** Every file as it is, by step and path. */
  bytes(old: Reading | undefined, next: Reading): Map<string, string> {
    this.build(old, next);
    const files = this.lines('plan').map((line) => line.replace('\t', '/'));
    return new Map(['plan', 'keep', ...files].map((file) => [file, this.read(file)]));
  }

  plan(old: Reading | undefined, next: Reading): Plan {
    this.build(old, next);
    const files = this.lines('plan').map((line): PlannedFile => {
      const [step = '', path = ''] = line.split('\t');
      const yaml = `resources:\n${this.read(`${step}/${path}`)}`;
      const { resources } = parse(yaml, { maxAliasCount: -1 }) as { resources: NamedResource[] };
      return { step: Number(step), path, resources };
    });
    return { files, keep: this.lines('keep') };
  }

  private build(old: Reading | undefined, next: Reading): void {
    const stage = join(this.folder, 'stage');
    rmSync(stage, { recursive: true, force: true });
    for (const step of [1, 2, 3, 4, 5]) mkdirSync(join(stage, String(step), 'routes'), { recursive: true });
    this.run(['mode=plan', `stage=${stage}`], { ...(old && { old }), next });
  }

  private lines(file: string): string[] {
    return this.read(file).split('\n').filter(Boolean);
  }

  private read(file: string): string {
    return readFileSync(join(this.folder, 'stage', file), 'utf8');
  }

  private run(variables: readonly string[], readings: Readonly<Record<string, Reading>>): string {
    const operands = Object.entries(readings).flatMap(([side, { text, at }]) => {
      const path = join(this.folder, side);
      writeFileSync(path, text);
      return [`side=${side}`, `at=${at}`, path];
    });
    const [file = '', ...args] = this.command;
    const options = variables.flatMap((each) => ['-v', each]);
    const { status, stdout, stderr } = spawnSync(
      file,
      [...args, ...options, '-f', join(FOLDER, 'publication.awk'), ...operands],
      { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 64 * 1024 * 1024 },
    );
    if (status !== 0) throw new Error(`${file} ended with ${status}: ${stdout}${stderr}`);
    return stdout;
  }
}
