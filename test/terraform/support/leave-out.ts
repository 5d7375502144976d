import { countResources, type Block, type Blocks, type StackJson } from './stack-json';

/** What is left out of the copy of a stack that is applied to moto. */
export interface MotoGap {
  readonly type: string;
  /** If given, only this attribute (or block) goes. */
  readonly attribute?: string;
  readonly reason: string;
}

export interface LeftOut {
  /** Addresses of resources, sorted. */
  readonly resources: readonly string[];
  /** Addresses of what refers to them and is no resource: data sources, outputs, locals. */
  readonly others: readonly string[];
  /** `address.attribute`, sorted. */
  readonly attributes: readonly string[];
  /** How much of the stack's resources, from 0 to 1. */
  readonly share: number;
}

/** `aws_vpc.main` or `data.aws_region.current`, wherever it stands in an expression. */
const REFERENCE = /(?<![\w.-])(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*/g;

function referencesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.match(REFERENCE) ?? [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

/** Without `depends_on`, which an entry can leave. */
function refersTo(block: unknown, gone: ReadonlySet<string>): boolean {
  const value =
    typeof block === 'object' && block !== null && !Array.isArray(block)
      ? { ...block, depends_on: undefined, '//': undefined }
      : block;
  return referencesIn(value).some((address) => gone.has(address));
}

/** A place in a stack where something with an address stands. */
interface Place {
  readonly address: string;
  readonly isResource: boolean;
  readonly block: unknown;
  readonly remove: () => void;
}

function places(stack: StackJson): Place[] {
  const typed = (blocks: Blocks, prefix: string): Place[] =>
    Object.entries(blocks).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => ({
        address: `${prefix}${type}.${name}`,
        isResource: prefix === '',
        block,
        remove: () => {
          delete named[name];
          if (Object.keys(named).length === 0) delete blocks[type];
        },
      })),
    );
  const plain = (values: Record<string, unknown>, prefix: string): Place[] =>
    Object.entries(values).map(([name, block]) => ({
      address: `${prefix}.${name}`,
      isResource: false,
      block,
      remove: () => delete values[name],
    }));
  return [
    ...typed(stack.resource ?? {}, ''),
    ...typed(stack.data ?? {}, 'data.'),
    ...plain(stack.output ?? {}, 'output'),
    ...plain(stack.locals ?? {}, 'local'),
  ];
}

function removeAttributes(stack: StackJson, gaps: readonly MotoGap[]): string[] {
  const removed: string[] = [];
  for (const { type, attribute } of gaps) {
    if (attribute === undefined) continue;
    for (const [name, block] of Object.entries(stack.resource?.[type] ?? {})) {
      if (!(attribute in block)) continue;
      delete block[attribute];
      removed.push(`${type}.${name}.${attribute}`);
    }
  }
  return removed.sort();
}

/** Takes the gaps out of `stack` in place, with everything that refers to them; a mere `depends_on` loses its entry. */
export function leaveOut(stack: StackJson, gaps: readonly MotoGap[]): LeftOut {
  const total = countResources(stack);
  const attributes = removeAttributes(stack, gaps);
  const whole = new Set(gaps.filter(({ attribute }) => attribute === undefined).map(({ type }) => type));
  const gone = new Set<string>();
  const [resources, others]: [string[], string[]] = [[], []];
  let rest = places(stack);
  for (let before = -1; before !== gone.size;) {
    before = gone.size;
    rest = rest.filter(({ address, isResource, block, remove }) => {
      if (!(isResource && whole.has(address.split('.')[0] ?? '')) && !refersTo(block, gone)) return true;
      remove();
      gone.add(address);
      (isResource ? resources : others).push(address);
      return false;
    });
  }
  for (const { block } of rest) {
    const entries = (block as Block | null)?.depends_on;
    if (Array.isArray(entries)) (block as Block).depends_on = entries.filter((entry) => !gone.has(String(entry)));
  }
  const share = total === 0 ? 0 : resources.length / total;
  return { resources: resources.sort(), others: others.sort(), attributes, share };
}
