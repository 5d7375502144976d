import type { Access } from '../access';

/**
 * Values of some secrets, for the endpoint `secretsmanager` and for roles.
 * @param secretArns full ARNs, which end in six characters of Secrets Manager's own
 */
export function readSecrets(secretArns: readonly string[]): Access[] {
  return [{ sid: 'SecretsRead', actions: ['secretsmanager:GetSecretValue'], resources: secretArns }];
}

/**
 * Some parameters, for the endpoint `ssm` and for roles.
 * @param parameterArns full ARNs: `arn:aws:ssm:R:ACCOUNT:parameter/PATH`
 */
export function readParameters(parameterArns: readonly string[]): Access[] {
  return [{ sid: 'ParametersRead', actions: ['ssm:GetParameter', 'ssm:GetParameters'], resources: parameterArns }];
}
