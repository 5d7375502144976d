/**
 * `npm start`: installs what is missing, then shows the gateway at work (scripts/demo). Node built-ins only up to there:
 * nothing may be installed yet.
 *
 *   npm start -- [--keep] [--port N] [--health-port N]
 */
import { createRequire } from 'node:module';
import { ensureInstalled } from './ensure-installed.mjs';

await ensureInstalled();
const { register } = await import('tsx/cjs/api');
register();
const { demo } = createRequire(import.meta.url)('./demo/demo.ts');
process.exitCode = await demo(process.argv.slice(2));
