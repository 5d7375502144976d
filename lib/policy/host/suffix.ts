import { getPublicSuffix, parse } from 'tldts';
import { quote } from '../quote';
import { fault, type HostFault } from './fault';

const OPTIONS = { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: false };

/** Refuses a top-level domain as a host: it is a typing mistake, or a wish for everything below it. */
export function findTopLevelFault(name: string): HostFault | undefined {
  if (name.includes('.') || !isPublicSuffix(name)) return undefined;
  const remedy = `write a whole name, like ${quote(`www.example.${name}`)}`;
  return fault('host_public_suffix', 'this is a top-level domain, not a host', remedy);
}

/**
 * Refuses a wildcard below which strangers have names.
 * @param name What stands behind `*.`.
 * @param isPrivate Whether the rule has `private`, which bounds a top-level name that is nobody's public suffix.
 */
export function findSuffixFault(name: string, isPrivate: boolean): HostFault | undefined {
  const below = `any.${name}`; // `*.ck` of the list makes every name below ck a suffix
  if (isPublicSuffix(name) || getPublicSuffix(below, OPTIONS) === below) {
    const what = `anybody can get a name below ${quote(name)} (public suffix list)`;
    const remedy = `name the hosts, or a wildcard on a name of one owner, like ${quote(`*.example.${name}`)}`;
    return fault('host_public_suffix', what, remedy);
  }
  if (name.includes('.') || isPrivate) return undefined;
  const remedy =
    'write a wildcard on a longer name, or add `private` with the networks that these names may resolve to';
  return fault('host_public_suffix', `${quote(name)} is a top-level name`, remedy);
}

/** Whether the list itself names it; its default rule, which makes every unknown top-level name a suffix, does not count. */
function isPublicSuffix(name: string): boolean {
  const { publicSuffix, isIcann, isPrivate } = parse(name, OPTIONS);
  return publicSuffix === name && (isIcann === true || isPrivate === true);
}
