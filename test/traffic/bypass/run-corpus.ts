import { certificates } from '../support/certificates';
import { ownEveryAddress } from '../support/namespace';
import { Upstreams } from '../support/upstreams';
import type { Case, Group, Names } from './case';
import type { Kind } from './envoys';
import { PacketRecorder } from './packet-recorder';
import { Session } from './session';
import { runAtOnce, runOne, type Outcome } from './run-session';

export type { Outcome } from './run-session';

interface Work {
  readonly policy: string;
  readonly names: Names;
  readonly cases: Case[];
}

/** The servers and the recorder of the namespace, on which groups are run one after another. */
export class Arena {
  private readonly recorder = new PacketRecorder();
  private upstreams!: Upstreams;

  async open(): Promise<void> {
    ownEveryAddress();
    this.upstreams = new Upstreams(await certificates());
    await Promise.all([this.upstreams.listen(), this.recorder.open()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.upstreams?.close(), this.recorder.close()]);
  }

  /** Every case of a group, against the gateway with the case's policy or against the open Envoy, in the group's order. */
  async run(kind: Kind, group: Group): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const work of sessionsOf(group)) {
      const session = new Session(kind, work.policy, work.names, this.recorder, this.upstreams);
      try {
        await session.start();
        outcomes.push(...(await this.runSession(session, work.cases)));
      } finally {
        await session.stop();
      }
    }
    return group.cases.map(({ name }) => {
      const found = outcomes.find((outcome) => outcome.name === name);
      if (found === undefined) throw new Error(`not run: ${name}`);
      return found;
    });
  }

  private async runSession(session: Session, cases: readonly Case[]): Promise<Outcome[]> {
    // Against the open Envoy every case leaves records, so none can run beside another.
    const atOnce = session.kind === 'gateway' ? cases.filter(isHeardByNobody) : [];
    const outcomes: Outcome[] = [];
    for (const batch of alike(atOnce)) outcomes.push(...(await runAtOnce(session, batch)));
    let before = outcomes.at(-1);
    for (const one of cases.filter((each) => !atOnce.includes(each))) {
      before = await runOne(session, one, before);
      outcomes.push(before);
    }
    // Whatever is still under way belongs to the last one.
    const late = session.records.escapes(await session.trace(), { expect: 'refused' });
    before?.escapes.push(...late.map((each) => `late: ${each}`));
    return outcomes;
  }
}

/** No server may hear a request of it, and it needs no answers or connections of its own. */
function isHeardByNobody({ mayHear = [], names, steps, expect }: Case): boolean {
  const alone = steps.some((step) => 'flood' in step || 'eventually' in step);
  return mayHear.length === 0 && names === undefined && expect !== 'allowed' && !alone;
}

/** Cases to which the same records are allowed, together: whichever of them left one, it is an escape or it is not. */
function alike(cases: readonly Case[]): Case[][] {
  const batches = new Map<string, Case[]>();
  for (const one of cases) {
    const key = JSON.stringify([one.mayDial, one.mayConnect, one.mayAsk]);
    batches.set(key, [...(batches.get(key) ?? []), one]);
  }
  return [...batches.values()];
}

/** The cases of a group by the policy that they need. */
function sessionsOf(group: Group): Work[] {
  const works = new Map<string, Work>();
  for (const one of group.cases) {
    const policy = one.policy ?? group.policy;
    const work = works.get(policy) ?? { policy, names: group.names, cases: [] };
    work.cases.push(one);
    works.set(policy, work);
  }
  return [...works.values()];
}
