import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What stands in every page: the script of `page/`, with the library that it uses, and the style sheet. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

/** Written by the build. From source it is found in `dist`. */
const BUILT = 'built-page.js';

/** The script and the style sheet of the page. @throws Error where nothing is built */
export function pageBundle(): PageBundle {
  const places = [join(__dirname, BUILT), join(__dirname, '../../dist/lib/report', BUILT)];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`${BUILT} is not there; npm run build writes it.`);
  return createRequire(found)(found) as PageBundle;
}
