import type { ReportModel } from '../model';
import { namesOf } from './names';
import { counted, cut, wrapped } from './words';

/** A rectangle, in units of the drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A workload, its line to the gateway, and what lies behind. */
export interface WorkloadLane {
  readonly name: string;
  readonly label: string;
  readonly box: Box;
  /** Where its lines leave and arrive. */
  readonly y: number;
  /** Its ports of the gateway; none where it does not reach the gateway. */
  readonly ports: readonly string[];
  readonly hosts: string;
  /** In words, where policy and plan do not agree about it. */
  readonly oddity?: string;
}

/** Endpoints that the same workloads reach. */
export interface EndpointBox {
  readonly box: Box;
  readonly lines: readonly string[];
  /** Where the line of its workloads runs down. */
  readonly busX: number;
  readonly members: readonly WorkloadLane[];
}

/** A call from one workload to another. */
export interface Call {
  readonly from: WorkloadLane;
  readonly to: WorkloadLane;
  /** `web-search:8080` */
  readonly words: string;
}

export interface NetworkDrawing {
  readonly width: number;
  readonly height: number;
  readonly gateway: Box;
  readonly outside: Box;
  readonly lanes: readonly WorkloadLane[];
  readonly endpoints: readonly EndpointBox[];
  readonly calls: readonly Call[];
}

export const WIDTH = 1040;
const HEAD = 34;
const ROW = 32;
const BOX_WIDTH = 210;
const GATEWAY_X = 430;
const MOST_BUSES = 10;

/** Where everything of the network stands: workloads left, the gateway in the middle, outside right, endpoints below. */
export function layoutNetwork(model: ReportModel): NetworkDrawing {
  const { policy, proof } = model;
  const names = namesOf({ ...(policy && { policy }), ...(proof && { proof }) });
  const hasCalls = proof?.reach.some(({ peers }) => peers.length > 0) ?? false;
  const left = hasCalls ? 56 : 8;
  const lanes = names.map((name, index) => laneOf(model, name, HEAD + ROW * index, left));
  const height = Math.max(names.length, 1) * ROW;
  const endpoints = endpointBoxes(model, lanes, HEAD + height + 30);
  const last = endpoints.at(-1)?.box;
  return {
    width: WIDTH,
    height: (last ? last.y + last.height : HEAD + height) + 12,
    gateway: { x: GATEWAY_X, y: HEAD, width: 140, height },
    outside: { x: 690, y: HEAD, width: WIDTH - 698, height },
    lanes,
    endpoints,
    calls: callsOf(model, lanes),
  };
}

function laneOf({ policy, proof }: ReportModel, name: string, y: number, left: number): WorkloadLane {
  const own = policy?.workloads.find((each) => each.name === name);
  const reach = proof?.reach.find(({ workload }) => workload === name);
  const oddity = oddityOf(own?.port, reach?.gateway, policy !== undefined, proof !== undefined);
  return {
    name,
    label: cut(name, 27),
    box: { x: left, y: y + 4, width: BOX_WIDTH, height: ROW - 8 },
    y: y + ROW / 2,
    ports: reach ? reach.gateway : own && !proof ? [String(own.port)] : [],
    hosts: policy
      ? hostWords(policy.rules.filter(({ workload }) => workload === name).flatMap((rule) => rule.hosts))
      : '',
    ...(oddity !== undefined && { oddity }),
  };
}

function oddityOf(
  port: number | undefined,
  reached: readonly string[] | undefined,
  hasPolicy: boolean,
  hasProof: boolean,
): string | undefined {
  if (!hasPolicy || !hasProof) return undefined;
  if (port === undefined) return 'not in the policy';
  if (reached === undefined) return 'not in the plan';
  if (reached.length === 0) return 'does not reach the gateway';
  return reached.includes(String(port)) ? undefined : `the policy has port ${port}`;
}

/** `api.example.com and 3 more` */
function hostWords(hosts: readonly string[]): string {
  const distinct = [...new Set(hosts)];
  const [first] = distinct;
  if (first === undefined) return 'nothing';
  const more = distinct.length > 1 ? ` and ${distinct.length - 1} more` : '';
  return `${cut(first, 44 - more.length)}${more}`;
}

function endpointBoxes({ proof }: ReportModel, lanes: readonly WorkloadLane[], top: number): EndpointBox[] {
  const bySet = new Map<string, WorkloadLane[]>();
  for (const { workload, endpoints } of proof?.reach ?? []) {
    const lane = lanes.find(({ name }) => name === workload);
    if (!lane || endpoints.length === 0) continue;
    const key = endpoints.join(', ');
    bySet.set(key, [...(bySet.get(key) ?? []), lane]);
  }
  let y = top;
  return [...bySet].map(([key, members], index) => {
    const lines = [`VPC endpoints of ${counted(members.length, 'workload')}`, ...wrapped(key, 62, 4)];
    const box = { x: GATEWAY_X, y, width: WIDTH - 8 - GATEWAY_X, height: 14 + 16 * lines.length };
    y += box.height + 10;
    const first = (members[0]?.box.x ?? 0) + BOX_WIDTH;
    return { box, lines, members, busX: first + 18 + 10 * (index % MOST_BUSES) };
  });
}

function callsOf({ proof }: ReportModel, lanes: readonly WorkloadLane[]): Call[] {
  const lane = (name: string) => lanes.find((each) => each.name === name);
  return (proof?.reach ?? []).flatMap(({ workload, peers }) =>
    peers.flatMap((words) => {
      const [from, to] = [lane(workload), lane(words.replace(/:\d+$/, ''))];
      return from && to ? [{ from, to, words }] : [];
    }),
  );
}
