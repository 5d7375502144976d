import { judge, readCases, runCase, type Case, type CaseResult } from '../cases';
import type { EgressPolicy } from '../policy';
import { readPolicyFiles } from '../policy/read/files';
import { askGateway, GatewayError } from './ask-gateway';
import { CliError } from './cli-error';
import { EXIT, type ExitCode } from './exit-codes';
import { loadPolicy } from './load-policy';
import { formatOf, type FormatValues } from './option-values';
import { colorsOf, print, progress, widthOf } from './terminal';
import { asJson, asMarkdown, asText } from './test-report';

export interface TestOptions extends FormatValues {
  readonly policy?: readonly string[];
  /** A running gateway: its host, and a port where all cases are of one workload. */
  readonly live?: { readonly host: string; readonly port?: number };
  /** The day as of which expiry counts. @default now */
  readonly at?: Date;
}

/** Methods that change nothing (RFC 9110, section 9.2.1); others are not sent to somebody's server for a test. */
const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const AT_A_TIME = 8;

/** Compares expectations with what the policy says, or with what a running gateway does. */
export async function testPolicy(files: readonly string[], options: TestOptions): Promise<ExitCode> {
  const policy = await loadPolicy(options.policy);
  const cases = readPolicyFiles(files).flatMap(({ file, text }) => readCases(text, file));
  const now = options.at ?? new Date();
  const results = options.live
    ? await runLive(policy, cases, options.live)
    : cases.map((each) => runCase(policy, each, now));
  const format = formatOf(options);
  if (format === 'json') print(asJson(results));
  else if (format === 'markdown') print(asMarkdown(results));
  else print(asText(results, { width: widthOf(process.stdout), colors: colorsOf(process.stdout) }));
  return results.some(({ outcome }) => outcome === 'failed') ? EXIT.no : EXIT.yes;
}

async function runLive(
  policy: EgressPolicy,
  cases: readonly Case[],
  live: { readonly host: string; readonly port?: number },
): Promise<CaseResult[]> {
  const workloads = new Set(cases.map(({ workload }) => workload));
  if (live.port !== undefined && workloads.size > 1)
    throw new CliError(
      `the cases are of ${workloads.size} workloads, each with a port of its own; write --live http://${live.host} and let the policy say the ports.`,
      EXIT.usage,
    );
  const results: CaseResult[] = [];
  for (let at = 0; at < cases.length; at += AT_A_TIME) {
    progress(`asked ${at} of ${cases.length}`);
    results.push(...(await Promise.all(cases.slice(at, at + AT_A_TIME).map((each) => askLive(policy, each, live)))));
  }
  return results;
}

async function askLive(
  policy: EgressPolicy,
  each: Case,
  { host, port = portOf(policy, each.workload) }: { readonly host: string; readonly port?: number | undefined },
): Promise<CaseResult> {
  if (port === undefined) return runCase(policy, each, new Date());
  const { request } = each;
  const skip = (note: string): CaseResult => ({ case: each, outcome: 'skipped', note });
  if (each.at !== undefined || each.answers !== undefined)
    return skip('a running gateway has a clock and a resolver of its own: `at` and `answers` are for the policy alone');
  if (request.form === 'absolute' && !SAFE.includes(request.method))
    return skip(`${request.method} is not sent to a server for a test`);
  try {
    const { decision, reason, note } = await askGateway({ host, port }, request);
    // What mode observe lets pass looks like what is allowed.
    const seen = each.expect === 'would_deny' && decision === 'allowed' ? 'would_deny' : decision;
    const result = judge(each, seen, seen === 'denied' ? reason : undefined);
    return note === undefined || result.note !== undefined ? result : { ...result, note };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { case: each, outcome: 'failed', note: error.message };
  }
}

function portOf(policy: EgressPolicy, workload: string): number | undefined {
  return policy.workloads.find(({ name }) => name === workload)?.port;
}
