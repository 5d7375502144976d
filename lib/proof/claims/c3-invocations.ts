import type { Resource } from '../load/resource';
import { invokedBy } from '../model/functions';
import type { Model } from '../model/model';
import { namedByArn, ownAccounts, ownerOf, type Owner } from '../model/own-account';
import { arnText, OWN } from '../policy/arn';
import { show, Unknown, type Value } from '../value/value';
import { hop, origin, why, type Findings } from './claim';

/** Services of AWS that hand what a function answers to whoever asks them. */
const ANSWERS = /^(apigateway|elasticloadbalancing|vpc-lattice|lex|lexv2|alexa-[\w-]+|edgelambda)\./;
const SERVICE = /^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)$/;

/** Who may invoke the function of a workload: whoever may also reads what it answers. */
export function checkInvocations(model: Model, findings: Findings): void {
  const accounts = ownAccounts(model);
  for (const permission of model.inventory.of('aws_lambda_permission')) {
    const invoked = invokedBy(model, permission);
    if (invoked === undefined) continue;
    const owner = callerOf(model, permission, accounts);
    if (owner === 'own') continue;
    const who = `${show(permission.get('principal'))} invoke ${invoked instanceof Unknown ? 'a function' : invoked.address}`;
    const device = invoked instanceof Unknown ? undefined : model.deviceOf.get(invoked);
    const path = [...(device ? [origin(device)] : []), hop(permission, 'lets others invoke it')];
    const change = 'give the permission to an account or a role of your own, with the source_arn of what invokes it';
    if (owner === 'foreign' && !(invoked instanceof Unknown))
      findings.broken(permission, `${permission.address} lets ${who}, which may be done by strangers`, path, change);
    else
      findings.unproven(
        permission,
        invoked instanceof Unknown
          ? `${permission.address} lets ${who}, which may be a workload: ${why(invoked)}`
          : `${permission.address} lets ${who}, and who that is is not known: ${why(owner as Unknown)}`,
        path,
        change,
      );
  }
}

function callerOf(model: Model, permission: Resource, accounts: ReadonlySet<string>): Owner {
  const principal = permission.get('principal') ?? null;
  if (principal === '*') return organisationOf(permission.get('principal_org_id'));
  if (typeof principal !== 'string' || !SERVICE.test(principal)) return ownerOf(principal, accounts);
  const account = permission.get('source_account');
  const source = permission.get('source_arn');
  const isAnswering = ANSWERS.test(principal);
  const owners = [account, source].flatMap((each) =>
    each === undefined || each === null || each === '' ? [] : [ownerOf(each, accounts)],
  );
  if (owners.length === 0)
    return isAnswering && !permission.get('event_source_token')
      ? 'foreign'
      : new Unknown(principal, 'acts for everybody, without a source_arn or a source_account');
  if (owners.includes('foreign')) return 'foreign';
  if (!owners.includes('own')) return owners[0] ?? 'foreign';
  return isAnswering ? frontOf(model, source ?? null) : 'own';
}

/** An organisation that is looked up is ours; whose another one is, nobody knows. */
function organisationOf(value: Value | undefined): Owner {
  if (value === undefined || value === null || value === '') return 'foreign';
  return arnText(value) === OWN ? 'own' : new Unknown(show(value), 'may be the organisation of others');
}

/** What is in the documents is judged with its integrations, if they can be read. */
function frontOf(model: Model, source: Value): Owner {
  const front = namedByArn(model, source);
  if (!front) return new Unknown(show(source), 'is not in the documents');
  const body = front.get('body');
  return body instanceof Unknown ? body : 'own';
}
