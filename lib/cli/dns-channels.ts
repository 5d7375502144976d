import { policyDomains } from '../network';
import type { EgressPolicy, Source } from '../policy';

/** Something true of a policy that no change would mend; it does not make the answer no. */
export interface Note extends Source {
  readonly code: 'dns_channel';
  /** On one line, printable. */
  readonly message: string;
}

/** Each wildcard, once: to resolve the names below it is to tell the zone's owner what was asked. */
export function dnsChannels(policy: EgressPolicy): Note[] {
  return policyDomains(policy).zones.flatMap(({ wildcard, zone, workloads, sources }) => {
    const [source] = sources;
    if (!source) return [];
    const who = `${workloads.join(', ')}; in AWS every workload of the VPC`;
    const message = `${wildcard} lets data out in DNS questions: the owner of ${zone} sees each name below it that is asked for (${who}); name hosts instead where you can`;
    return [{ code: 'dns_channel', ...source, message }];
  });
}
