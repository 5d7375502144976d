import { z } from 'zod';

/** The form of `cases/*.yaml`. Every key is checked, so that a mistyped one cannot turn a check off. */

const status = z.union([z.int().min(100).max(599), z.literal('closed')]);
const count = z.int().min(1).max(10_000_000);
const bytes = z.string().regex(/^[\x00-\xff]*$/, 'only characters up to U+00FF, each is one byte'); // eslint-disable-line no-control-regex
const hex = z.string().regex(/^([0-9a-f]{2}\s*)*$/i, 'pairs of hexadecimal digits');

/** Bytes as text, `times` over, `every` so many milliseconds. */
const send = z.strictObject({ send: bytes, times: count.optional(), every: count.optional() });
const sendHex = z.strictObject({ hex, times: count.optional() });
/** A real TLS client's first flight, with what was done to it; see `steps/hello.ts`. */
const hello = z.strictObject({ hello: z.record(z.string(), z.unknown()) });
/**
 * A real TLS handshake; what is sent later goes inside. `fails`: it must not come about. `version`: the highest one. `resume`: the session
 * of the handshake before, as far as there is one.
 */
const tls = z.strictObject({
  tls: z.strictObject({
    sni: z.string().nullable(),
    alpn: z.array(z.string()).optional(),
    version: z.enum(['TLSv1.2', 'TLSv1.3']).optional(),
    resume: z.boolean().optional(),
    fails: z.boolean().optional(),
  }),
});
/** Frames of HTTP/2 as bytes: preface and SETTINGS unless `preface` is false, HEADERS, DATA. */
const h2 = z.strictObject({
  h2: z.strictObject({
    headers: z.array(z.tuple([bytes, bytes])).optional(),
    data: bytes.optional(),
    end: z.boolean().optional(),
    preface: z.boolean().optional(),
    settings: hex.optional(),
    stream: z.int().optional(),
  }),
});
/** One HTTP reply, or the close that will do as well. `to`: the method that it answers, for whether it has a body; default: that of the last `send`. */
const reply = z.strictObject({
  reply: z.union([status, z.array(status).min(1)]),
  reason: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  to: z.string().optional(),
  body: z.string().optional(),
});
const closed = z.strictObject({ closed: z.literal(true) });
/** Whatever comes, until the peer closes or so many milliseconds have passed. */
const rest = z.strictObject({ rest: count, lacks: z.string().optional(), shows: z.string().optional() });
const pause = z.strictObject({ pause: count });
const end = z.strictObject({ end: z.literal(true) });
/** A new connection to the listener of a workload, or to a port; the one before it stays open until the case ends. */
const open = z.strictObject({ open: z.union([z.string(), z.int()]) });

/** A UDP datagram to the port of the workload. */
const datagram = z.strictObject({ datagram: hex });

const simpleStep = z.union([send, sendHex, hello, tls, h2, reply, closed, rest, pause, end, open, datagram]);
/** So many connections at once, each with these steps, `{n}` in a `send` being its number; they stay open until the case ends. */
const flood = z.strictObject({ flood: z.strictObject({ connections: count, steps: z.array(simpleStep) }) });
/** These steps again and again, each time on new connections, until they go as written: for what comes about with time. */
const eventually = z.strictObject({ eventually: z.array(simpleStep).min(1) });
const step = z.union([...simpleStep.options, flood, eventually]);

/** As `Answer` of the DNS server. */
const answer = z.strictObject({
  addresses: z.array(z.string()).optional(),
  ttl: z.int().optional(),
  delayMs: z.int().optional(),
  rcode: z.enum(['NXDOMAIN', 'SERVFAIL']).optional(),
  cname: z.union([z.string(), z.array(z.string())]).optional(),
  silent: z.boolean().optional(),
  truncated: z.boolean().optional(),
  wrongId: z.boolean().optional(),
  owner: z.string().optional(),
  others: z.record(z.string(), z.array(z.string())).optional(),
});
const names = z.record(z.string(), z.array(z.union([z.string(), answer])));

const oneCase = z.strictObject({
  name: z.string().min(8).max(160),
  /** Where the attack is known from. */
  source: z.string().optional(),
  workload: z.string().optional(),
  policy: z.string().optional(),
  names: names.optional(),
  steps: z.array(step).min(1),
  expect: z.enum(['refused', 'closed', 'allowed', 'contained']),
  /** Fields of the gateway's log line on the last reply that had an id. */
  log: z.record(z.string(), z.unknown()).optional(),
  /** `address:port` of connections that are no escape. */
  mayDial: z.array(z.string().regex(/:\d+$/, 'address:port')).optional(),
  /** Names, or `*.zone`. */
  mayAsk: z.array(z.string()).optional(),
  /** As `mayDial`, as long as no byte goes over the connection. */
  mayConnect: z.array(z.string().regex(/:\d+$/, 'address:port')).optional(),
  /** `METHOD host/path` of requests that servers may hear; of allowed cases: any. */
  mayHear: z.array(z.string()).optional(),
  /** Against the Envoy that is open on purpose this case must be an escape. */
  openEscapes: z.boolean().optional(),
});

export const groupSchema = z.strictObject({
  group: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  why: z.string().min(20),
  policy: z.string(),
  names: names.default({}),
  cases: z.array(oneCase).min(2),
});

export type SimpleStep = z.infer<typeof simpleStep>;
export type Step = z.infer<typeof step>;
export type Names = z.infer<typeof names>;
export type Case = z.infer<typeof oneCase>;
export type Group = z.infer<typeof groupSchema>;
