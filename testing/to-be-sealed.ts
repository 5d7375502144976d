import { proofText, proveSealed, type ProveOptions, type TerraformDocument } from '../lib/proof';

/** One stack: its Terraform JSON as a text (`Testing.synth(stack)`), parsed, or the stack itself. */
export type SealedSubject = string | object;

/** What jest's and vitest's `expect.extend` take. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * A matcher for jest and vitest: the workloads of a stack, or of several that are one network, have no way out but the gateway.
 *
 * ```ts
 * import { toBeSealed } from 'cdktf-mcp-egress/testing';
 * expect.extend({ toBeSealed });
 * expect(Testing.synth(stack)).toBeSealed();
 * expect([networkStack, toolsStack]).toBeSealed({ accept: [{ claim: 'C5', reason: 'DNS is filtered by the network team' }] });
 * ```
 * What is unproven does not pass. `not.toBeSealed()` passes on a leak alone, so that nothing unknown counts as an answer either way.
 * @throws {ProofInputError} what is no Terraform JSON
 */
export function toBeSealed(
  received: SealedSubject | readonly SealedSubject[],
  options: ProveOptions = {},
): MatcherResult {
  const subjects = Array.isArray(received) ? (received as readonly SealedSubject[]) : [received as SealedSubject];
  const proof = proveSealed(subjects.map(documentOf), options);
  const text = proofText(proof);
  // Jest turns `pass` around for `.not`; an unproven stack has to fail both.
  if (proof.verdict === 'unproven') throw new Error(`expected a proof, but the stack is unproven:\n${text}`);
  const pass = proof.verdict === 'sealed';
  return { pass, message: () => `expected the stack ${pass ? 'not to be' : 'to be'} sealed:\n${text}` };
}

function documentOf(subject: SealedSubject, index: number): TerraformDocument {
  const name = `stack ${index + 1}`;
  if (typeof subject === 'string') return { name, json: JSON.parse(subject) as unknown, text: subject };
  if ('toTerraform' in subject && typeof subject.toTerraform === 'function')
    return { name, json: (subject.toTerraform as () => unknown).call(subject) };
  return { name, json: subject };
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- where @types/jest has its matchers
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- all declarations of an interface have the same parameters
    interface Matchers<R, T> {
      /** The workloads have no way out but the gateway. */
      toBeSealed(options?: ProveOptions): R;
    }
  }
}
