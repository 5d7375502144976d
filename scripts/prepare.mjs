/** npm runs this after `npm ci` and `npm install` and before `npm pack`: builds dist, and notes what was installed. */
import { buildDist } from './support/build-dist.mjs';
import { writeStamp } from './support/install-stamp.mjs';

// ensure-installed.mjs builds for itself, so that an error in a source is not taken for a failed install.
if (process.env.MCP_EGRESS_SETUP) process.exit(0);
if (!buildDist()) process.exit(1);
if (['ci', 'install'].includes(process.env.npm_command)) writeStamp();
