import { readAllowed, splitPort } from './allow-list';
import type { Form } from './form';
import { imageName } from './launched-image';
import { isMapping, mappingAt, textAt, textsOf, type Raw } from './raw';
import { remoteServer } from './remote-server';
import type { McpServer } from './source';

/**
 * A catalog of Docker's MCP gateway: `registry` with an image or a remote URL each; `allowHosts` names `host:port`
 * (https://github.com/docker/mcp-gateway, pkg/catalog/types.go).
 */
export const DOCKER_CATALOG: Form = {
  keys: '`registry` (Docker MCP catalog)',
  read: ({ value }) => {
    const list = mappingAt(value, 'registry');
    if (list === undefined) return undefined;
    const notes: string[] = [];
    const servers = Object.entries(list).flatMap(([name, entry]) =>
      readEntry(name, isMapping(entry) ? entry : {}, notes),
    );
    return { form: 'a Docker MCP catalog', client: 'docker-mcp-gateway', servers, notes };
  },
};

function readEntry(name: string, entry: Raw, notes: string[]): McpServer[] {
  const url = textAt(mappingAt(entry, 'remote') ?? {}, 'url') ?? textAt(entry, 'sseEndpoint');
  if (url !== undefined) return [remoteServer(name, url, notes)];
  const image = imageName(textAt(entry, 'image') ?? '');
  return [
    {
      name,
      ...(image !== undefined && { runs: `image ${image}` }),
      isRemote: false,
      ...readAllowed(textsOf(entry.allowHosts).map(splitPort), name, notes),
      reason: 'allowHosts of the Docker MCP catalog',
    },
  ];
}
