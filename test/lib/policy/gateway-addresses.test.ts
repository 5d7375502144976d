import { checkGatewayAddresses, EgressPolicy } from '../../../lib/policy';

/** A policy of one workload `a` with these entries of `allow`. */
function withRules(...rules: string[]): EgressPolicy {
  const allow = rules.map((rule) => `      - ${rule}\n`).join('');
  return EgressPolicy.fromYaml(`version: 1\nworkloads:\n  a:\n    port: 10000\n    allow:\n${allow}`, {
    file: 'egress.yaml',
  });
}

describe('checkGatewayAddresses', () => {
  const policy = withRules(
    '{ host: llm.internal, protocol: http, ports: [10000, 9901, 11434], private: [10.0.0.0/8] }',
  );

  test('refuses a rule that leads to a listener of the gateway at a known address', () => {
    expect(() => checkGatewayAddresses(policy, ['10.0.0.5', 'fd00::5'], 9901)).toThrow(
      [
        'egress.yaml:6:9: rule "llm.internal:9901,10000,11434" reaches port 10000 at 10.0.0.5, where the gateway itself listens (workload "a"); write another port, or a `private` without these addresses',
        'egress.yaml:6:9: rule "llm.internal:9901,10000,11434" reaches port 9901 at 10.0.0.5, where the gateway itself listens (the health endpoint); write another port, or a `private` without these addresses',
      ].join('\n'),
    );
  });

  test('a fixed address is judged by itself', () => {
    const fixed = (address: string) =>
      withRules(`{ host: llm.internal, private: [10.0.0.0/8], ports: [10000], address: "${address}" }`);
    expect(() => checkGatewayAddresses(fixed('10.0.0.5:10000'), ['10.0.0.5'], 9900)).toThrow(
      'reaches port 10000 at 10.0.0.5',
    );
    expect(() => checkGatewayAddresses(fixed('10.0.0.5:11434'), ['10.0.0.5'], 9900)).not.toThrow();
    expect(() => checkGatewayAddresses(fixed('10.0.0.6:10000'), ['10.0.0.5'], 9900)).not.toThrow();
  });

  test('passes everything else', () => {
    expect(() => checkGatewayAddresses(policy, ['192.168.0.5'], 9900)).not.toThrow();
    expect(() => checkGatewayAddresses(withRules('host: a.example.com'), ['10.0.0.5'], 9900)).not.toThrow();
  });
});
