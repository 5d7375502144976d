import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EgressPolicy, lint } from '../../../lib/policy';

const file = join(__dirname, '../../../egress.yaml');
const policy = EgressPolicy.fromFile(file);

test('the example policy has its two workloads and no warnings, today and in ten years', () => {
  expect(policy.workloads.map(({ name, port, rules }) => [name, port, rules.map(({ id }) => id)])).toEqual([
    ['local-llm', 10001, ['host.docker.internal:11434']],
    ['web-search', 10000, ['api.your-approved-service.com:443', '*.wikipedia.org+1:443', 'plain.example.org:80']],
  ]);
  expect(lint(policy, { at: new Date('2036-01-01') })).toEqual([]);
});

test('its first line tells editors the schema', () => {
  expect(readFileSync(file, 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=./egress.schema.json');
});
