import { AWS_SERVICES } from '../../network/aws-services';
import { findSuffixFault } from '../../policy/host/suffix';
import { findRisk, SHARED_HOSTING } from '../../policy/lint/risky-hosts';
import { Ref, show, Template, Unknown, type Value } from '../value/value';

/** What an entry of a DNS Firewall list lets through. */
export type Domain =
  | { readonly kind: 'exact' }
  /** Every name below a zone: its owner sees the names that are asked for. */
  | { readonly kind: 'wildcard'; readonly zone: string }
  /** Names that anybody can get, or every name. */
  | { readonly kind: 'open'; readonly why: string }
  | { readonly kind: 'everything' }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

const NOT_KNOWN = '\u0002';
/** What hosts and zones are made of. */
const LETTERS = /^[a-z0-9_.-]*$/;
const REGION = 'region';
const DNS_SUFFIX = 'amazonaws.com';

/** Wildcards of AWS's own services that have names only AWS makes and answers. */
const SERVICE_ZONES = new Set(
  AWS_SERVICES.flatMap((service) => service.dnsNames({ account: '0', region: REGION, dnsSuffix: DNS_SUFFIX }))
    .filter((name) => name.startsWith('*.'))
    .map((name) => name.slice(2)),
);

/** Reads an entry: `*` and `*.` are everything, `*.` in front is every name below (Route 53 Developer Guide, "DNS Firewall domain lists"). */
export function readDomain(value: Value): Domain {
  if (value instanceof Unknown) return { kind: 'unknown', unknown: value };
  const name = textOf(value).trim().toLowerCase().replace(/\.$/, '');
  if (name === '*') return { kind: 'everything' };
  if (name === '') return { kind: 'open', why: 'an empty name may be every name' };
  if (name.startsWith(NOT_KNOWN))
    return { kind: 'unknown', unknown: new Unknown(show(value), 'is not known, and may be every name') };
  const isName = LETTERS.test(name.replace(/^\*\./, '').replaceAll(NOT_KNOWN, ''));
  if (name.startsWith('*') && !name.startsWith('*.'))
    return { kind: 'open', why: '"*" without a dot behind it also fits names of strangers' };
  const domain: Domain = name.startsWith('*') ? wildcard(name.slice(2), value) : { kind: 'exact' };
  // Text that is no name (JSON, say, or a star inside) may become several, or fit more than it says.
  return isName || domain.kind === 'open'
    ? domain
    : { kind: 'unknown', unknown: new Unknown(show(value), 'is no name of a host') };
}

function wildcard(zone: string, value: Value): Domain {
  const known = zone.split(NOT_KNOWN).at(-1) ?? '';
  const tail = known.replace(/^[^.]*\./, '');
  if (zone.includes(NOT_KNOWN) && (!known.includes('.') || !tail.includes('.') || findSuffixFault(tail, true)))
    return { kind: 'unknown', unknown: new Unknown(show(value), 'is not known, and may be a zone of strangers') };
  if (SERVICE_ZONES.has(withoutRegion(zone))) return { kind: 'wildcard', zone };
  const fault = findSuffixFault(zone, true);
  if (fault) return { kind: 'open', why: fault.what };
  const risk = findRisk(SHARED_HOSTING, `*.${zone}`);
  const isCloud = findRisk(SHARED_HOSTING.slice(0, 1), zone) !== undefined;
  // Below a product's domain one tenant owns its zone; below a cloud's the zones of services hold the names of every customer.
  if (risk && (isCloud || risk.name === zone || risk.name.endsWith(`.${zone}`)))
    return { kind: 'open', why: `${risk.name} ${risk.why}` };
  return { kind: 'wildcard', zone };
}

function withoutRegion(zone: string): string {
  return zone
    .replace(/\.amazonaws\.com\.cn$/, `.${DNS_SUFFIX}`)
    .split('.')
    .map((label) => (/^[a-z]{2}(-[a-z]+)+-\d$/.test(label) ? REGION : label))
    .join('.');
}

function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  const parts = value instanceof Template ? value.parts : [value];
  return parts
    .map((part) => (typeof part === 'string' ? part : part instanceof Ref ? factOf(part) : NOT_KNOWN))
    .join('');
}

/** Data sources whose answer is known well enough; names of resources have no star in front. */
function factOf({ resource, attribute }: Ref): string {
  if (resource.kind === 'data.aws_region') return REGION;
  if (resource.kind === 'data.aws_partition' && attribute === 'dns_suffix') return DNS_SUFFIX;
  return resource.kind === 'data.aws_caller_identity' || resource.kind === 'data.aws_partition' ? 'x' : NOT_KNOWN;
}
