import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EgressPolicy, PolicyError, PROBLEM_CODES, type PolicyProblem, type ProblemCode } from '../../../lib/policy';
import type { ProblemCase } from './cases/cases';
import { FILE_CASES } from './cases/file';
import { HOST_CASES } from './cases/host';
import { IP_CASES } from './cases/ip';
import { POLICY_CASES } from './cases/policy';
import { RULE_CASES } from './cases/rule';

const CASES = { ...FILE_CASES, ...HOST_CASES, ...IP_CASES, ...RULE_CASES, ...POLICY_CASES };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-problems-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('every kind of mistake says where it is, what it is, what is allowed and what to write', () => {
  for (const code of PROBLEM_CODES) {
    describe(`${code}`, () => {
      test.each((CASES[code] ?? []).map((one) => [nameOf(one), one] as const))('%s', (_name, one) => {
        const problems = problemsOf(one);
        expect(problems.map(line)).toEqual(one.says);
        expect(new Set(problems.map((problem) => problem.code))).toEqual(new Set<ProblemCode>([code]));
      });
    });
  }

  test('every code has a case', () => {
    expect(PROBLEM_CODES.filter((code) => (CASES[code] ?? []).length === 0)).toEqual([]);
  });
});

function nameOf(one: ProblemCase): string {
  const text = 'rule' in one ? one.rule : 'text' in one ? one.text : one.files.join(' + ');
  return JSON.stringify(text).slice(0, 100);
}

function problemsOf(one: ProblemCase): readonly PolicyProblem[] {
  const texts = 'rule' in one ? [withRule(one.rule)] : 'text' in one ? [one.text] : one.files;
  const paths = texts.map((text, index) => {
    const path = join(folder, texts.length === 1 ? 'egress.yaml' : `${'ab'[index]}.yaml`);
    writeFileSync(path, text);
    return path;
  });
  try {
    EgressPolicy.fromFile(paths);
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return [];
}

/** The problem as the error prints it, less the folder of the test and the name of an only file. */
function line(problem: PolicyProblem): string {
  const printed = new PolicyError([problem]).message;
  return printed.replaceAll(`${folder}/`, '').replace(/^egress\.yaml:/, '');
}

function withRule(rule: string): string {
  return `version: 1\nworkloads:\n  a:\n    port: 10000\n    allow:\n      - ${rule}`;
}
