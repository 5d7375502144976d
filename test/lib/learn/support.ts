import { parseLogLine, type LogRecord } from '../../../lib/gateway/log-line';
import { learn, type Learned, type LearnFrom, type ProposeOptions } from '../../../lib/learn';
import { LogSummary } from '../../../lib/logs';
import { EgressPolicy } from '../../../lib/policy';
import { line } from '../logs/hostile';

export const POLICY = `version: 1
# two of them
workloads:
  web-search:
    port: 10000
    allow:
      - host: known.example.org # ours
        owner: me
      - hosts: ["*.wide.example.net"]
    limits: { connections: 10 }
  local-llm:
    port: 10001
`;
export const NOW = new Date('2026-11-25T00:00:00Z');

/** Fields of one line of a log, over those of a refusal of `web-search`. */
export type Fields = Readonly<Record<string, unknown>>;

/** What is learned from these lines. */
export function learned(lines: readonly Fields[], options: Partial<ProposeOptions> = {}, text = POLICY): Learned {
  const summary = new LogSummary();
  for (const fields of lines) summary.add(parseLogLine(line(fields)) as LogRecord);
  const from: LearnFrom = { text, file: 'egress.yaml', policy: EgressPolicy.fromYaml(text) };
  return learn(summary.groups, from, { now: NOW, ...options });
}
