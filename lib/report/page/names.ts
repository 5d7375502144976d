import type { ReportModel } from '../model';

/** Longer lists of choices help nobody; names in a log may be anybody's. */
const MOST_FROM_LOG = 200;

/** `server-2` before `server-10`. */
const ORDER = new Intl.Collator('en', { numeric: true });

/** The workloads that any part of the model speaks of, sorted. */
export function namesOf({ policy, proof, changes, log }: ReportModel): string[] {
  const known = [
    ...(policy?.workloads ?? []).map(({ name }) => name),
    ...(proof?.reach ?? []).map(({ workload }) => workload),
    ...(changes?.rows ?? []).map(({ workload }) => workload ?? ''),
  ];
  const logged = new Set((log?.groups ?? []).map(({ workload }) => workload));
  return [...new Set([...known, ...[...logged].slice(0, MOST_FROM_LOG)])]
    .filter((name) => name !== '')
    .sort((a, b) => ORDER.compare(a, b));
}
