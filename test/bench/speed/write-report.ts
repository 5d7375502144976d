/** `tsx write-report.ts RESULTS [--print]`: writes docs/performance.md and its chart from the results of a run, or prints the page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { chart } from './chart';
import { page } from './page';
import type { Results } from './results';

const DOCS = join(__dirname, '..', '..', '..', 'docs');

async function main([file, option]: readonly string[]): Promise<void> {
  const results = JSON.parse(readFileSync(file ?? '', 'utf8')) as Results;
  const text = await format(page(results), { parser: 'markdown', printWidth: 120 });
  if (option === '--print') {
    process.stdout.write(text);
    return;
  }
  writeFileSync(join(DOCS, 'performance.md'), text);
  writeFileSync(join(DOCS, 'performance.svg'), chart(results));
  console.error('wrote docs/performance.md and docs/performance.svg');
}

void main(process.argv.slice(2));
