import type { Locator, Path } from './problems';
import type { Source } from '../types';

/** Places in a policy that came as an object: the path of the value stands for the file, the line is 0. */
export function locateInObject(): Locator {
  const at = (path: Path): Source => ({ file: `policy${path.map(step).join('')}`, line: 0, column: 0 });
  return { at, keyAt: at, isPlain: () => false };
}

/** `.allow`, `[2]` or `["web-search"]`, as JavaScript would reach the value. */
function step(key: string | number): string {
  if (typeof key === 'string' && /^[A-Za-z_$][\w$]*$/.test(key)) return `.${key}`;
  return `[${JSON.stringify(key)}]`;
}
