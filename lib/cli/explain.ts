import { decide, type Decision, type EgressRequest } from '../policy/decide';
import { type EgressPolicy } from '../policy/policy';
import { REASONS } from '../policy/reasons';
import { requestOf } from '../policy/request-of';
import { printable } from '../gateway/log-line';
import { CliError } from './cli-error';
import { EXIT, type ExitCode } from './exit-codes';
import { loadPolicy } from './load-policy';
import { formatOf, type FormatValues } from './option-values';
import { code, keyValueTable } from './markdown';
import { printableLines } from './printable-lines';
import { safeJson } from './safe-json';
import { colorsOf, print, type Colors } from './terminal';

export interface ExplainOptions extends FormatValues {
  readonly policy?: readonly string[];
  /** @default now */
  readonly at?: Date;
  readonly answers?: readonly string[];
}

/** One line of the explanation; the values are safe to print. */
type Fact = readonly [label: string, value: string];

/** Says what the gateway would do with a request: nothing is sent, no name is resolved. */
export async function explain(
  workload: string,
  method: string,
  url: string,
  options: ExplainOptions,
): Promise<ExitCode> {
  const asked = requestOf(method, url);
  const policy = await loadPolicy(options.policy);
  requireWorkload(policy, workload);
  const request: EgressRequest = { ...asked, workload, answers: options.answers, now: options.at ?? new Date() };
  const decision = decide(policy, request);
  const title = `${workload} ${method.toUpperCase()} ${withoutUserinfo(url)}`;
  const format = formatOf(options);
  if (format === 'json') print(asJson(request, decision));
  else if (format === 'markdown') print(asMarkdown(title, decision, facts(request, decision)));
  else print(asText(title, decision, facts(request, decision), colorsOf(process.stdout)));
  return decision.decision === 'denied' ? EXIT.no : EXIT.yes;
}

function requireWorkload(policy: EgressPolicy, name: string): void {
  const names = policy.workloads.map((workload) => workload.name);
  if (names.includes(name)) return;
  const known = names.length === 0 ? 'the policy has none' : `the policy has ${names.join(', ')}`;
  throw new CliError(`no workload is called ${printable(JSON.stringify(name))}; ${known}.`, EXIT.usage);
}

function facts(request: EgressRequest, decision: Decision): Fact[] {
  const { rule, reason, hint } = decision;
  const found: Fact[] = [['why', `${reason}: ${REASONS[reason].text}`]];
  if (decision.decision === 'denied') found.push(['client', whatTheClientSees(decision)]);
  if (decision.decision === 'would_deny') {
    found.push(['mode', 'observe: it passes and is logged; under mode: enforce it would be refused']);
  }
  if (rule) {
    found.push(['rule', `${rule.id}  (${rule.source.file}:${rule.source.line}:${rule.source.column})`]);
    if (rule.reason) found.push(['purpose', rule.reason]);
    if (rule.owner) found.push(['owner', rule.owner]);
    if (rule.expires) found.push(['expires', rule.expires]);
  }
  if (request.payload === 'tls' && decision.decision !== 'denied')
    found.push(['note', 'TLS hides the method and the path, so they do not count']);
  if (decision.decision !== 'denied' && request.answers === undefined && !rule?.address) {
    found.push(['note', 'what the name resolves to was not looked at; --answers IP,IP does']);
  }
  if (hint) found.push(['hint', hint]);
  return found.map(([label, value]) => [label, printableLines(value)]);
}

function whatTheClientSees({ stage, reason }: Decision): string {
  if (stage === 'tunnel') return 'the CONNECT gets its 200, then the tunnel closes; the log says why';
  return `HTTP ${REASONS[reason].status} with x-egress-reason: ${reason}`;
}

function asText(title: string, { decision }: Decision, lines: readonly Fact[], colors: Colors): string {
  const color = { allowed: colors.green, would_deny: colors.yellow, denied: colors.red }[decision];
  const width = 2 + Math.max(...lines.map(([label]) => label.length));
  const body = lines.map(([label, value]) => {
    const [first = '', ...rest] = value.split('\n');
    const indent = ' '.repeat(width + 2);
    const shown = [first, ...rest.map((line) => `${indent}${line}`)].join('\n');
    return `  ${colors.dim(label.padEnd(width))}${shown}`;
  });
  return [`${colors.bold(color(decision))}  ${printable(title)}`, ...body].join('\n');
}

function asMarkdown(title: string, { decision }: Decision, lines: readonly Fact[]): string {
  return `**${decision}** ${code(printable(title))}\n\n${keyValueTable(lines)}`;
}

function asJson(request: EgressRequest, { decision, reason, stage, rule, hint }: Decision): string {
  const at = request.now.toISOString();
  return safeJson({
    decision,
    reason,
    text: REASONS[reason].text,
    stage,
    hint,
    rule,
    request: { ...request, now: at },
  });
}

/** Credentials in a URL are nobody's business on a screen. */
function withoutUserinfo(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/?#]*@/, '$1');
}
