/** `npm run build`: compiles to dist/. */
import { buildDist } from './support/build-dist.mjs';

process.exit(buildDist() ? 0 : 1);
