import { z } from 'zod';
import { HIGHEST_PORT, LOWEST_WORKLOAD_PORT } from './ports';

/** A workload's or group's name: it becomes part of resource names, so it is a DNS label (RFC 1123) that begins with a letter. */
export const NAME = /^[a-z][a-z0-9-]{0,62}$/;

// The `error` of a schema says what is allowed and what to write; read/shape.ts puts the place, the key and the value in front.
const line = (what: string) =>
  z.string({ error: `${what} is text; write it in quotes where YAML would read something else` });

const port = (lowest: number, example: string) => {
  const error = `a port is a whole number from ${lowest} to ${HIGHEST_PORT}; write ${example}`;
  return z.int({ error }).min(lowest, { error }).max(HIGHEST_PORT, { error });
};

const limit = (key: string, highest: number, example: number) => {
  const error = `a whole number from 1 to ${highest} is wanted; write \`${key}: ${example}\`, or leave the key out for no limit`;
  return z.int({ error }).min(1, { error }).max(highest, { error });
};

const list = <T extends z.ZodType>(item: T, example: string) => {
  const error = `a list with at least one entry is wanted; write ${example}`;
  return z.array(item, { error }).min(1, { error });
};

const host = z.string({
  error: 'a host is text; write a name like `api.example.com`, in quotes where YAML would read something else',
});

const entry = {
  host: host
    .optional()
    .describe('One host: a name, `*.` and a name for everything below it, or with `private` an IP address.'),
  hosts: list(host, '`hosts: [api.example.com]`').optional().describe('Several hosts that share the rest of the rule.'),
  ports: list(port(1, '`ports: [443]`'), '`ports: [443]`')
    .optional()
    .describe('The ports of the hosts. Default: [443] for tls, [80] for http; tcp has no default.'),
  protocol: z
    .enum(['tls', 'http', 'tcp'], {
      error:
        'one of "tls", "http" and "tcp" is wanted; write `protocol: http` for plain HTTP, or leave the key out for tls',
    })
    .optional()
    .describe(
      'What the hosts speak: tls (default; only the server name is visible), http (plain) or tcp (opaque bytes).',
    ),
  methods: list(line('a method'), '`methods: [GET, HEAD]`')
    .optional()
    .describe('For http: the allowed methods. Default: all but CONNECT and TRACE.'),
  paths: list(line('a path'), '`paths: [/public/]`')
    .optional()
    .describe('For http: allowed path prefixes. Default: every path.'),
  private: list(line('a network'), '`private: ["10.0.0.0/8"]`')
    .optional()
    .describe('The only networks that the hosts may resolve to. Default: every public address and no private one.'),
  address: line('an address').optional().describe('`ip:port` that is dialled instead of resolving the hosts.'),
};

const note = {
  expires: line('a date')
    .optional()
    .describe('The last day (UTC, YYYY-MM-DD, years 1970 to 9998) on which the rule counts. Default: it does not end.'),
  owner: line('an owner').optional().describe('Who answers for the rule.'),
  reason: line('a reason').optional().describe('Why the rule is there; required for tcp.'),
};

const oneOf = (...keys: string[]) => ({ oneOf: keys.map((key) => ({ required: [key] })) });
const mapping = (what: string, example: string) => `${what} is a mapping of keys to values; write one like ${example}`;

const groupEntry = z
  .strictObject({ ...entry, ...note }, { error: mapping('an entry of a group', '`host: api.example.com`') })
  .meta(oneOf('host', 'hosts'));

const rule = z
  .strictObject(
    {
      ...entry,
      ...note,
      group: line('the name of a group')
        .optional()
        .describe('A name under `groups`, whose entries stand here in its place.'),
      preset: line('the name of a preset')
        .optional()
        .describe('A named list of hosts that comes with this version; `mcp-egress presets` lists them.'),
    },
    { error: mapping('a rule', '`host: api.example.com`') },
  )
  .meta(oneOf('host', 'hosts', 'group', 'preset'));

const limits = z.strictObject(
  {
    requestsPerSecond: limit('requestsPerSecond', 1_000_000, 50)
      .optional()
      .describe('CONNECTs and plain requests together. Default: no limit.'),
    connections: limit('connections', 1_000_000, 200)
      .optional()
      .describe('Open tunnels and requests in flight. Default: no limit.'),
    tunnelMinutes: limit('tunnelMinutes', 43_200, 60)
      .optional()
      .describe('The longest life of one tunnel, stream or WebSocket, in minutes. Default: no limit.'),
    uploadKilobytesPerSecond: limit('uploadKilobytesPerSecond', 4_000_000, 2048)
      .optional()
      .describe('Upload, summed over all connections, in units of 1024 bytes. Default: no limit.'),
  },
  { error: mapping('`limits`', '`connections: 200`') },
);

const rules = <T extends z.ZodType>(item: T) =>
  z.array(item, { error: 'a list of rules is wanted; write each as `- host: api.example.com`' });

const workload = z.strictObject(
  {
    port: port(LOWEST_WORKLOAD_PORT, '`port: 10000`').describe(
      "The port of the gateway for this workload; unique, part of the workload's identity.",
    ),
    allow: rules(rule).nullish().describe('What the workload may reach. Default: nothing.'),
    limits: limits.nullish().describe('Per workload and gateway process.'),
  },
  { error: mapping('a workload', '`{ port: 10000, allow: [] }`') },
);

// zod leaves the value of a badly named key unchecked, so the pattern stands in the JSON Schema alone and read/policy.ts checks names.
const named = <T extends z.ZodType>(item: T, what: string) =>
  z.record(z.string().meta({ pattern: NAME.source }), item, {
    error: `${what} is a mapping; write each entry below its name`,
  });

/** The shape of a policy file. What a rule's values mean is checked apart, because it needs places and other rules. */
export const policySchema = z
  .strictObject(
    {
      version: z
        .literal(1, { error: 'the format has one version; write `version: 1`' })
        .describe('The version of this format.'),
      mode: z
        .enum(['enforce', 'observe'], {
          error: 'one of "enforce" and "observe" is wanted; leave the key out for enforce',
        })
        .optional()
        .describe('enforce (default) refuses what no rule allows; observe lets it pass and logs it as would_deny.'),
      groups: named(rules(groupEntry), '`groups`')
        .nullish()
        .describe('Named lists of rules that several workloads share.'),
      workloads: named(workload, '`workloads`')
        .nullish()
        .describe('The governed clients by name. Default: none, so nothing leaves.'),
    },
    { error: 'a policy is a mapping; write `version: 1` and `workloads:`' },
  )
  .meta({ title: 'Egress policy', description: 'What the workloads of an egress gateway may reach.' });

/** A policy as plain data, as it stands in a file. */
export type PolicyFile = z.infer<typeof policySchema>;

/** The keys that may stand at each kind of place, for suggestions. */
export const KEYS = {
  policy: Object.keys(policySchema.shape),
  workload: Object.keys(workload.shape),
  limits: Object.keys(limits.shape),
  rule: Object.keys(rule.shape),
  groupEntry: Object.keys(groupEntry.shape),
} as const;

/**
 * The JSON Schema (draft 2020-12) of a policy file, for editors: `# yaml-language-server: $schema=./egress.schema.json` in
 * the first line of a policy. It knows the shape; hosts, networks and what lies between rules are checked by this library alone.
 */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policySchema, { target: 'draft-2020-12' });
}
