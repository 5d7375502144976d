import { isIP } from 'node:net';
import { z } from 'zod';
import { REASONS, type Reason } from '../policy/reasons';

const text = (what: string, example: string) => z.string({ error: `${what} is text; write one like ${example}` });
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DECISIONS = ['allowed', 'denied', 'would_deny'] as const;
const REASON_WORDS = Object.keys(REASONS) as [Reason, ...Reason[]];

/** One expectation; the key `reason` is one of {@link REASONS}. */
const caseSchema = z.strictObject({
  name: text('a name', '`the search API`').optional().describe('What the case is about, for the report.'),
  workload: text('a workload', '`web-search`').describe('A workload of the policy.'),
  method: text('a method', '`GET`').optional().describe('Counts for http:// only, because TLS hides it. Default: GET.'),
  url: text('a URL', '`https://api.example.com/`').describe('https://HOST/…, http://HOST/… or tcp://HOST:PORT.'),
  expect: z
    .enum(DECISIONS, { error: `write one of ${DECISIONS.join(', ')}` })
    .describe('`would_deny`: mode observe lets it pass and logs it.'),
  reason: z.enum(REASON_WORDS, { error: `write one of ${REASON_WORDS.join(', ')}` }).optional(),
  at: z
    .string()
    .refine((day) => DAY.test(day) && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day), {
      error: 'write a day like 2027-06-30',
    })
    .optional()
    .describe('The day (UTC) as of which expiry counts. Default: the day of the run.'),
  answers: z
    .array(z.string().refine((ip) => isIP(ip) !== 0, { error: 'write an IP address like 10.0.0.7' }))
    .optional()
    .describe('What the name resolves to; an empty list: it does not. Default: not looked at.'),
});

/** A file of expectations. */
export const casesSchema = z.strictObject({
  version: z.literal(1, { error: 'write `version: 1`' }),
  cases: z.array(caseSchema, {
    error: 'a list of cases is wanted; write `- { workload: …, url: …, expect: allowed }`',
  }),
});

/** The keys of a file and of one case, for messages. */
export const KEYS = { file: Object.keys(casesSchema.shape), case: Object.keys(caseSchema.shape) } as const;

/** What a file says, after it was checked. */
export type CasesFile = z.infer<typeof casesSchema>;
