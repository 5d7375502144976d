import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { decide, requestOf, type AskedRequest, type EgressPolicy } from '../../../lib/policy';
import { ImageReference } from '../image-reference';
import { Problems } from '../problems';
import type { Platform } from '../task-definition';

/** What the canary tries; the rest comes from the gateway. */
export interface CanaryProps {
  /** Its own name in the policy, with a rule for {@link allowedUrl} and no other. */
  readonly workload: string;
  /** In a private registry of ECR, with `sh` and `curl`; by digest. The AWS CLI's image that the gateway's sidecar uses will do. */
  readonly image: string;
  /** What its rule allows. */
  readonly allowedUrl: string;
  /** What no rule of it names. @default 'https://refused.invalid/' */
  readonly refusedUrl?: string;
  /** `address:port` that accepts connections from anywhere on the Internet. @default '1.1.1.1:443' */
  readonly outside?: string;
  /** A name that exists and is not in the policy, for the resolver; tried where DNS Firewall binds the VPC. @default 'example.com' */
  readonly outsideName?: string;
  /** Whether names are tried: only where DNS Firewall is on. @default - whether the network owns its VPC */
  readonly checkNames?: boolean;
  /** @default 'x86' */
  readonly platform?: Platform;
  /** Minutes between two runs, 1 to 1440. A run takes about a minute of a task of the smallest size. @default 15 */
  readonly everyMinutes?: number;
}

/** Defaults of {@link CanaryProps}. */
export const CANARY_DEFAULTS = {
  refusedUrl: 'https://refused.invalid/',
  outside: '1.1.1.1:443',
  outsideName: 'example.com',
  platform: 'x86',
  everyMinutes: 15,
} as const;

/** @throws {PropsError} with everything that is wrong */
export function checkCanary(scope: Construct, policy: EgressPolicy, props: CanaryProps): void {
  const problems = new Problems(scope);
  const { workload, image, refusedUrl = CANARY_DEFAULTS.refusedUrl } = props;
  problems.range('everyMinutes', props.everyMinutes, 1, 1440);
  problems.known('everyMinutes', props.everyMinutes);
  problems.match('outside', props.outside, /^[\w.:[\]-]+:\d{1,5}$/, 'an address and a port, like "1.1.1.1:443"');
  problems.match('outsideName', props.outsideName, /^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a name, like "example.com"');
  problems.check(
    new ImageReference(image).isEcr,
    `image: ${JSON.stringify(image)} is not in ECR, and isolated tasks pull without the Internet; copy it to the account's ECR (docker pull, docker tag, docker push).`,
  );
  const known = policy.workloads.some(({ name }) => name === workload);
  problems.check(
    known,
    `workload: ${JSON.stringify(workload)} is not in the policy; add a workload for the canary there, with a port and a rule for allowedUrl.`,
  );
  for (const [prop, url, wanted] of [
    ['allowedUrl', props.allowedUrl, 'allowed'],
    ['refusedUrl', refusedUrl, 'denied'],
  ] as const) {
    if (Token.isUnresolved(url)) problems.check(false, `${prop}: known at deployment only; write the URL itself.`);
    else if (known) checkUrl(problems, prop, url, wanted, policy, workload);
  }
  problems.throwIfAny();
}

function checkUrl(
  problems: Problems,
  prop: string,
  url: string,
  wanted: 'allowed' | 'denied',
  policy: EgressPolicy,
  workload: string,
): void {
  let request: AskedRequest;
  try {
    request = requestOf('GET', url);
  } catch (error) {
    problems.check(false, `${prop}: ${(error as Error).message}`);
    return;
  }
  // The same synth on another day gives the same answer; a rule with a last day breaks the canary on that day.
  const said = decide(policy, { ...request, workload, now: new Date(0) });
  const fits = wanted === 'allowed' ? said.decision === 'allowed' : said.decision !== 'allowed';
  const remedy =
    wanted === 'allowed'
      ? `add a rule for it to workload ${JSON.stringify(workload)}`
      : 'name a host that no rule names';
  problems.check(
    fits,
    `${prop}: the policy says of ${JSON.stringify(url)}: ${said.decision} (${said.reason}); ${remedy}.`,
  );
}
