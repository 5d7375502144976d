import type { ReportModel } from '../model';
import { layoutNetwork, type NetworkDrawing, type WorkloadLane } from './network-layout';
import { Part } from './part';
import { PathsDrawing } from './paths-drawing';
import { ReachTable } from './reach-table';
import { counted } from './words';

interface NetworkProps {
  readonly model: ReportModel;
  /** The chosen workload, or nothing. */
  readonly workload: string;
  readonly onChoose: (workload: string) => void;
}

/** The network as a drawing, and the same as a table. */
export function Network({ model, workload, onChoose }: NetworkProps) {
  const drawing = layoutNetwork(model);
  return (
    <Part id="network" title="Network">
      <p class="note">
        {model.proof
          ? 'Lines are what the proof found: each workload reaches the gateway on its own port, and the endpoints and peers that are declared.'
          : 'Drawn from the policy alone, so its lines are what should be; a plan (--plan) shows what is: endpoints, peers and every other way that the proof finds.'}
      </p>
      <div class="drawing" role="region" aria-label="Drawing of the network" tabIndex={0}>
        <NetworkSvg drawing={drawing} isProven={model.proof !== undefined} workload={workload} onChoose={onChoose} />
      </div>
      {model.proof && <ReachTable reach={model.proof.reach} workload={workload} />}
      {model.proof && <PathsDrawing proof={model.proof} />}
    </Part>
  );
}

interface SvgProps extends Omit<NetworkProps, 'model'> {
  readonly drawing: NetworkDrawing;
}

function NetworkSvg({ drawing, isProven, workload, onChoose }: SvgProps & { readonly isProven: boolean }) {
  const { width, height, gateway, outside, lanes } = drawing;
  const words = `${counted(lanes.length, 'workload')} on the left, each with a line to the gateway in the middle; the hosts that the policy names on the right.`;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words} class={isProven ? '' : 'assumed'}>
      <Arrowhead />
      <text class="head" x={lanes[0]?.box.x ?? 8} y="20">
        workloads
      </text>
      <text class="head" x={gateway.x} y="20">
        gateway
      </text>
      <text class="head" x={outside.x} y="20">
        outside: what the policy names
      </text>
      <rect class="outside" {...outside} rx="6" />
      <Endpoints drawing={drawing} workload={workload} />
      <Calls drawing={drawing} workload={workload} />
      {lanes.map((lane) => (
        <Lane key={lane.name} lane={lane} drawing={drawing} workload={workload} onChoose={onChoose} />
      ))}
      <rect class="gateway" {...gateway} rx="6" />
      <text class="gateway-name" x={gateway.x + gateway.width / 2} y={gateway.y + Math.min(gateway.height / 2, 80) + 4}>
        Envoy
      </text>
    </svg>
  );
}

/** The point of the lines that have one. */
function Arrowhead() {
  return (
    <defs>
      <marker
        id="arrow"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="7"
        markerHeight="7"
        orient="auto-start-reverse"
      >
        <path d="M0 0.5L8 4L0 7.5z" class="arrowhead" />
      </marker>
    </defs>
  );
}

function Lane({ lane, drawing: { gateway, outside }, workload, onChoose }: SvgProps & { readonly lane: WorkloadLane }) {
  const { name, label, box, y, ports, hosts, oddity } = lane;
  return (
    <g class={dimmed([name], workload)}>
      <g class="workload" onClick={() => onChoose(name === workload ? '' : name)}>
        <title>{name}</title>
        <rect {...box} rx="5" />
        <text x={box.x + 10} y={y + 4}>
          {label}
        </text>
      </g>
      {ports.length > 0 && <path class="line" d={`M${box.x + box.width} ${y - 4}H${gateway.x}`} />}
      {ports.length > 0 && hosts !== 'nothing' && (
        <path class="line" d={`M${gateway.x + gateway.width} ${y - 4}H${outside.x}`} />
      )}
      <text class={oddity === undefined ? 'port' : 'port odd'} x={gateway.x - 6} y={y - 7}>
        {oddity ?? ports.join(', ')}
      </text>
      <text class={hosts === 'nothing' ? 'hosts none' : 'hosts'} x={outside.x + 12} y={y + 1}>
        {hosts}
      </text>
    </g>
  );
}

function Endpoints({ drawing: { endpoints }, workload }: Pick<SvgProps, 'drawing' | 'workload'>) {
  return endpoints.map(({ box, lines, busX, members }) => (
    <g key={box.y}>
      <g
        class={dimmed(
          members.map(({ name }) => name),
          workload,
        )}
      >
        <rect class="endpoint" {...box} rx="5" />
        {lines.map((line, index) => (
          <text key={line} class={index === 0 ? 'set-head' : 'set'} x={box.x + 12} y={box.y + 19 + 16 * index}>
            {line}
          </text>
        ))}
        <path class="bus" d={`M${busX} ${(members[0]?.y ?? box.y) + 7}V${box.y + box.height / 2}H${box.x}`} />
      </g>
      {members.map((lane) => (
        <path
          key={lane.name}
          class={`bus ${dimmed([lane.name], workload)}`}
          d={`M${lane.box.x + lane.box.width} ${lane.y + 7}H${busX}`}
        />
      ))}
    </g>
  ));
}

function Calls({ drawing: { calls }, workload }: Pick<SvgProps, 'drawing' | 'workload'>) {
  return calls.map(({ from, to, words }) => {
    const bend = from.box.x - 14 - Math.min(30, Math.abs(to.y - from.y) / 8);
    const d = `M${from.box.x} ${from.y - 4}C${bend} ${from.y - 4} ${bend} ${to.y + 4} ${to.box.x - 2} ${to.y + 4}`;
    return (
      <path key={`${from.name} ${words}`} class={`call ${dimmed([from.name], workload)}`} d={d}>
        <title>{`${from.name} calls ${words}`}</title>
      </path>
    );
  });
}

/** What does not belong to the chosen workload steps back. */
function dimmed(names: readonly string[], workload: string): string {
  return workload === '' || names.includes(workload) ? '' : 'dim';
}
