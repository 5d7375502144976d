import { Testing, Token } from 'cdktf';
import { Construct } from 'constructs';
import { Problems, PropsError } from '../../../constructs/aws/problems';

const scope = (): Construct => new Construct(new Construct(Testing.app(), 'outer'), 'inner');

test('all problems stand in one error, below the name and path of the construct', () => {
  const problems = new Problems(scope());
  problems.check(false, 'first.');
  problems.check(true, 'never.');
  problems.range('count', 7, 1, 5, 'Take fewer.');
  problems.match('name', 'A\n', /^[a-z]$/, 'one lower case letter');
  expect(() => problems.throwIfAny()).toThrow(
    'Construct "outer/inner":\n- first.\n- count: 7 is not a whole number from 1 to 5. Take fewer.\n- name: "A\\n" is not one lower case letter.',
  );
  expect(() => problems.throwIfAny()).toThrow(PropsError);
});

test('nothing noted is nothing thrown', () => {
  const problems = new Problems(scope());
  problems.range('count', 5, 1, 5);
  problems.range('count', undefined, 1, 5);
  problems.match('name', 'a', /^a$/, 'a');
  problems.match('name', undefined, /^a$/, 'a');
  problems.known('port', 80);
  problems.known('port', undefined);
  expect(() => problems.throwIfAny()).not.toThrow();
});

test.each([1.5, Number.NaN, 0, 6, Infinity])('%p is out of the range 1 to 5', (value) => {
  const problems = new Problems(scope());
  problems.range('count', value, 1, 5);
  expect(() => problems.throwIfAny()).toThrow(`count: ${value} is not a whole number from 1 to 5.`);
});

test('what is known at deployment only is not judged', () => {
  const problems = new Problems(scope());
  problems.range('count', Token.asNumber({ resolve: () => 1 }), 5, 6);
  problems.match('name', Token.asString({ resolve: () => 'x' }), /^a$/, 'a');
  problems.match('name', `arn:${Token.asString({ resolve: () => 'x' })}`, /^a$/, 'a');
  expect(() => problems.throwIfAny()).not.toThrow();
});

test('but it is refused where a text is made of it', () => {
  const problems = new Problems(scope());
  problems.known('port', Token.asNumber({ resolve: () => 1 }));
  expect(() => problems.throwIfAny()).toThrow(
    'port: known at deployment only, but it is written into a text; write the number itself.',
  );
});
