import { isJson, json, jsonList, type Json } from './json';

/** What says where a backend keeps a state; the rest says who may read it. */
const PLACE = [
  'path',
  'workspace_dir',
  'bucket',
  'key',
  'prefix',
  'workspace_key_prefix',
  'hostname',
  'organization',
  'workspaces',
  'storage_account_name',
  'container_name',
  'address',
  'conn_str',
  'schema_name',
  'secret_suffix',
  'namespace',
] as const;

/** The state beside this one: that of the same workspace. */
const SAME_WORKSPACE: readonly unknown[] = [undefined, null, 'default', '${terraform.workspace}'];

/** Whether a `terraform_remote_state` reads the state of a document: by the same backend, or by the name that cdktf gives it, unless the backend is another one. */
export function readsState(root: Json, remoteState: string, block: Json): boolean {
  if (!SAME_WORKSPACE.includes(block.workspace)) return false;
  const backends = json(json(jsonList(root.terraform)[0]).backend);
  const backend = Object.keys(backends)[0];
  const [own, config] = [backend === undefined ? undefined : jsonList(backends[backend])[0], jsonList(block.config)[0]];
  const isComparable = backend !== undefined && block.backend === backend && isJson(own) && isJson(config);
  if (isComparable && isSame(own, config)) return true;
  const { stackName } = json(json(root['//']).metadata);
  if (typeof stackName !== 'string' || remoteState !== `cross-stack-reference-input-${stackName}`) return false;
  return backend === undefined || (isComparable && !differs(own, config));
}

function isSame(a: Json, b: Json): boolean {
  const place = (config: Json) => JSON.stringify(PLACE.map((key) => config[key]));
  return place(a) === place(b) && /"/.test(place(a));
}

/** Whether both say a place, and not the same one. */
function differs(a: Json, b: Json): boolean {
  return PLACE.some(
    (key) => a[key] !== undefined && b[key] !== undefined && JSON.stringify(a[key]) !== JSON.stringify(b[key]),
  );
}
