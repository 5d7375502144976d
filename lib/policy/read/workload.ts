import { checkHostChoice } from './host-choice';
import type { Group } from '../draft';
import { formatSource } from '../errors';
import type { Path, Problems } from './problems';
import { quote } from '../quote';
import { asMapping, entriesOf, has, isMapping, type Raw } from './raw';
import { readBody } from './body';
import { readReference } from './group';
import { readPreset } from './preset';
import { makeRule } from '../rule';
import type { Limits, Rule, Workload } from '../types';

/** Reads one entry of `workloads`; references to groups become the rules of the group. */
export function readWorkload(name: string, raw: Raw, groups: readonly Group[], problems: Problems): Workload {
  const path: Path = ['workloads', name];
  const rules = new Map<string, Rule>();
  const places = new Map<string, Path>();
  for (const [entry, index] of entriesOf(raw.allow)) {
    if (!isMapping(entry)) continue;
    const place = [...path, 'allow', index];
    for (const rule of readEntry(entry, place, name, groups, problems)) {
      const before = places.get(rule.revision);
      if (before !== undefined) reportDuplicate(rule, place, before, problems);
      places.set(rule.revision, before ?? place);
      rules.set(rule.revision, rule);
    }
  }
  const port = typeof raw.port === 'number' ? raw.port : 0; // 0: reported with the shape
  return {
    name,
    port,
    rules: [...rules.values()],
    limits: readLimits(raw.limits),
    source: problems.locator.keyAt(path),
  };
}

function readEntry(entry: Raw, place: Path, workload: string, groups: readonly Group[], problems: Problems): Rule[] {
  checkHostChoice(entry, place, problems, ['host', 'hosts', 'group', 'preset']);
  if (has(entry, 'group') || has(entry, 'preset')) {
    const { bodies, origin } = has(entry, 'group')
      ? readReference(entry, place, groups, problems)
      : readPreset(entry, place, problems);
    return bodies.map((body) => makeRule(body, workload, origin));
  }
  const body = readBody(entry, place, problems);
  return body === undefined ? [] : [makeRule(body, workload)];
}

const LIMITS = ['requestsPerSecond', 'connections', 'tunnelMinutes', 'uploadKilobytesPerSecond'] as const;

function readLimits(value: unknown): Limits {
  const raw = asMapping(value);
  const limits: { -readonly [key in keyof Limits]: Limits[key] } = {};
  for (const key of LIMITS) {
    const limit = raw[key];
    if (typeof limit === 'number') limits[key] = limit;
  }
  return limits;
}

function reportDuplicate(rule: Rule, place: Path, first: Path, problems: Problems): void {
  const before = formatSource(problems.locator.at(first));
  problems.add('duplicate', place, `rule ${quote(rule.id)} means the same as the one at ${before}; remove one of them`);
}
