import { Token } from 'cdktf';
import type { AwsFacts } from './aws-facts';
import type { ImageReference } from './image-reference';

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/…` */
const PLACE = /^(\d{12})\.dkr[.-]ecr[^.]*\.([a-z0-9-]+)\./;

/**
 * The ARNs of the repositories from which images are pulled: by name where the reference says it, else every one of the account.
 * @returns an empty list where none comes from ECR
 */
export function ecrRepositories(images: readonly ImageReference[], facts: AwsFacts): string[] {
  const arns = images
    .filter(({ isEcr }) => isEcr)
    .map((image) => {
      const [, account, region] = Token.isUnresolved(image.text) ? [] : (PLACE.exec(image.text) ?? []);
      const repository = image.ecrRepository;
      if (account === undefined || region === undefined || repository === undefined)
        return facts.arn('ecr', 'repository/*');
      return `arn:${facts.partition}:ecr:${region}:${account}:repository/${repository}`;
    });
  return [...new Set(arns)].sort();
}
