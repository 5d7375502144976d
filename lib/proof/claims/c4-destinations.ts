import type { Resource } from '../load/resource';
import { invokedBy } from '../model/functions';
import type { Model } from '../model/model';
import { namedByArn, ownAccounts, ownerOf } from '../model/own-account';
import { findUnknown } from '../value/read';
import { show, Unknown, type Value } from '../value/value';
import { walk } from '../value/walk';
import { hop, MAKE_KNOWN, origin, why, type Findings } from './claim';

const SETTINGS = ['aws_lambda_function_event_invoke_config', 'aws_lambda_event_source_mapping'] as const;
const KEYS = ['destination_config', 'dead_letter_config'] as const;

/** What the function of a workload answers, or was asked, may go on by the service of Lambda, which no rule and no endpoint policy sees. */
export function checkDestinations(model: Model, findings: Findings): void {
  const accounts = ownAccounts(model);
  for (const setting of model.inventory.of('aws_lambda_function', ...SETTINGS)) {
    const source = setting.type === 'aws_lambda_function' ? ownFunction(model, setting) : invokedBy(model, setting);
    if (source === undefined) continue;
    for (const destination of destinationsOf(setting))
      checkDestination(model, findings, { setting, source, destination, accounts });
  }
}

function ownFunction(model: Model, each: Resource): Resource | undefined {
  const device = model.deviceOf.get(each);
  return device && model.governed.includes(device) ? each : undefined;
}

/** Every text below the settings, and what is not known there. */
function destinationsOf(setting: Resource): readonly Value[] {
  return KEYS.flatMap((key) => {
    const value = setting.get(key);
    const found = [...walk(value ?? null)].filter(
      ({ path, value: each }) =>
        /^(destination|destination_arn|target_arn)$/.test(path.at(-1) ?? '') && each !== null && each !== '',
    );
    const values = found.map(({ value: each }) => each);
    const unknown = findUnknown(value);
    return unknown && values.every((each) => findUnknown(each) === undefined) ? [...values, unknown] : values;
  });
}

interface Case {
  readonly setting: Resource;
  readonly source: Resource | Unknown;
  readonly destination: Value;
  readonly accounts: ReadonlySet<string>;
}

function checkDestination(model: Model, findings: Findings, { setting, source, destination, accounts }: Case): void {
  const owner = namedByArn(model, destination) ? 'own' : ownerOf(destination, accounts);
  if (owner === 'own') return;
  const device = source instanceof Unknown ? undefined : model.deviceOf.get(source);
  const path = [...(device ? [origin(device)] : []), hop(setting, 'sends on what it answers or was asked')];
  const words = `${setting.address} sends what ${source instanceof Unknown ? 'a function' : source.address} answers or was asked to ${show(destination)}`;
  if (source instanceof Unknown)
    findings.unproven(setting, `${words}, and that may be a workload: ${why(source)}`, path, MAKE_KNOWN);
  else if (owner === 'foreign')
    findings.broken(setting, `${words}, which is of another account`, path, 'name a destination of your own account');
  else
    findings.unproven(
      setting,
      `${words}, and whose that is is not known: ${why(owner)}`,
      path,
      'name a destination of the documents, or one of your own account by its full ARN',
    );
}
