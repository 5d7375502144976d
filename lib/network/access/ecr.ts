import type { Access } from '../access';

/**
 * Image pulls from some repositories, for the endpoints `ecr.api` and `ecr.dkr` (AWS advises one policy for both; ECR
 * User Guide, "Amazon ECR interface VPC endpoints") and for execution roles. Nothing can be pushed.
 * @param repositoryArns full ARNs: `arn:aws:ecr:R:ACCOUNT:repository/NAME`
 */
export function pullImages(repositoryArns: readonly string[]): Access[] {
  return [
    // It has no resource (Service Authorization Reference), and a token lets its bearer do only what its role may.
    { sid: 'EcrLogin', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
    {
      sid: 'EcrPull',
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: repositoryArns,
    },
  ];
}
