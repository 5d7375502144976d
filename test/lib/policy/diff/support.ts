import { diffPolicies, EgressPolicy, type Change } from '../../../../lib/policy';

/** A policy whose workload `a` has these entries of `allow`. */
export function allowing(...allow: object[]): EgressPolicy {
  return EgressPolicy.fromObject({ version: 1, workloads: { a: { port: 10000, allow } } });
}

export function withWorkloads(workloads: object, rest: object = {}): EgressPolicy {
  return EgressPolicy.fromObject({ version: 1, ...rest, workloads });
}

const SIGNS = { new: '+', gone: '-', part: '~' } as const;

export function told(change: Change): string {
  const where =
    change.about === 'hosts' ? `${SIGNS[change.extent]} ${change.hosts.join()}:${change.ports.join()}` : change.about;
  const except = change.about === 'hosts' && change.except.length > 0 ? ` except ${change.except.join()}` : '';
  return `${change.effect} ${where} ${change.text}${except}`;
}

export const between = (before: EgressPolicy, after: EgressPolicy, at?: Date) =>
  diffPolicies(before, after, { at }).changes.map(told);

export const HOST = { host: 'a.example.com' };
export const HTTP = { host: 'a.example.com', protocol: 'http' };
