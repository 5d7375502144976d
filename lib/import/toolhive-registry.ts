import type { Form } from './form';
import { imageName } from './launched-image';
import { isMapping, mappingAt, textAt, type Raw } from './raw';
import { remoteServer } from './remote-server';
import type { McpServer } from './source';
import { permitted } from './toolhive-permissions';

/**
 * A ToolHive registry, in both forms: `servers` with an image and `remote_servers`
 * (https://docs.stacklok.com/toolhive/reference/registry-schema), and the list `data.servers` of the upstream schema, where ToolHive's
 * permissions stand in `_meta` (https://docs.stacklok.com/toolhive/reference/registry-schema-upstream).
 */
export const TOOLHIVE_REGISTRY: Form = {
  keys: '`servers` with images, `remote_servers`, `data.servers` (ToolHive registries)',
  read: ({ value }) => {
    const notes: string[] = [];
    const servers = upstream(value, notes) ?? native(value, notes);
    return servers && { form: 'a ToolHive registry', client: 'toolhive', servers, notes };
  },
};

function native(value: Raw, notes: string[]): McpServer[] | undefined {
  const local = mappingAt(value, 'servers');
  const remote = mappingAt(value, 'remote_servers');
  const entries = Object.entries(local ?? {}).filter((entry): entry is [string, Raw] => isMapping(entry[1]));
  if (remote === undefined && !entries.some(([, entry]) => textAt(entry, 'image') !== undefined)) return undefined;
  return [
    ...entries.map(([name, entry]) => container(name, textAt(entry, 'image'), entry, notes)),
    ...Object.entries(remote ?? {}).map(([name, entry]) =>
      remoteServer(name, textAt(isMapping(entry) ? entry : {}, 'url') ?? '', notes),
    ),
  ];
}

const META = ['_meta', 'io.modelcontextprotocol.registry/publisher-provided', 'io.github.stacklok'];

function upstream(value: Raw, notes: string[]): McpServer[] | undefined {
  const list = mappingAt(value, 'data')?.servers;
  if (!Array.isArray(list)) return undefined;
  return list.filter(isMapping).flatMap((item) => {
    const server = mappingAt(item, 'server') ?? item;
    const name = (textAt(server, 'name') ?? '').replace(/^.*\//, ''); // io.github.example/search
    const identifier = textAt(first(server.packages), 'identifier');
    const url = textAt(first(server.remotes), 'url');
    if (identifier !== undefined) {
      return [container(name, identifier, mappingAt(server, ...META, identifier) ?? {}, notes)];
    }
    return url === undefined ? [] : [remoteServer(name, url, notes)];
  });
}

function container(name: string, reference: string | undefined, entry: Raw, notes: string[]): McpServer {
  const image = imageName(reference ?? '');
  return permitted(
    name,
    image === undefined ? undefined : `image ${image}`,
    mappingAt(entry, 'permissions') ?? {},
    notes,
  );
}

function first(list: unknown): Raw {
  const [item] = Array.isArray(list) ? (list as unknown[]) : [];
  return isMapping(item) ? item : {};
}
