/** Writes egress.schema.json, the JSON Schema of a policy for editors; a test keeps the file in step. */
import { writeFileSync } from 'node:fs';
import { policyJsonSchema } from '../lib/policy/schema.js';

writeFileSync(new URL('../egress.schema.json', import.meta.url), `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
