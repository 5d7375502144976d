import {
  formatSource,
  PolicyError,
  PolicyFileError,
  PROBLEM_CODES,
  type PolicyProblem,
} from '../../../lib/policy/errors';

const problem = (file: string, line: number, column: number, message: string): PolicyProblem => ({
  code: 'duplicate',
  file,
  line,
  column,
  message,
});

test('PolicyError lists all problems, sorted by file, line and column as numbers, each once', () => {
  const error = new PolicyError([
    problem('b.yaml', 1, 1, 'five'),
    problem('a.yaml', 10, 1, 'four'),
    problem('a.yaml', 9, 10, 'three'),
    problem('a.yaml', 9, 2, 'two'),
    problem('a.yaml', 9, 2, 'one'),
    problem('a.yaml', 9, 2, 'two'),
  ]);
  expect(error.message).toBe(
    'a.yaml:9:2: one\na.yaml:9:2: two\na.yaml:9:10: three\na.yaml:10:1: four\nb.yaml:1:1: five',
  );
  expect(error.problems).toHaveLength(5);
  expect(error.name).toBe('PolicyError');
  expect(error).toBeInstanceOf(Error);
});

test('the name of a file reaches no terminal raw', () => {
  expect(formatSource({ file: '\u001b[31m.yaml', line: 1, column: 2 })).toBe('\\u{1b}[31m.yaml:1:2');
});

test('a place in an object has no line', () => {
  expect(formatSource({ file: 'policy.workloads.a', line: 0, column: 0 })).toBe('policy.workloads.a');
});

test('codes are distinct words', () => {
  expect(new Set(PROBLEM_CODES).size).toBe(PROBLEM_CODES.length);
  expect(PROBLEM_CODES.every((code) => /^[a-z0-9_]+$/.test(code))).toBe(true);
});

test('PolicyFileError names its files', () => {
  const error = new PolicyFileError(['x.yaml'], 'cannot read');
  expect([error.name, error.code, error.files, error.message]).toEqual([
    'PolicyFileError',
    'unreadable',
    ['x.yaml'],
    'cannot read',
  ]);
});
