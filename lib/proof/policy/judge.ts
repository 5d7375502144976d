import { ACTIONS_WITHOUT_RESOURCE, FOUNDATION_MODELS, LAYER_BUCKET } from '../catalogue/policy-exceptions';
import { show, Unknown, type ValueObject } from '../value/value';
import { arnText, NOT_KNOWN, resourcePin, type Pin } from './arn';
import { boundBy, type Bound } from './denial';
import { best, isEverybody, readStatement, whatOf, whoOf, type Statement } from './statement';

/** What is wrong with an endpoint policy: a hole, or what is not known. */
export interface PolicyFault {
  readonly status: 'broken' | 'unproven';
  readonly what: string;
}

/** A part of what an Allow lets through, and what Denies have bound of it. */
interface Piece {
  readonly statement: Statement;
  readonly bound: readonly Bound[];
}

/** Judges the statements of an endpoint policy: everything that they let through must be pinned on both sides, or be an exception of the catalogue. */
export function judgePolicy(blocks: readonly (ValueObject | Unknown)[]): readonly PolicyFault[] {
  const read = blocks.map((block) => (block instanceof Unknown ? block : readStatement(block)));
  const statements = read.filter((each): each is Statement => !(each instanceof Unknown));
  const unknown = read.filter((each) => each instanceof Unknown);
  const denials = statements.filter(({ effect }) => effect === 'Deny');
  const allowed = statements.filter(({ effect }) => effect === 'Allow');
  return [
    // A Deny that is not known can only refuse more, but nobody knows whether this is one.
    ...unknown.map((each): PolicyFault => ({
      status: 'unproven',
      what: `a statement of its policy is not known: ${each.text} ${each.reason}`,
    })),
    ...allowed.flatMap((statement) => piecesOf(statement, denials).flatMap((piece) => judgePiece(piece) ?? [])),
  ];
}

function piecesOf(statement: Statement, denials: readonly Statement[]): readonly Piece[] {
  return denials.reduce<readonly Piece[]>(
    (pieces, denial) => pieces.flatMap((piece) => cut(piece, denial)),
    [{ statement, bound: [] }],
  );
}

/** What one Deny makes of a piece: the part that it is about, bound or gone, and the part that it leaves alone. */
function cut(piece: Piece, denial: Statement): Piece[] {
  const isGone = denial.conditions.length === 0 && isEverybody(denial.principal);
  const bound = isGone ? undefined : boundBy(denial);
  if (!isGone && bound === undefined) return [piece];
  const rest = uncovered(piece.statement, denial);
  if (rest === 'all') return [piece];
  const left = rest.map((statement) => ({ ...piece, statement }));
  return bound === undefined ? left : [{ ...piece, bound: [...piece.bound, bound] }, ...left];
}

/** The parts of an Allow that a Deny is not about. */
function uncovered(statement: Statement, denial: Statement): readonly Statement[] | 'all' {
  const rest: Statement[] = [];
  if (denial.notActions) rest.push({ ...statement, actions: meeting(statement.actions, denial.notActions) });
  else {
    const actions = statement.actions.filter((action) => !denial.actions.some((pattern) => covers(pattern, action)));
    if (actions.length === statement.actions.length) return 'all';
    rest.push({ ...statement, actions });
  }
  if (denial.notResources) rest.push({ ...statement, resources: denial.notResources });
  else if (!denial.resources.includes('*')) return 'all';
  return rest.filter(({ actions, resources }) => actions.length > 0 && resources.length > 0);
}

/** The actions that both lists have. */
function meeting(actions: readonly string[], excepted: readonly string[]): string[] {
  const crossing = (a: string, b: string): boolean => !covers(a, b) && !covers(b, a) && mayMeet(a, b);
  return [
    ...actions.filter((action) => excepted.some((pattern) => crossing(pattern, action))),
    ...actions.filter((action) => excepted.some((pattern) => covers(pattern, action))),
    ...excepted.filter((pattern) => actions.some((action) => action !== pattern && covers(action, pattern))),
  ];
}

/** Whether every action of one pattern is one of the other: `s3:*` covers `s3:get*`. */
function covers(pattern: string, action: string): boolean {
  if (pattern === action || pattern === '*' || pattern === '*:*') return true;
  return pattern.endsWith('*') && !/[*?]/.test(pattern.slice(0, -1)) && action.startsWith(pattern.slice(0, -1));
}

/** Whether some action may fit both patterns: what is literal in front of their first wildcards agrees. */
function mayMeet(a: string, b: string): boolean {
  const [first = '', second = ''] = [a, b].map((each) => each.split(/[*?]/)[0]);
  return first.startsWith(second) || second.startsWith(first);
}

function judgePiece({ statement, bound }: Piece): PolicyFault | undefined {
  const layers = layerBucket(statement);
  if (layers === 'known') return undefined;
  const pins = (fits: (each: Bound) => boolean): Pin[] => bound.filter(fits).map(({ pin }) => pin);
  const who = best([...pins(({ side }) => side === 'who'), whoOf(statement)]);
  const what = best([...pins(({ side }) => side === 'what'), whatOf(statement)]);
  // Without credentials there is no stranger on the side of the caller, so that one pin is enough.
  const anonymous = best([...pins(({ signedOnly }) => !signedOnly), whoOf(statement), whatOf(statement)]);
  const words = `${statement.actions.join(', ')} on ${statement.resources.map((each) => show(each)).join(', ') || 'nothing'}`;
  if (layers !== undefined)
    return { status: 'unproven', what: `whether ${words} is ECR's bucket is not known: the name holds a variable` };
  if (who === 'open') return { status: 'broken', what: `its policy lets callers of any account do ${words}` };
  if (what === 'open' && !isException(statement))
    return {
      status: 'broken',
      what: `its policy lets callers do ${words}, of any account: a stranger's as well as ours`,
    };
  if (anonymous === 'open' && !isException(statement))
    return {
      status: 'broken',
      what: `its policy lets requests without credentials do ${words}, of any account: a Deny by Bool does not fit where aws:PrincipalIsAWSService is missing (BoolIfExists does)`,
    };
  const unknown = [who, what, anonymous].find((each) => each instanceof Unknown);
  if (!(unknown instanceof Unknown) || (unknown === what && isException(statement))) return undefined;
  return {
    status: 'unproven',
    what: `whom its policy lets do ${words} is not known: ${unknown.text} ${unknown.reason}`,
  };
}

/** Whether a statement reads ECR's bucket of image layers and nothing else. */
function layerBucket({ actions, resources }: Statement): 'known' | 'perhaps' | undefined {
  const isOnly =
    resources.length > 0 &&
    actions.every((action) => action === LAYER_BUCKET.action) &&
    resources.every((each) => LAYER_BUCKET.arn.test(arnText(each)));
  if (!isOnly) return undefined;
  return resources.some((each) => arnText(each).split('/')[0]?.includes(NOT_KNOWN)) ? 'perhaps' : 'known';
}

/** Where AWS offers no pin for the resource; the caller must be pinned. */
function isException({ actions, resources }: Statement): boolean {
  if (actions.every((action) => Object.hasOwn(ACTIONS_WITHOUT_RESOURCE, action))) return true;
  const isInvoke = actions.every((action) => FOUNDATION_MODELS.actions.has(action));
  return (
    isInvoke && resources.every((each) => FOUNDATION_MODELS.arn.test(arnText(each)) || resourcePin(each) === 'pinned')
  );
}
