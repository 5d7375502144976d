/** npm runs this after `npm ci` and `npm install` and before `npm pack`: builds dist, and notes what was installed. */
import { buildDist } from './support/build-dist.mjs';
import { writeStamp } from './support/install-stamp.mjs';

if (!buildDist()) process.exit(1);
if (['ci', 'install'].includes(process.env.npm_command)) writeStamp();
