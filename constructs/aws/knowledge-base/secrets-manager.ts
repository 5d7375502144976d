import type { Construct } from 'constructs';
import { decryptWithKeys, readSecrets } from '../../../lib/network';
import { arnOf, checkKnowledge, KEY_ARNS } from './check-arns';
import { endpointSource, type KnowledgeParts, type KnowledgeProps } from './source';

export interface SecretsManagerKnowledgeProps extends KnowledgeProps {
  /** Secrets that may be read at run time, with the six characters of Secrets Manager's own at the end. */
  readonly secretArns: readonly string[];
  /** Customer keys with which they are encrypted. @default - the key that AWS manages */
  readonly kmsKeyArns?: readonly string[];
}

/** Secrets that a server reads itself; those of `McpServer`'s props need none of this. */
export function secretsManagerKnowledge(scope: Construct, props: SecretsManagerKnowledgeProps): KnowledgeParts {
  const { secretArns: arns, kmsKeyArns = [], organizationId } = props;
  const form = 'arn:aws:secretsmanager:R:ACCOUNT:secret:NAME-XXXXXX';
  checkKnowledge(
    scope,
    organizationId,
    [{ prop: 'secretArns', arns, form, pattern: arnOf('secretsmanager', 'secret:[a-zA-Z0-9/_+=.@?*-]+') }],
    [{ prop: 'kmsKeyArns', arns: props.kmsKeyArns, ...KEY_ARNS }],
  );
  return {
    sources: [
      endpointSource(props, 'secretsmanager', () => readSecrets(arns), {
        // Secrets Manager asks KMS itself, in the caller's name.
        roleAccess: ({ region, dnsSuffix }) =>
          kmsKeyArns.length > 0
            ? decryptWithKeys(kmsKeyArns, { viaService: `secretsmanager.${region}.${dnsSuffix}` })
            : [],
      }),
    ],
  };
}
