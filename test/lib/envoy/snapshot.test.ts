import { parse } from 'yaml';
import { compile } from '../../../lib/envoy/compile';
import { render } from '../../../lib/envoy/render';
import { EgressPolicy } from '../../../lib/policy/policy';

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

/** Takes out what was shown before: of two equal large values the second says where the first one stands. */
function once(value: unknown, place: string, shown: Map<string, string>): unknown {
  if (value === null || typeof value !== 'object') return value;
  const json = JSON.stringify(value);
  const before = json.length > 150 ? shown.get(json) : undefined;
  if (before !== undefined) return `(as ${before})`;
  shown.set(json, place);
  if (Array.isArray(value)) return value.map((each, index) => once(each, `${place}[${index}]`, shown));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, once(each, `${place}.${key}`, shown)]));
}

test('the whole output for a small policy', () => {
  const shown = new Map<string, string>();
  const files = [...render(compile(EgressPolicy.fromYaml(SMALL)))].sort();
  const parsed = files.map(([file, text]) => [file, once(parse(text), file, shown)]);
  expect(Object.fromEntries(parsed)).toMatchSnapshot();
});
