import { nextExpiry } from '../../../lib/gateway/next-expiry';
import { EgressPolicy } from '../../../lib/policy/policy';

const policy = EgressPolicy.fromObject({
  version: 1,
  workloads: {
    a: { port: 10000, allow: [{ host: 'one.example.com', expires: '2030-06-30' }, { host: 'two.example.com' }] },
    b: { port: 10001, allow: [{ host: 'three.example.com', expires: '2030-01-31' }] },
  },
});

describe('nextExpiry', () => {
  it.each([
    ['2029-12-31T00:00:00Z', '2030-02-01T00:00:00.000Z'],
    ['2030-01-31T23:59:59.999Z', '2030-02-01T00:00:00.000Z'],
    ['2030-02-01T00:00:00Z', '2030-07-01T00:00:00.000Z'],
  ])('after %s it is %s: the first moment after the last day', (after, expected) => {
    expect(nextExpiry(policy, new Date(after))?.toISOString()).toBe(expected);
  });

  it('is nothing when every rule that ends has ended', () => {
    expect(nextExpiry(policy, new Date('2030-07-01T00:00:00Z'))).toBeUndefined();
  });
});
