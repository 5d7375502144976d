import { EgressPolicy } from '../../lib/policy';
import { assertAllowed, assertRefused, type PolicyQuestion } from '../../testing';

const YAML = `
version: 1
workloads:
  web-search:
    port: 10000
    allow:
      - host: api.example.com
        reason: search
        expires: 2027-06-30
`;

const connect = (host: string, now = '2027-01-01'): PolicyQuestion => ({
  workload: 'web-search',
  form: 'connect',
  method: 'CONNECT',
  authority: `${host}:443`,
  payload: 'tls',
  sni: host,
  now: new Date(now),
});
const messageOf = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ name: 'AssertionError' });
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
};

describe('the assertions on a policy', () => {
  const policy = EgressPolicy.fromYaml(YAML, { file: 'egress.yaml' });
  const observing = EgressPolicy.fromYaml(`mode: observe${YAML}`, { file: 'egress.yaml' });

  it('hold where the policy says so', () => {
    assertAllowed(policy, connect('api.example.com'));
    assertRefused(policy, connect('www.example.com'));
    assertRefused(policy, connect('www.example.com'), 'no_rule');
    assertRefused(policy, connect('api.example.com', '2027-07-01'), 'expired');
  });

  it('say why a request is refused, by which rule, and what to do', () => {
    const message = messageOf(() => assertAllowed(policy, connect('api.example.com', '2027-07-01')));
    expect(message).toMatch(/^web-search: CONNECT api\.example\.com:443 is denied \(expired\), not allowed\.\n/);
    expect(message).toContain('\nrule api.example.com:443, egress.yaml:7:9\n');
    expect(messageOf(() => assertAllowed(policy, connect('www.example.com')))).toContain('host: www.example.com');
  });

  it('say that a request passes, or fails for another reason', () => {
    expect(messageOf(() => assertRefused(policy, connect('api.example.com')))).toContain(
      'is allowed (rule), not refused.',
    );
    expect(messageOf(() => assertRefused(policy, connect('www.example.com'), 'port'))).toContain(
      'is denied (no_rule), not refused (port).',
    );
  });

  it('do not take what mode observe lets pass for allowed', () => {
    assertRefused(observing, connect('www.example.com'), 'no_rule');
    expect(messageOf(() => assertAllowed(observing, connect('www.example.com')))).toContain('is would_deny (no_rule)');
  });

  it('take the present moment where none is given', () => {
    const { now: _, ...question } = connect('www.example.com');
    assertRefused(policy, question, 'no_rule');
  });
});
