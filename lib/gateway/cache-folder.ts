import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * The folder in which downloads are kept between runs: `MCP_EGRESS_CACHE`, else `mcp-egress` in the user's cache folder
 * (`$XDG_CACHE_HOME` or `~/.cache`; on macOS `~/Library/Caches`).
 *
 * A relative `XDG_CACHE_HOME` is ignored, as the XDG Base Directory Specification asks.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  if (env.MCP_EGRESS_CACHE) return env.MCP_EGRESS_CACHE;
  const home = env.HOME || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'mcp-egress');
  const xdg = env.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, '.cache'), 'mcp-egress');
}
