import { Document, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { DEFAULT_PORTS } from '../policy/ports';
import type { ImportedWorkload } from './merge-lists';
import type { ImportedRule } from './rule-set';
import type { Suggestion } from './source';

const OPTIONS = { version: '1.2', compat: 'yaml-1.1' } as const;
const TEXT = { lineWidth: 0, singleQuote: true, nullStr: '', flowCollectionPadding: false } as const;

/**
 * The policy as text: the same workloads give the same bytes. What a person has to decide stands in it as comments, which are
 * valid rules once they are none.
 * @param about Lines for the top.
 */
export function writeSkeleton(
  workloads: readonly ImportedWorkload[],
  ports: ReadonlyMap<string, number>,
  about: readonly string[],
): string {
  const document = new Document({ version: 1, mode: 'enforce' }, OPTIONS);
  document.commentBefore = asComment([
    'yaml-language-server: $schema=./node_modules/cdktf-mcp-egress/egress.schema.json',
    '',
    ...about,
  ]);
  const map = new YAMLMap(document.schema);
  for (const workload of workloads) {
    const key = new Scalar(workload.name);
    key.commentBefore = asComment(workload.about);
    key.spaceBefore = map.items.length > 0;
    map.add(document.createPair(key, writeWorkload(document, workload, ports.get(workload.name) ?? 0)));
  }
  document.set('workloads', map);
  return document.toString(TEXT);
}

function writeWorkload(document: Document, { rules }: ImportedWorkload, port: number): YAMLMap {
  const map = document.createNode({ port }) as YAMLMap;
  const comment = asComment(rules.suggestions.flatMap(suggestionLines));
  const list = rules.rules.map((rule) => plainRule(rule));
  if (list.length > 0) {
    const sequence = document.createNode(list) as YAMLSeq;
    for (const hosts of sequence.items.map((item) => (item as YAMLMap).get('hosts'))) {
      if (hosts instanceof YAMLSeq && hosts.items.length <= 3) hosts.flow = true;
    }
    for (const ports of sequence.items.map((item) => (item as YAMLMap).get('ports'))) {
      if (ports instanceof YAMLSeq) ports.flow = true;
    }
    if (comment !== '') sequence.comment = comment;
    map.set('allow', sequence);
    return map;
  }
  const nothing = new Scalar(null);
  nothing.commentBefore = comment === '' ? ' nothing yet' : comment;
  map.set('allow', nothing);
  return map;
}

/** A rule as plain data; keys with their default are left out. */
function plainRule({ hosts, ports, protocol, reason }: ImportedRule): Record<string, unknown> {
  const isDefault = ports.length === 1 && ports[0] === DEFAULT_PORTS[protocol];
  return {
    ...(hosts.length === 1 ? { host: hosts[0] } : { hosts }),
    ...(protocol !== 'tls' && { protocol }),
    ...(!isDefault && { ports }),
    ...(reason !== '' && { reason }),
  };
}

/** The lines of a rule that is a comment, and why it is none yet. */
function suggestionLines({ host, port, protocol, private: networks, why }: Suggestion): string[] {
  const rule = plainRule({ hosts: [host], ports: [port], protocol, reason: '' });
  const document = new Document([{ ...rule, ...(networks && { private: networks }) }], OPTIONS);
  const [entry] = (document.contents as unknown as YAMLSeq<YAMLMap>).items;
  for (const { value } of entry?.items ?? []) if (value instanceof YAMLSeq) value.flow = true;
  const [first = '', ...others] = document.toString(TEXT).trimEnd().split('\n');
  return [`${first} # ${why}`, ...others];
}

/** `yaml` puts the # in front of each line. */
function asComment(lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? '' : ` ${line}`)).join('\n');
}
