import { execFileSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, rmdirSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILLER = '.filler';
const KIB = 1024;
/** tmpfs gives room by the page. */
const PAGE = Buffer.alloc(4 * KIB);

/** A file system of so many KiB in memory, which can be filled. Only in a mount namespace of our own. */
export class SmallDisk {
  folder = '';

  constructor(private readonly kib: number) {}

  /** @param folder is there already; default: a new one for temporary files */
  mount(folder = mkdtempSync(join(tmpdir(), 'disk-'))): void {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${this.kib}k,mode=0777`, 'tmpfs', folder]);
    this.folder = folder;
  }

  /** Fills it up to the last page. */
  fill(): void {
    this.withFiller('a', (file) => {
      try {
        for (;;) writeSync(file, PAGE);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    });
  }

  /** Fills it, but for so many KiB. */
  fillBut(kib: number): void {
    this.fill();
    this.withFiller('r+', (file) => {
      ftruncateSync(file, Math.max(0, fstatSync(file).size - kib * KIB));
    });
  }

  /** Takes the filling away. */
  empty(): void {
    this.withFiller('w', () => undefined);
  }

  /** KiB that are free. */
  get freeKib(): number {
    const { bfree, bsize } = statfsSync(this.folder);
    return (bfree * bsize) / KIB;
  }

  /** Takes it away, with the folder; processes that have files on it may end later. */
  remove(): void {
    if (this.folder === '') return;
    execFileSync('umount', ['--lazy', this.folder]);
    rmdirSync(this.folder);
  }

  private withFiller(flags: string, work: (file: number) => void): void {
    const file = openSync(join(this.folder, FILLER), flags);
    try {
      work(file);
    } finally {
      closeSync(file);
    }
  }
}
