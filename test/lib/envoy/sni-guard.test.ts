import type { ConfigObject } from '../../../lib/envoy/resources';
import { decide } from '../../../lib/policy/decide';
import { passes } from './support/cel';
import { policyOf } from './support/policies';
import { chainOf, compiled, filter, routeFor } from './support/reading';

test.each<[sni: string, authority: string, passes: boolean]>([
  ['a.example.com', 'a.example.com:443', true],
  ['a.example.com', 'A.EXAMPLE.com:443', true],
  ['', 'a.example.com:443', false],
  ['a.example.co', 'a.example.com:443', false],
  ['a.example.com.', 'a.example.com:443', false],
  ['a.example.com:443', 'a.example.com:443', false],
  ['b.example.com', 'a.example.com:443', false],
  ['10.0.0.7', '10.0.0.7:443', true],
  ['', '10.0.0.7:443', true],
  ['', '10.0.0.77:443', false],
  ['', '[FD12::7]:443', true],
  ['', '[fd12::77]:443', false],
  ['[fd12::7]', '[fd12::7]:443', false],
  ['fd12::7', '[fd12::7]:443', false],
  ['[fd12', '[fd12::7]:443', false],
  ['[', '[:443', false],
])('the SNI %j of a CONNECT to %s: %s, as decide says', (sni, authority, expected) => {
  const allow = [{ hosts: ['a.example.com', '10.0.0.7', 'fd12::7'], private: ['10.0.0.0/8', 'fd12::/16'] }];
  const config = compiled(allow);
  const chain = chainOf(config, routeFor(config, 'a.example.com', 'tls/'));
  const rbac = filter(chain, 'envoy.filters.network.rbac');
  expect(passes(rbac.typed_config.rules as ConfigObject, { sni, authority })).toBe(expected);
  const request = { workload: 'web', form: 'connect', method: 'CONNECT', authority, sni, now: new Date(0) } as const;
  expect(decide(policyOf(allow), request).decision === 'allowed').toBe(expected);
});
