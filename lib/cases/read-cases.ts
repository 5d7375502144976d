import { PolicyError, type PolicyProblem } from '../policy/errors';
import { parseYaml } from '../policy/read/parse';
import type { Path, Problems } from '../policy/read/problems';
import { addIssues, type KeysAt } from '../policy/read/shape';
import { requestOf, type AskedRequest } from '../policy/request-of';
import type { Reason } from '../policy/reasons';
import type { Source } from '../policy/types';
import { casesSchema, KEYS, type CasesFile } from './schema';

/** One expectation of a policy. */
export interface Case {
  /** As written, or `web-search GET https://…`. */
  readonly name: string;
  readonly workload: string;
  readonly request: AskedRequest;
  readonly expect: 'allowed' | 'denied' | 'would_deny';
  readonly reason?: Reason;
  /** The day as of which expiry counts. */
  readonly at?: Date;
  /** What the name resolves to. */
  readonly answers?: readonly string[];
  readonly source: Source;
}

/**
 * Reads a file of expectations.
 * @param file the name that places carry
 * @throws {PolicyError} with everything that is wrong in it
 */
export function readCases(text: string, file: string): Case[] {
  const { value, readable, problems } = parseYaml(text, file);
  let cases: Case[] = [];
  if (readable) {
    const { data, error } = casesSchema.safeParse(value);
    addIssues(error?.issues ?? [], value, problems, keysAt);
    cases = data ? data.cases.flatMap((each, index) => readCase(each, ['cases', index], problems) ?? []) : [];
    if (data?.cases.length === 0)
      problems.add('wrong_value', ['cases'], 'there are no cases; a run would show nothing');
  }
  if (problems.list.length > 0) throw new PolicyError(problems.list.map(inCasesFile));
  return cases;
}

function readCase(raw: CasesFile['cases'][number], path: Path, problems: Problems): Case | undefined {
  const method = raw.method ?? (/^tcp:/i.test(raw.url) ? 'CONNECT' : 'GET');
  let request: AskedRequest;
  try {
    request = requestOf(method, raw.url);
  } catch (error) {
    problems.add('wrong_value', [...path, 'url'], (error as Error).message);
    return undefined;
  }
  return {
    name: raw.name ?? `${raw.workload} ${method.toUpperCase()} ${raw.url}`,
    workload: raw.workload,
    request,
    expect: raw.expect,
    ...(raw.reason !== undefined && { reason: raw.reason }),
    ...(raw.at !== undefined && { at: new Date(`${raw.at}T00:00:00Z`) }),
    ...(raw.answers !== undefined && { answers: raw.answers }),
    source: problems.locator.at(path),
  };
}

const keysAt: KeysAt = (path) =>
  path[0] === 'cases' ? { keys: KEYS.case, where: 'in a case' } : { keys: KEYS.file, where: 'in a file of cases' };

/** What is said of an empty policy is not true of this file. */
function inCasesFile(problem: PolicyProblem): PolicyProblem {
  if (problem.code !== 'empty_file') return problem;
  return { ...problem, message: 'the file is empty; write `version: 1` and `cases`' };
}
