import { createHash } from 'node:crypto';
import type { Resource } from '../load/resource';
import type { Model } from '../model/model';
import type { Hop } from '../proof';
import { blocks, list, number, text } from '../value/read';
import { show, Template, Unknown, type Value } from '../value/value';
import { type Findings, MAKE_KNOWN, why } from './claim';

/** An instance, or what instances are made from. */
export interface Host {
  readonly path: readonly Hop[];
  /** Whether containers of workloads run on it, and not a workload itself. */
  readonly runsTasks: boolean;
}

/** IMDS gives out the host's credentials: sessions only (IMDSv2), and no answer that crosses a container's network (hop limit 1). */
export function checkHost(model: Model, findings: Findings, host: Resource, { path, runsTasks }: Host): void {
  if (host.type === 'aws_spot_fleet_request') return checkSpecifications(findings, host, path);
  const takesOptions = /^aws_(instance|spot_instance_request|launch_template|launch_configuration)$/.test(host.type);
  if (!takesOptions) return;
  const parts = model.deviceOf.get(host)?.parts ?? [host];
  const checkData = (): void => {
    if (runsTasks) for (const values of userDataOf(host, parts)) checkAgent(findings, host, values, path);
  };
  // An instance takes the options of its launch template.
  if (
    host.type === 'aws_instance' &&
    blocks(host.get('launch_template')).length > 0 &&
    blocks(host.get('metadata_options')).length === 0
  )
    return isSilent(parts) ? undefined : checkData();
  const [options] = blocks(host.get('metadata_options'));
  if (options instanceof Unknown)
    return findings.unproven(
      host,
      `metadata_options of ${host.address} is not known: ${why(options)}`,
      path,
      MAKE_KNOWN,
    );
  if (text(options?.http_endpoint) !== 'disabled') {
    expect(findings, host, path, 'http_tokens', text(options?.http_tokens), 'required');
    expect(findings, host, path, 'http_put_response_hop_limit', number(options?.http_put_response_hop_limit), 1);
    checkData();
  }
}

function expect(
  findings: Findings,
  host: Resource,
  path: readonly Hop[],
  key: string,
  value: string | number | Unknown | undefined,
  right: string | number,
): void {
  if (value instanceof Unknown)
    findings.unproven(host, `${key} of ${host.address} is not known: ${why(value)}`, path, MAKE_KNOWN);
  else if (value !== right)
    findings.broken(
      host,
      `${host.address}: metadata_options.${key} is ${value === undefined ? 'not set' : JSON.stringify(value)}, so containers may get the credentials of the host`,
      path,
      `set metadata_options { http_tokens = "required", http_put_response_hop_limit = 1 }`,
    );
}

/** Specifications of a spot fleet itself have no metadata_options, so what they start answers IMDSv1. */
function checkSpecifications(findings: Findings, fleet: Resource, path: readonly Hop[]): void {
  for (const specification of blocks(fleet.get('launch_specification'))) {
    if (specification instanceof Unknown)
      findings.unproven(
        fleet,
        `launch_specification of ${fleet.address} is not known: ${why(specification)}`,
        path,
        MAKE_KNOWN,
      );
    else
      findings.broken(
        fleet,
        `${fleet.address}: launch_specification cannot ask for IMDSv2, so containers may get the credentials of the host`,
        path,
        'start them from a launch template (launch_template_config) with metadata_options',
      );
  }
}

const INSTANCE = /^aws_(instance|spot_instance_request)$/;
const TEMPLATE = /^aws_launch_template$/;

/** Whether the launch templates of an instance switch IMDS off. */
function isSilent(parts: readonly Resource[]): boolean {
  const templates = parts.filter(({ type }) => TEMPLATE.test(type));
  const options = templates.map((template) => blocks(template.get('metadata_options'))[0]);
  return (
    options.length > 0 &&
    options.every((each) => !(each instanceof Unknown) && text(each?.http_endpoint) === 'disabled')
  );
}

/**
 * The user data of what a host starts, for each way to start it: of an instance its own, or those of its launch template; of a template its
 * own, and none where instances alone take it, which are judged themselves.
 */
function userDataOf(host: Resource, parts: readonly Resource[]): readonly (readonly Value[])[] {
  const templates = parts.filter(({ type }) => TEMPLATE.test(type));
  const own = givenBy(host).map((value) => unhashed(value, templates.flatMap(givenBy)));
  if (own.length > 0) return [own];
  if (INSTANCE.test(host.type) && templates.length > 0) return templates.map(givenBy);
  const starters = parts.filter(({ type }) => !TEMPLATE.test(type) && !/^aws_network_interface/.test(type));
  const isJudged = starters.length > 0 && starters.every(({ type }) => INSTANCE.test(type));
  return TEMPLATE.test(host.type) && isJudged ? [] : [own];
}

/** A state holds the SHA-1 of an instance's user data, also of those that it has from its launch template. */
function unhashed(value: Value, others: readonly Value[]): Value {
  if (typeof value !== 'string' || !/^[0-9a-f]{40}$/.test(value)) return value;
  const same = others.find(
    (each) => typeof each === 'string' && [each, fromBase64(each)].some((data) => sha1(data) === value),
  );
  return same ?? new Unknown(value, 'is the hash of what was given, as a state holds it');
}

function sha1(data: string): string {
  return createHash('sha1').update(data).digest('hex');
}

function fromBase64(data: string): string {
  return Buffer.from(data, 'base64').toString('utf8');
}

function givenBy(host: Resource): readonly Value[] {
  return [...list(host.get('user_data')), ...list(host.get('user_data_base64'))];
}

/** The agent keeps awsvpc tasks from IMDS only where it is told to (ECS Developer Guide, "Amazon ECS container agent configuration"). */
function checkAgent(findings: Findings, host: Resource, values: readonly Value[], path: readonly Hop[]): void {
  const texts = values.map(decoded);
  const settings = texts.flatMap((each) => (typeof each === 'string' ? settingsOf(each) : []));
  if (settings.length > 0 && settings.every((each) => each === 'true')) return;
  const unknown = texts.find((each) => each instanceof Unknown);
  if (unknown instanceof Unknown)
    findings.unproven(host, `the user data of ${host.address} is not known: ${why(unknown)}`, path, MAKE_KNOWN);
  else
    findings.broken(
      host,
      `${host.address} does not keep tasks from IMDS`,
      path,
      'add ECS_AWSVPC_BLOCK_IMDS=true to /etc/ecs/ecs.config in its user data',
    );
}

/** What user data gives ECS_AWSVPC_BLOCK_IMDS, outside of comments. */
function settingsOf(userData: string): string[] {
  const lines = userData.split('\n').filter((line) => !/^\s*#/.test(line));
  return lines.flatMap((line) =>
    [...line.matchAll(/ECS_AWSVPC_BLOCK_IMDS=['"]?(\w*)/g)].map(([, value = '']) => value),
  );
}

/** The known text of user data, base64 or not. */
function decoded(value: Value): string | Unknown {
  if (value instanceof Template) return value.parts.map((part) => (typeof part === 'string' ? part : '?')).join('');
  if (typeof value !== 'string') return value instanceof Unknown ? value : new Unknown(show(value), 'is not text');
  return /^[A-Za-z0-9+/=\s]+$/.test(value) ? `${value}\n${fromBase64(value)}` : value;
}
