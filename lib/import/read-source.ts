import { escapeUnprintable, quote } from '../policy/quote';
import { CLAUDE_DESKTOP } from './claude-desktop';
import { DOCKER_CATALOG } from './docker-catalog';
import { ImportError } from './errors';
import type { Form } from './form';
import { OPENCLAW } from './openclaw';
import { parseSource } from './parse-source';
import type { ServerList, SourceFile } from './source';
import { TOOLHIVE } from './toolhive';
import { TOOLHIVE_REGISTRY } from './toolhive-registry';
import { VSCODE } from './vscode';

/** In the order in which they are tried: a registry's `servers` are not VS Code's. */
const FORMS: readonly Form[] = [CLAUDE_DESKTOP, OPENCLAW, TOOLHIVE_REGISTRY, VSCODE, TOOLHIVE, DOCKER_CATALOG];

/**
 * Reads a file by its content; its name decides nothing but how its client or its one server is called.
 * @throws ImportError if it cannot be parsed, or holds no list of servers that is known.
 */
export function readSource(source: SourceFile): ServerList {
  const parsed = parseSource(source);
  for (const { read } of FORMS) {
    const list = read(parsed);
    if (list !== undefined) return { file: source.file, ...list };
  }
  const keys = Object.keys(parsed.value).slice(0, 5).map(quote);
  const found = keys.length > 0 ? `its keys begin with ${keys.join(', ')}` : 'it is empty';
  throw new ImportError([
    `${escapeUnprintable(source.file)}: no known list of MCP servers: ${found}. Known are ${FORMS.map(({ keys: known }) => known).join('; ')}`,
  ]);
}
