import { Token } from 'cdktf';
import { decryptWithKeys, readParameters, readSecrets, type Access, type AwsServiceId } from '../../lib/network';
import { referenceText } from './reference-text';

const SECRET = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:/;
const PARAMETER = /^arn:[a-z-]+:ssm:[a-z0-9-]+:\d{12}:parameter\//;

/** What is wrong with a reference; undefined where it is one, or a token that only AWS knows. */
export function secretProblem(name: string, reference: string): string | undefined {
  if (Token.isUnresolved(reference) || SECRET.test(reference) || PARAMETER.test(reference)) return undefined;
  // The value itself may be the secret, so it is not repeated here.
  return `secrets: ${name} is not the ARN of a secret (arn:aws:secretsmanager:…:secret:…) or of a parameter (arn:aws:ssm:…:parameter/…); values do not belong here.`;
}

/** A parameter by its ARN, or by the resource or data source that a token refers to. */
const OF_PARAMETER = /:ssm:|\/(data\.)?aws_ssm_parameter\./;

/** By service: a token counts as a secret of Secrets Manager unless it says otherwise. */
function byService(references: readonly string[]): { secrets: string[]; parameters: string[] } {
  const parameters = references.filter((reference) => OF_PARAMETER.test(referenceText(reference)));
  return { parameters, secrets: references.filter((reference) => !parameters.includes(reference)).map(withoutKey) };
}

/** An ARN that is a token, and `:json-key:stage:version` behind it. */
const TOKEN_WITH_KEY = /^(\$\{TfToken\[[^\]]*\]\})(:[^:]*){3}$/;

/** `…:secret:name-AbCdEf:json-key:stage:version` names one value of a secret; IAM knows the secret. */
function withoutKey(reference: string): string {
  if (reference.startsWith('arn:')) return reference.split(':').slice(0, 7).join(':');
  return reference.replace(TOKEN_WITH_KEY, '$1');
}

/** What ECS has to be allowed to read them. */
export function secretAccess(references: readonly string[], kmsKeyArns: readonly string[] = []): Access[] {
  return [
    ...secretServices(references).flatMap(([, access]) => access),
    ...(kmsKeyArns.length > 0 ? decryptWithKeys(kmsKeyArns) : []),
  ];
}

/** The services that are asked, with what they are asked for. */
export function secretServices(references: readonly string[]): [AwsServiceId, readonly Access[]][] {
  const { secrets, parameters } = byService(references);
  return [
    ...(secrets.length > 0 ? [['secretsmanager', readSecrets(unique(secrets))] as [AwsServiceId, Access[]]] : []),
    ...(parameters.length > 0 ? [['ssm', readParameters(unique(parameters))] as [AwsServiceId, Access[]]] : []),
  ];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
