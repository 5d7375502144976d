import { Document, isSeq, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { ProposedHost, ProposedRule } from './propose';

const DEFAULT_PORTS = { tls: 443, http: 80 } as const;

/** Rules as entries of `allow`, each under or beside its evidence: YAML at column 0, with a line feed at the end. */
export function renderRules(rules: readonly ProposedRule[]): string {
  const document = new Document([]);
  const list = document.contents as unknown as YAMLSeq;
  list.flow = false;
  for (const rule of rules) list.add(nodeOf(document, rule));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function nodeOf(document: Document, { protocol, ports, methods, hosts, private: networks }: ProposedRule): YAMLMap {
  const [only] = hosts;
  const usual = ports.length === 1 && ports[0] === DEFAULT_PORTS[protocol];
  const node = document.createNode({
    ...(hosts.length === 1 ? { host: only?.host } : { hosts: hosts.map(({ host }) => host) }),
    ...(protocol !== 'tls' && { protocol }),
    ...(!usual && { ports: [...ports] }),
    ...(methods.length > 0 && { methods: [...methods] }),
    ...(networks && { private: [...networks] }),
  }) as YAMLMap;
  for (const { key, value } of node.items as Pair<Scalar<string>, YAMLSeq<Scalar> | Scalar>[]) {
    if (!isSeq(value)) continue;
    if (key.value !== 'hosts') value.flow = true;
    else
      value.items.forEach((item, index) => {
        const host = hosts[index];
        if (host) item.comment = evidence(host);
      });
  }
  if (hosts.length === 1 && only) node.commentBefore = evidence(only);
  return node;
}

/** Numbers, days and hosts that were parsed, nothing else. */
function evidence({ count, firstSeen, lastSeen, onlyHere, names }: ProposedHost): string {
  const [first, last] = [day(firstSeen), day(lastSeen)];
  const days = first === last ? first : `${first} to ${last}`;
  const more = names && names.length > 5 ? ` and ${names.length - 5} more` : '';
  const below = names ? `; for ${names.slice(0, 5).join(', ')}${more}` : '';
  const mark = onlyHere ? '; only this workload asked' : '';
  return ` learned: ${count} ${count === 1 ? 'request' : 'requests'}, ${days}${mark}${below}`;
}

/** A day; a time comes from a log. */
function day(time: string): string {
  return /^\d{4}-\d\d-\d\d/.exec(time)?.[0] ?? 'at an unknown time';
}
