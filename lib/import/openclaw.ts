import { readClientServers } from './client-servers';
import type { Form } from './form';
import { mappingAt, type Raw } from './raw';

/** The parts of OpenClaw's configuration that VS Code's settings do not have (https://docs.openclaw.ai/gateway/configuration). */
const PARTS = ['agents', 'channels', 'gateway', 'models', 'tools', 'session', 'meta', 'plugins', 'skills', 'hooks'];

/** OpenClaw's `openclaw.json` (JSON5): `mcp.servers` (https://docs.openclaw.ai/cli/mcp). */
export const OPENCLAW: Form = {
  keys: '`mcp.servers` (OpenClaw)',
  read: ({ value }) => {
    const list = mappingAt(value, 'mcp', 'servers');
    if (list === undefined || isSettings(value)) return undefined;
    const { servers, notes } = readClientServers(list);
    return { form: 'OpenClaw', client: 'openclaw', servers, notes: [...includes(value, list), ...notes] };
  },
};

/** VS Code's settings have `mcp.servers` too; they have dotted keys beside it, `inputs` in it, and servers with a `type`. */
function isSettings(value: Raw): boolean {
  if (PARTS.some((part) => Object.hasOwn(value, part))) return false;
  const mcp = mappingAt(value, 'mcp') ?? {};
  const entries = Object.values(mappingAt(mcp, 'servers') ?? {});
  const has = (entry: unknown, key: string): boolean => mappingAt({ entry }, 'entry')?.[key] !== undefined;
  if (entries.some((entry) => has(entry, 'transport'))) return false;
  return (
    Object.keys(value).some((key) => key.includes('.')) ||
    Object.hasOwn(mcp, 'inputs') ||
    entries.some((entry) => has(entry, 'type'))
  );
}

/** Parts of the configuration can stand in other files. */
function includes(value: Raw, list: Raw): string[] {
  const mcp = mappingAt(value, 'mcp') ?? {};
  return [value, mcp, list].some((part) => Object.hasOwn(part, '$include'))
    ? ['it includes other files, which were not read']
    : [];
}
