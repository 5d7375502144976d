import { parse } from 'tldts';
import { contains, PUBLIC_DENIED_RANGES } from '../policy';
import { findHomograph } from '../policy/lint/homograph';
import { ACCEPTS_UPLOADS, DNS_OVER_HTTPS, findRisk, SHARED_HOSTING } from '../policy/lint/risky-hosts';
import { escapeUnprintable } from '../policy/quote';
import type { HazardKind } from './hazard-kinds';

/** Why a host is not simply proposed. */
export interface Hazard {
  readonly kind: HazardKind;
  /** A sentence's end that begins with the host. */
  readonly why: string;
}

/** What speaks against proposing a normalised host; undefined for ordinary ones. */
export function hazardOf(host: string, isIp: boolean): Hazard | undefined {
  if (isIp) {
    return contains(PUBLIC_DENIED_RANGES, host)
      ? { kind: 'private', why: 'is an internal address' }
      : { kind: 'ip', why: 'is an address, which says nothing of who answers there' };
  }
  const doh = findRisk(DNS_OVER_HTTPS, host);
  if (doh) return { kind: 'dns-over-https', why: doh.why };
  const uploads = findRisk(ACCEPTS_UPLOADS, host);
  if (uploads) return { kind: 'uploads', why: uploads.why };
  const shared = sharedHosting(host);
  if (shared !== undefined) return { kind: 'shared-hosting', why: shared };
  const odd = findHomograph(host);
  return odd === undefined ? undefined : { kind: 'homograph', why: escapeUnprintable(odd) };
}

/** Why anybody may have a name like this one. */
export function sharedHosting(host: string): string | undefined {
  const risk = findRisk(SHARED_HOSTING, host);
  if (risk) return `lies below ${risk.name}, which ${risk.why}`;
  const { isPrivate, publicSuffix } = parse(host.replace(/^\*\./, ''), { allowPrivateDomains: true });
  return isPrivate === true ? `lies below ${publicSuffix}, where anybody can get a name` : undefined;
}
