import { suggestKey } from '../../../../lib/policy/read/suggest';
import { KEYS } from '../../../../lib/policy/schema';

test.each([
  ['hots', 'hosts'],
  ['Host', 'host'],
  ['domain', 'host'],
  ['port', 'ports'],
  ['prot', 'protocol'],
  ['expiry', 'expires'],
  ['cidr', 'private'],
  ['colour', undefined],
  ['constructor', undefined],
  ['', undefined],
  ['x'.repeat(10_000), undefined],
])('%s', (key, meant) => expect(suggestKey(key, KEYS.rule)).toBe(meant));
