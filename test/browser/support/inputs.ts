import { line } from '../../lib/logs/hostile';
import { changed, get, type Stack } from '../../proof/support/sealed';

/** What would show itself if any of it were read as HTML. */
export const PAYLOADS: readonly string[] = [
  '<img src=x onerror="window.ran=1">',
  '<script>window.ran=1</script>',
  '</script><script>window.ran=1</script>',
  '<!--<script>',
  '<svg onload=window.ran=1>',
  '"><iframe srcdoc="<script>parent.ran=1</script>">',
  "';window.ran=1//",
  'javascript:window.ran=1',
  '</style><style>*{display:none}</style>',
];

/** A policy whose owners and reasons are the payloads. */
export const POLICY = `version: 1
groups:
  openai: [{ host: api.openai.com }]
workloads:
  notes:
    port: 10001
    allow:
      - host: plain.example.org
        protocol: http
        methods: [GET, HEAD]
        paths: [/public/]
  search:
    port: 10000
    limits: { requestsPerSecond: 50 }
    allow:
      - hosts: ['*.wikipedia.org', wikipedia.org]
        owner: search-team
        expires: 2020-06-30
      - group: openai
${PAYLOADS.map((text, index) => `      - { host: h${index}.example.net, owner: ${JSON.stringify(text)}, reason: ${JSON.stringify(text)} }`).join('\n')}
`;

/** The policy as it was: less, and something that is gone. */
export const OLD_POLICY = `version: 1
workloads:
  notes: { port: 10001, allow: [{ host: gone.example.org }] }
`;

/** A stack with a complete path and something unknown, whose names are payloads as far as Terraform's syntax takes them. */
export function leakingStack(): Stack {
  return changed((stack) => {
    get(stack, 'aws_route_table_association', 'isolated').route_table_id = '${aws_route_table.egress.id}';
    stack.module = Object.fromEntries(PAYLOADS.map((text) => [text, { source: text }]));
  });
}

/** Refusals of an hour whose destinations, server names and workloads are the payloads. */
export const LOG = [
  ...PAYLOADS.flatMap((text, index) => [
    line({ authority: `${text}:443`, time: `2026-11-20T12:${10 + index}:00.000Z` }),
    line({ sni: text, reason: 'sni_mismatch', layer: 'tunnel' }),
    line({ workload: text, reason: text, decision: 'would_deny' }),
  ]),
  line({ authority: 'allowed.example.com:443', decision: 'allowed', reason: 'rule' }),
].join('\n');

/** As much as the page must bear: 50 workloads with 100 rules each. */
export function largePolicy(): string {
  const rule = (server: number, index: number): string =>
    `      - { host: api-${index}.team-${server}.example.com, reason: needed for task ${index}, owner: team-${server} }`;
  const workload = (server: number): string =>
    `  server-${server}:\n    port: ${10_000 + server}\n    allow:\n${numbers(100, (index) => rule(server, index)).join('\n')}`;
  return `version: 1\nworkloads:\n${numbers(50, workload).join('\n')}\n`;
}

/** 100,000 lines, 9,000 destinations. */
export function largeLog(): string {
  const start = Date.UTC(2026, 10, 1);
  return numbers(100_000, (index) =>
    line({
      time: new Date(start + index * 20_000).toISOString(),
      workload: `server-${index % 50}`,
      authority: `host-${(index * 7919) % 9000}.example.net:443`,
    }),
  ).join('\n');
}

function numbers<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
