import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { appsUnderTest, synthesize } from './terraform/support/stacks';

jest.setTimeout(120_000);

/** Longer texts are scripts; their own tests read them. */
const SHOWN = 300;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** JSON in texts is shown as JSON, scripts by their hash, and the machine's folders not at all. */
function readable(value: unknown, folder: string): unknown {
  if (typeof value === 'string') {
    const text = value.replaceAll(folder, '<folder>');
    if (/^[[{]/.test(text)) {
      try {
        return { json: readable(JSON.parse(text), folder) };
      } catch {
        // An expression or a text that only begins like JSON.
      }
    }
    return text.length > SHOWN ? `<${text.split('\n').length} lines, ${hash(text)}>` : text;
  }
  if (Array.isArray(value)) return value.map((each) => readable(each, folder));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '//');
  return Object.fromEntries(entries.map(([key, inner]) => [key, readable(inner, folder)]));
}

async function stacksOf(name: string): Promise<Record<string, unknown>> {
  const app = appsUnderTest().find((each) => each.name === name);
  if (!app) throw new Error(`there is no app ${name}`);
  const { folder, stacks } = await synthesize(app);
  try {
    const read = (file: string): unknown => readable(JSON.parse(readFileSync(file, 'utf8')), folder);
    return Object.fromEntries(stacks.map((stack) => [stack.name, read(stack.file)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each(appsUnderTest().map(({ name }) => name))('%s', (name) => {
  it('synthesizes to the same Terraform each time, and to what was last looked at', async () => {
    const [first, second] = await Promise.all([stacksOf(name), stacksOf(name)]);
    expect(second).toEqual(first);
    expect(first).toMatchSnapshot();
  });
});
