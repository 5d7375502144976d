import { isDeepStrictEqual } from 'node:util';
import { MOTO_ARTEFACTS } from './moto-artefacts';
import type { Plan, ResourceChange } from './terraform';

/** The attributes that differ; what will be known only after the change follows from another one. */
function differing({ change }: ResourceChange): string[] {
  const [before, after] = [change.before ?? {}, change.after ?? {}];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => change.after_unknown[name] !== true && !isDeepStrictEqual(before[name], after[name]))
    .sort();
}

function isArtefact(type: string, attribute: string, replaces: boolean): boolean {
  return MOTO_ARTEFACTS.some(
    (known) => known.type === type && known.attribute === attribute && (known.replaces ?? false) === replaces,
  );
}

/** What a second plan would do that no artefact of moto explains, one line each: action, address, attribute. */
export function unexplained({ resource_changes = [] }: Plan): string[] {
  return resource_changes.flatMap((resource) => {
    const { address, type, change } = resource;
    const action = change.actions.join(' and ');
    if (action === 'no-op' || action === 'read') return [];
    // Of a resource that is made anew, the attributes that ask for it are the whole cause.
    const causes = change.replace_paths?.map(([attribute]) => String(attribute));
    const isReplaced = change.actions.includes('delete') && change.actions.includes('create');
    if (action !== 'update' && !(isReplaced && causes)) return [`${action} ${address}`];
    const attributes = isReplaced ? (causes ?? []) : differing(resource);
    return attributes
      .filter((attribute) => !isArtefact(type, attribute, isReplaced))
      .map((attribute) => `${action} ${address}: ${attribute}`);
  });
}
