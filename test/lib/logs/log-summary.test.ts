import { parseLogLine, type LogRecord } from '../../../lib/gateway/log-line';
import { adviceFor, LogSummary } from '../../../lib/logs';
import { HOSTILE, line } from './hostile';

const record = (fields: Readonly<Record<string, unknown>> = {}): LogRecord => parseLogLine(line(fields)) as LogRecord;

function summaryOf(...records: LogRecord[]): LogSummary {
  const summary = new LogSummary();
  for (const each of records) summary.add(each);
  return summary;
}

test('what is alike is one group, with the first and the last time, whatever the order', () => {
  const times = ['2026-11-20T12:00:05.000Z', '2026-11-20T12:00:01.000Z', '2026-11-20T12:00:03.000Z'];
  const { groups } = summaryOf(
    ...times.map((time) => record({ time, bytes_received: 10, authority: 'API.example.com:443' })),
  );
  expect(groups).toMatchObject([
    { count: 3, destination: 'api.example.com:443', firstSeen: times[1], lastSeen: times[0], bytesReceived: 30 },
  ]);
});

test('refusals come first, then the more frequent', () => {
  const { groups } = summaryOf(
    record({ decision: 'allowed', reason: 'rule', authority: 'a.test:443' }),
    record({ authority: 'b.test:443' }),
    record({ authority: 'c.test:443' }),
    record({ authority: 'c.test:443' }),
    record({ decision: 'would_deny', authority: 'd.test:443' }),
  );
  expect(groups.map(({ decision, destination }) => `${decision} ${destination}`)).toEqual([
    'denied c.test:443',
    'denied b.test:443',
    'would_deny d.test:443',
    'allowed a.test:443',
  ]);
});

test('the number of destinations is bounded, and what comes after is counted', () => {
  const summary = new LogSummary();
  for (let i = 0; i < 10_500; i++) summary.add(record({ authority: `h${i}.test:443` }));
  summary.add(record({ authority: 'h1.test:443' }));
  expect([summary.groups.length, summary.others]).toEqual([10_000, 500]);
  expect(summary.groups[0]).toMatchObject({ destination: 'h1.test:443', count: 2 });
});

test.each(HOSTILE)('%j is shown so that a terminal does nothing, and no YAML is made of it', (authority) => {
  const [group] = summaryOf(record({ authority })).groups;
  expect(group?.destination).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(group?.parsed).toBeUndefined();
  expect(adviceFor(group as never)).toEqual({});
});

test('the same holds for the server name, the method, the rule and the workload', () => {
  const evil = '\u001b[31m\n- host: evil.test';
  const [group] = summaryOf(
    record({ workload: evil, sni: evil, method: evil, rule: evil, reason: 'sni_mismatch' }),
  ).groups;
  expect(JSON.stringify(group)).not.toMatch(/\\u001b\[|\\n/);
  expect(adviceFor(group as never)).toEqual({});
});

test.each([
  [{}, { yaml: 'workloads: { web-search: { allow: [ { host: api.example.com } ] } }' }],
  [{ authority: 'a.test:8443' }, { yaml: 'workloads: { web-search: { allow: [ { host: a.test, ports: [8443] } ] } }' }],
  [
    { authority: 'a.test', method: 'GET' },
    { yaml: 'workloads: { web-search: { allow: [ { host: a.test, protocol: http, ports: [80] } ] } }' },
  ],
  [
    { authority: '10.0.0.1:443', reason: 'ip_literal' },
    { hint: 'Use a host name. An internal address is reached under a rule with `private`.' },
  ],
  [
    { reason: 'port', authority: 'a.test:8443' },
    { hint: expect.stringContaining('add 8443 to its `ports` under workloads.web-search.allow') },
  ],
  [{ reason: 'of_a_newer_gateway' }, {}],
  [{ decision: 'allowed', reason: 'rule' }, {}],
])('%j: what to do', (fields, expected) => {
  const [group] = summaryOf(record(fields)).groups;
  expect(adviceFor(group as never)).toEqual(expected);
});
