import { kindOf } from '../catalogue/types';
import { json, jsonList, type Json } from './json';

/** Something that will be in AWS and that a document does not show, or not as it is. */
export interface Gap {
  /** What messages name: `removed aws_route.old`. */
  readonly name: string;
  readonly what: string;
  readonly change: string;
}

/** Actions of Terraform that neither run programs nor change a network. */
const IDLE = /^(\/\/|aws_(cloudfront_create_invalidation|ec2_stop_instance|ses_send_email|sns_publish))$/;

/** What blocks of a configuration leave in AWS, or take over as it is there. */
export function gapsOfSynth(root: Json): readonly Gap[] {
  const removed = jsonList(root.removed).map(json).filter(isKept);
  const imported = jsonList(root.import).map(json).filter(isRead);
  return [
    ...removed.map(({ from }) => forgotten(bare(from))),
    ...jsonList(root.action)
      .flatMap((each) => Object.entries(json(each)))
      .filter(([type]) => !IDLE.test(type))
      .flatMap(([type, named]) =>
        jsonList(named).flatMap((each) => Object.keys(json(each)).map((name) => `${type}.${name}`)),
      )
      .map((address) => runs(`action.${address}`)),
    ...imported.map(({ to }) => ({
      name: `import ${bare(to)}`,
      what: `${bare(to)} takes over what exists (import), and what is not written of it stays as it is`,
      change: 'prove the output of terraform show -json of the plan, which shows what is taken over',
    })),
  ];
}

/** What a plan leaves in AWS, or takes over without knowing it. */
export function gapsOfPlan(root: Json): readonly Gap[] {
  const invoked = [root.action_invocations, root.deferred_action_invocations].flatMap(jsonList).map(json);
  const actions = invoked.map((each) => (each.action_invocation === undefined ? each : json(each.action_invocation)));
  return [
    ...actions.filter(({ type }) => !IDLE.test(String(type))).map(({ address }) => runs(String(address))),
    ...jsonList(root.resource_changes).map(json).flatMap(gapsOfChange),
  ];
}

function gapsOfChange({ address, change }: Json): readonly Gap[] {
  const { actions, importing } = json(change);
  const unknown: Gap = {
    name: `import ${String(address)}`,
    what: `what ${String(address)} takes over (import) is known only after apply`,
    change: 'write the id in the import block, or prove the state after apply',
  };
  return [
    ...(jsonList(actions).includes('forget') ? [forgotten(String(address))] : []),
    ...(json(importing).unknown === true ? [unknown] : []),
  ];
}

function runs(address: string): Gap {
  return {
    name: address,
    what: `${address} runs something when Terraform applies, and what that does is not in the document`,
    change: `take ${address} out, or check by hand what it does`,
  };
}

function forgotten(address: string): Gap {
  return {
    name: `removed ${address}`,
    what: `Terraform forgets ${address}, and AWS keeps it`,
    change: `destroy ${address}, or check by hand that it is gone`,
  };
}

/**
 * A `removed` block that does not say that it destroys: Terraform does so unless told otherwise, OpenTofu does not. Only literals can be trusted
 * ("removed Block", `destroy`).
 */
function isKept({ lifecycle }: Json): boolean {
  const said = jsonList(lifecycle).map((each) => json(each).destroy);
  return said.length === 0 || said.some((each) => each !== true && each !== 'true');
}

/** Whether what a block takes over is of a type that has to do with networks. */
function isRead({ to }: Json): boolean {
  const [, type] = /(?:^|\.)(\w+)\.[\w-]+(?:\[[^\]]*\])?$/.exec(bare(to)) ?? [];
  return type === undefined || kindOf(type) !== 'harmless';
}

/** An address, also where it is written as an expression. */
function bare(address: unknown): string {
  return String(address).replace(/^\$\{(.*)\}$/, '$1');
}
