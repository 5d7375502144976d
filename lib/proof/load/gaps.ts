import { kindOf } from '../catalogue/types';
import { json, jsonList, type Json } from './json';

/** Something that will be in AWS and that a document does not show, or not as it is. */
export interface Gap {
  /** What messages name: `removed aws_route.old`. */
  readonly name: string;
  readonly what: string;
  readonly change: string;
}

/** What blocks of a configuration leave in AWS, or take over as it is there. */
export function gapsOfSynth(root: Json): readonly Gap[] {
  const removed = jsonList(root.removed).map(json).filter(isKept);
  const imported = jsonList(root.import).map(json).filter(isRead);
  return [
    ...removed.map(({ from }) => forgotten(bare(from))),
    ...imported.map(({ to }) => ({
      name: `import ${bare(to)}`,
      what: `${bare(to)} takes over what exists (import), and what is not written of it stays as it is`,
      change: 'prove the output of terraform show -json of the plan, which shows what is taken over',
    })),
  ];
}

/** What a plan leaves in AWS, or takes over without knowing it. */
export function gapsOfPlan(root: Json): readonly Gap[] {
  return jsonList(root.resource_changes)
    .map(json)
    .flatMap(({ address, change }) => {
      const { actions, importing } = json(change);
      return [
        ...(jsonList(actions).includes('forget') ? [forgotten(String(address))] : []),
        ...(json(importing).unknown === true
          ? [
              {
                name: `import ${String(address)}`,
                what: `what ${String(address)} takes over (import) is known only after apply`,
                change: 'write the id in the import block, or prove the state after apply',
              },
            ]
          : []),
      ];
    });
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
