import type { Form } from './form';
import { imageName } from './launched-image';
import { mappingAt, textAt, type Raw } from './raw';
import { permitted } from './toolhive-permissions';

/**
 * ToolHive for one server: a permission profile (https://docs.stacklok.com/toolhive/guides-cli/custom-permissions), what `thv export`
 * writes (`permission_profile`), or an entry of a registry (`permissions`).
 */
export const TOOLHIVE: Form = {
  keys: '`network.outbound` (ToolHive permission profile)',
  read: ({ file, value }) => {
    const profile = profileOf(value);
    if (profile === undefined) return undefined;
    const notes: string[] = [];
    const name = textAt(value, 'name') ?? baseName(file);
    const image = imageName(textAt(value, 'image') ?? '');
    const server = permitted(name, image === undefined ? undefined : `image ${image}`, profile, notes);
    return { form: 'ToolHive', client: 'toolhive', servers: [server], notes };
  },
};

function profileOf(value: Raw): Raw | undefined {
  const inside = mappingAt(value, 'permission_profile') ?? mappingAt(value, 'permissions');
  if (inside !== undefined) return inside;
  return mappingAt(value, 'network', 'outbound') ? value : undefined;
}

/** A profile need not have a name; its file has. */
function baseName(file: string): string {
  return (file.split(/[\\/]/).at(-1) ?? '').replace(/\.[^.]*$/, '');
}
