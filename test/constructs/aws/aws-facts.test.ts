import { Construct } from 'constructs';
import { AwsFacts } from '../../../constructs/aws/aws-facts';
import { synthesized, synthesizedApp } from '../support/synth';

test('a stack asks once, whoever wants to know', () => {
  const stack = synthesized((scope) => {
    expect(AwsFacts.of(new Construct(scope, 'a'))).toBe(AwsFacts.of(new Construct(scope, 'b')));
  });
  expect(stack.addresses.map((address) => address.split('.')[1])).toEqual([
    'aws_caller_identity',
    'aws_partition',
    'aws_region',
  ]);
});

test('each stack asks for itself', () => {
  const { a, b } = synthesizedApp(['a', 'b'], (stacks) => {
    expect(AwsFacts.of(stacks.a)).not.toBe(AwsFacts.of(stacks.b));
  });
  expect(a.addresses).toEqual(b.addresses);
});

test('ARNs leave out what their service leaves out', () => {
  synthesized((scope) => {
    const facts = AwsFacts.of(scope);
    const parts = (arn: string): string[] => arn.replace(/\$\{TfToken\[[^\]]*\]\}/g, 'T').split(':');
    expect(parts(facts.arn('s3', 'bucket/*'))).toEqual(['arn', 'T', 's3', '', '', 'bucket/*']);
    expect(parts(facts.arn('iam', 'role/x'))).toEqual(['arn', 'T', 'iam', '', 'T', 'role/x']);
    expect(parts(facts.arn('ecs', '*'))).toEqual(['arn', 'T', 'ecs', 'T', 'T', '*']);
  });
});
