import { get, type Stack } from '../support/sealed';
import type { Leak } from './leak';

/** Another policy on the endpoint of S3. */
export function s3Policy(
  name: string,
  rest: Pick<Leak, 'breaks' | 'unproven'>,
  text: string,
  prepare: (stack: Stack) => void = () => {},
): Leak {
  const change = (stack: Stack): void => {
    prepare(stack);
    get(stack, 'aws_vpc_endpoint', 's3').policy = text;
  };
  return { name, ...rest, names: 'aws_vpc_endpoint.s3', change };
}
