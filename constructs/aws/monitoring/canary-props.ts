import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { decide, type Decision, type EgressPolicy } from '../../../lib/policy';
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
  const { protocol, hostname, host, port, pathname, search } = parse(url) ?? {};
  if (hostname === undefined || (protocol !== 'https:' && protocol !== 'http:')) {
    problems.check(false, `${prop}: ${JSON.stringify(url)} is not a URL of https or http.`);
    return;
  }
  const said: Decision = decide(policy, {
    workload,
    // No rule's last day is over: what the canary may ask has no such day, or it breaks when that comes.
    now: new Date(0),
    ...(protocol === 'https:'
      ? { form: 'connect', method: 'CONNECT', authority: `${hostname}:${port === '' ? 443 : port}`, sni: hostname }
      : { form: 'absolute', method: 'GET', authority: host ?? '', path: `${pathname}${search}` }),
  });
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

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
