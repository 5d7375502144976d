import { pullImages, writeLogs } from '../../lib/network';
import type { AwsFacts } from './aws-facts';
import type { IConnectable } from './connections';
import { ecrRepositories } from './ecr-repositories';
import type { ImageReference } from './image-reference';
import { LogGroup } from './log-group';
import type { IMcpNetwork } from './network';

export interface ImagePullProps {
  readonly network: IMcpNetwork;
  /** Who pulls: on Fargate the task itself. */
  readonly peer: IConnectable;
  readonly images: readonly ImageReference[];
  readonly logGroupName: string;
  /** Names that pulls from elsewhere than ECR ask for. @default - those of known registries */
  readonly registryNames?: readonly string[];
}

/**
 * Opens what a task needs to start without the Internet: ECR's two endpoints, the S3 gateway endpoint for image layers, and the one for
 * logs, each for just these repositories and this log group (Amazon ECR user guide, "Interface VPC endpoints").
 *
 * @returns the names that are asked for because images come from elsewhere
 */
export function grantImagePull(props: ImagePullProps): readonly string[] {
  const { network, peer, images, logGroupName } = props;
  const { endpoints } = network;
  endpoints.grant('logs', peer, (facts) => writeLogs([LogGroup.arnOf(facts, logGroupName)]));
  if (images.some(({ isEcr }) => isEcr)) {
    const access = (facts: AwsFacts) => pullImages(ecrRepositories(images, facts));
    endpoints.grant('ecr.api', peer, access);
    endpoints.grant('ecr.dkr', peer, access);
    endpoints.grantImageLayers(peer);
    endpoints.addDnsNames(images.flatMap(({ ecrHost }) => ecrHost ?? []));
  }
  const elsewhere = images.filter(({ isEcr }) => !isEcr);
  if (elsewhere.length === 0) return [];
  return props.registryNames ?? [...new Set(elsewhere.flatMap(({ registryNames = [] }) => registryNames))].sort();
}
