import { decide, type EgressRequest } from '../../../lib/policy/decide';
import type { Mode } from '../../../lib/policy/types';
import { absolute, connect, inner, OVER, policyOf, words } from './support/requests';

describe('of several http rules on one host the decision carries the one that the request is judged by', () => {
  const host = 'many.example.org';
  const rules = [
    { host, protocol: 'http', ports: [80, 81], methods: ['GET'] },
    { host, protocol: 'http', ports: [80, 82], methods: ['POST'], paths: ['/a/'] },
    { host, protocol: 'http', ports: [80, 83], methods: ['PUT'], expires: OVER },
  ];
  const ports = (request: EgressRequest, mode: Mode): readonly number[] | undefined =>
    decide(policyOf(rules, mode), request).rule?.ports.slice(1);
  const first = ports(connect(`${host}:80`, { payload: 'other' }), 'enforce');

  test.each([
    ['no answer', absolute(`POST ${host} /a/`, { answers: [] }), 'denied dns_failure request', [82]],
    [
      'a private answer',
      absolute(`POST ${host} /a/`, { answers: ['10.0.0.1'] }),
      'denied private_address request',
      [82],
    ],
    [
      'no answer in a tunnel',
      inner(`${host}:80`, `POST ${host} /a/`, { answers: [] }),
      'denied dns_failure tunnel',
      [82],
    ],
    ['another Host', inner(`${host}:80`, `POST ${host}:81 /a/`), 'denied host_mismatch tunnel', [82]],
    ['TRACE', absolute(`TRACE ${host} /a/`), 'denied method request', first],
    ['TRACE to a port of no rule', absolute(`TRACE ${host}:1 /a/`), 'denied method request', first],
    ['a rule that is over', absolute(`PUT ${host} /`), 'denied expired request', [83]],
  ])('%s', (_, request, expected, named) => {
    expect(words(policyOf(rules), request)).toBe(expected);
    expect(ports(request, 'enforce')).toEqual(named);
  });

  test('all of them over, in mode observe', () => {
    const over = rules.map((rule) => ({ ...rule, expires: OVER }));
    const request = absolute(`POST ${host} /a/`);
    expect(words(policyOf(over, 'observe'), request)).toBe('would_deny expired request');
    expect(decide(policyOf(over, 'observe'), request).rule?.ports).toEqual([80, 82]);
    expect(decide(policyOf(over), connect(`${host}:80`)).rule?.ports.slice(1)).toEqual(
      decide(policyOf(over), request).rule?.ports.slice(1),
    );
  });
});
