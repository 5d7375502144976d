import { quote } from '../../policy/quote';
import { ProofInputError } from '../errors';
import type { Value } from '../value/value';
import type { TerraformDocument } from './document';
import type { Gap } from './gaps';
import { isJson, type Json } from './json';
import { indexOf } from './text-index';
import type { Resource } from './resource';
import { loadShow } from './show';
import { loadSynth } from './synth';

/** What one document holds. */
export interface Loaded {
  readonly document: TerraformDocument;
  readonly resources: readonly Resource[];
  /** Names of modules: what is in them is not in the document. */
  readonly modules: readonly string[];
  /** What else it does not show. */
  readonly gaps: readonly Gap[];
  output(name: string): Value | undefined;
  /** Whether a `terraform_remote_state` of another document reads this one. */
  isReadBy(remoteState: string, block: Json): boolean;
}

/** Finds the output of another document that a `terraform_remote_state` reads. */
export type FindOutput = (remoteState: string, block: Json, output: string) => Value | undefined;

/**
 * Reads the documents of one network.
 * @throws {ProofInputError} with everything that is not Terraform JSON
 */
export function loadDocuments(documents: readonly TerraformDocument[]): readonly Loaded[] {
  const problems = documents.flatMap((document) => problemOf(document) ?? []);
  if (documents.length === 0)
    problems.push('no document: give the cdk.tf.json of each stack, or the output of terraform show -json');
  const names = documents.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  for (const name of new Set(twice)) problems.push(`${quote(name)}: two documents have this name; give each one once`);
  if (problems.length > 0) throw new ProofInputError(problems);
  const loaded: Loaded[] = [];
  const find: FindOutput = (remoteState, block, output) =>
    loaded.find((each) => each.isReadBy(remoteState, block))?.output(output);
  for (const document of documents) loaded.push(isShow(document.json) ? loadShow(document) : loadSynth(document, find));
  return loaded;
}

function isShow(value: unknown): boolean {
  return isJson(value) && ('planned_values' in value || 'values' in value || 'format_version' in value);
}

function problemOf(document: TerraformDocument): string | undefined {
  const { name, json } = document;
  const known = ['resource', 'data', 'terraform', 'provider', 'module', 'output', 'locals', 'variable'];
  if (isShow(json) && isJson(json) && 'resource' in json)
    return `${quote(name)}: this is a configuration and the output of terraform show -json in one; give one of them`;
  const [twice] = indexOf(document)?.twice ?? [];
  if (twice !== undefined)
    return `${quote(name)}: ${quote(twice)} stands twice in one object, and Terraform reads both; write it once`;
  if (isShow(json) || (isJson(json) && known.some((key) => Object.hasOwn(json, key)))) return undefined;
  return `${quote(name)}: this is not Terraform JSON; give a cdk.tf.json, or what terraform show -json prints of a plan or a state`;
}
