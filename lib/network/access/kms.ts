import type { Access } from '../access';

export interface DecryptOptions {
  /**
   * Only for this service, which then calls KMS itself, never through the VPC: `s3.R.amazonaws.com` (`kms:ViaService`).
   * @default also for the caller itself, through the endpoint `kms`
   */
  readonly viaService?: string;
}

/**
 * Decryption with some keys, for the endpoint `kms` and for roles.
 * @param keyArns full ARNs: `arn:aws:kms:R:ACCOUNT:key/ID`; an alias is no resource here
 */
export function decryptWithKeys(keyArns: readonly string[], { viaService }: DecryptOptions = {}): Access[] {
  return [
    {
      sid: 'KmsDecrypt',
      actions: ['kms:Decrypt'],
      resources: keyArns,
      ...(viaService !== undefined && { condition: { StringEquals: { 'kms:ViaService': viaService } } }),
    },
  ];
}
