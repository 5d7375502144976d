import type { PolicyPart, ProofPart, ReportModel } from '../../../../lib/report/model';
import { layoutNetwork, type Box } from '../../../../lib/report/page/network-layout';

const policyOf = (names: readonly string[]): PolicyPart => ({
  files: ['egress.yaml'],
  mode: 'enforce',
  hash: 'a'.repeat(64),
  workloads: names.map((name, index) => ({ name, port: 10_000 + index, limits: [] })),
  rules: names.flatMap((workload, index) =>
    Array.from({ length: index }, (_, at) => ({
      id: `${at}`,
      workload,
      hosts: [`h${at}.example.com`],
      ports: [443],
      protocol: 'tls' as const,
      narrowed: [],
      place: 'egress.yaml:1',
    })),
  ),
});

const proofOf = (reach: ProofPart['reach']): ProofPart => ({
  verdict: 'sealed',
  words: 'sealed',
  claims: [],
  reach,
  trusts: [],
  residualChannels: [],
  documents: ['main.tf.json'],
  resources: 1,
  refused: [],
});

const reachOf = (workload: string, more: Partial<ProofPart['reach'][number]> = {}): ProofPart['reach'][number] => ({
  workload,
  gateway: ['10000'],
  endpoints: [],
  peers: [],
  viaCalls: [],
  ...more,
});

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const MODEL: ReportModel = {
  policy: policyOf(['s-10', 's-2', 's-1']),
  proof: proofOf([
    reachOf('s-10', { endpoints: ['logs', 's3'], peers: ['s-2:8080'] }),
    reachOf('s-2', { gateway: ['9'], endpoints: ['logs', 's3'] }),
    reachOf('other', { gateway: [], endpoints: ['sts'] }),
  ]),
};

describe('layoutNetwork', () => {
  it('has a lane for each workload, in the order that people count', () => {
    const { lanes } = layoutNetwork(MODEL);
    expect(lanes.map(({ name, ports, hosts }) => [name, ports, hosts])).toEqual([
      ['other', [], 'nothing'],
      ['s-1', [], 'h0.example.com and 1 more'],
      ['s-2', ['9'], 'h0.example.com'],
      ['s-10', ['10000'], 'nothing'],
    ]);
  });

  it('says where policy and plan do not agree', () => {
    const { lanes } = layoutNetwork(MODEL);
    expect(lanes.map(({ oddity }) => oddity)).toEqual([
      'not in the policy',
      'not in the plan',
      'the policy has port 10001',
      undefined,
    ]);
    expect(layoutNetwork({ policy: policyOf(['a']) }).lanes[0]).toMatchObject({ ports: ['10000'] });
    expect(layoutNetwork({ policy: policyOf(['a']) }).lanes[0]?.oddity).toBeUndefined();
  });

  it('draws endpoints once for all workloads that reach the same ones, and calls', () => {
    const { endpoints, calls } = layoutNetwork(MODEL);
    expect(endpoints.map(({ lines, members }) => [lines, members.map(({ name }) => name)])).toEqual([
      [
        ['VPC endpoints of 2 workloads', 'logs, s3'],
        ['s-10', 's-2'],
      ],
      [['VPC endpoints of 1 workload', 'sts'], ['other']],
    ]);
    expect(calls.map(({ from, to, words }) => [from.name, to.name, words])).toEqual([['s-10', 's-2', 's-2:8080']]);
  });

  it.each([0, 1, 50, 300])('lets nothing of %d workloads lie on something else, or outside of the drawing', (count) => {
    const names = Array.from({ length: count }, (_, index) => `w${index}`);
    const drawing = layoutNetwork({
      policy: policyOf(names),
      proof: proofOf(names.map((name, index) => reachOf(name, { endpoints: [`e${index % 5}`] }))),
    });
    const { lanes, gateway, outside, endpoints, width, height } = drawing;
    const boxes = [...lanes.map(({ box }) => box), gateway, outside, ...endpoints.map(({ box }) => box)];
    expect(boxes.filter((box, at) => boxes.slice(at + 1).some((other) => overlap(box, other)))).toEqual([]);
    expect(boxes.filter((box) => box.x + box.width > width || box.y + box.height > height)).toEqual([]);
  });
});
