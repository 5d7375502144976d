import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { referenceText } from './reference-text';

const gateways = new WeakMap<IConstruct, Map<string, IConstruct>>();

/**
 * Keeps an environment's name for one gateway: the names of its roles, bucket, log groups and service are made of it. It is looked for in
 * the gateway's stack and in its network; another stack may be of another account.
 *
 * @returns the gateway that has the name already
 */
export function gatewayBefore(
  gateway: IConstruct,
  network: IConstruct,
  environmentName: string,
): IConstruct | undefined {
  const name = referenceText(environmentName);
  const places = [TerraformStack.of(gateway), network].map((place) => {
    const names = gateways.get(place) ?? new Map<string, IConstruct>();
    gateways.set(place, names);
    return names;
  });
  const before = places.map((names) => names.get(name)).find((each) => each !== undefined);
  for (const names of places) if (!names.has(name)) names.set(name, gateway);
  return before;
}
