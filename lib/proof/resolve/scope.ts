import type { Resource } from '../load/resource';
import type { Value } from '../value/value';

/** What the expressions of one document can name. */
export interface Scope {
  /** A resource of the document by its address: `aws_vpc.main`, `data.aws_region.here`. */
  resource(address: string): Resource | undefined;
  local(name: string): Value | undefined;
  /** An output of another document, by the name of the `terraform_remote_state` that reads it. */
  remoteOutput(remoteState: string, output: string): Value | undefined;
}
