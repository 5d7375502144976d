import { parse } from 'yaml';
import { compile } from '../../../lib/envoy/compile';
import { render } from '../../../lib/envoy/render';
import type { ConfigObject } from '../../../lib/envoy/resources';
import { EgressPolicy } from '../../../lib/policy/policy';
import { valuesOf } from './support/reading';

/** A small policy that has a rule of every kind, so that a change of the output is seen as a whole, once. */
const SMALL = `version: 1
workloads:
  web:
    port: 10000
    allow:
      - { hosts: ['*.example.com', api.example.org], expires: 2030-06-30 }
      - { host: plain.example.org, protocol: http, methods: [GET], paths: [/public/], private: [10.0.0.0/8] }
      - { host: db.example.net, protocol: tcp, ports: [5432], reason: a database, address: '93.184.215.14:5432' }
    limits: { requestsPerSecond: 50, connections: 200, tunnelMinutes: 60, uploadKilobytesPerSecond: 2048 }
`;

/** A mapper of replies in one line; its body and headers have a test of their own. */
function reply(mapper: ConfigObject): string {
  const [when] = valuesOf(mapper, 'expression') as string[];
  const [reason] = valuesOf(mapper, 'reason') as string[];
  return `${(mapper.status_code as number | undefined) ?? '-'} ${reason}: ${when}`;
}

/** Takes out what was shown before: of two equal large values the second says where the first one stands. */
function once(value: unknown, place: string, shown: Map<string, string>): unknown {
  if (value === null || typeof value !== 'object') return value;
  const json = JSON.stringify(value);
  const before = json.length > 150 ? shown.get(json) : undefined;
  if (before !== undefined) return `(as ${before})`;
  shown.set(json, place);
  if (Array.isArray(value)) return value.map((each, index) => once(each, `${place}[${index}]`, shown));
  const short = (key: string, each: unknown) => (key === 'mappers' ? (each as ConfigObject[]).map(reply) : each);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, once(short(key, each), `${place}.${key}`, shown)]),
  );
}

/** JSON in which short values stand on one line. */
function lines(value: unknown, indent = ''): string {
  const json = JSON.stringify(value);
  if (value === null || typeof value !== 'object' || json.length + indent.length < 130) return json;
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Object.entries(value).map(([key, each]) =>
    Array.isArray(value) ? lines(each, deeper) : `${JSON.stringify(key)}: ${lines(each, deeper)}`,
  );
  return `${open}\n${parts.map((part) => `${deeper}${part}`).join(',\n')}\n${indent}${close}`;
}

/** Hashes by their first appearance, so that one change of the output is one change of the snapshot. */
function numbered(text: string): string {
  const seen = new Map<string, string>();
  return text.replace(/\b([0-9a-f]{12}|[0-9a-f]{16})\b/g, (hash) => {
    const number = seen.get(hash) ?? `#${seen.size + 1}`;
    seen.set(hash, number);
    return number;
  });
}

test('the whole output for a small policy', () => {
  const shown = new Map<string, string>();
  const files = [...render(compile(EgressPolicy.fromYaml(SMALL)))].sort();
  const parsed = files.map(([file, text]) => [file, once(parse(text), file, shown)]);
  expect(`\n${numbered(lines(Object.fromEntries(parsed)))}\n`).toMatchSnapshot();
});
