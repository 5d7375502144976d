import type { Access } from '../../lib/network';
import type { IConnectable } from './connections';

/** A role to which statements can be added: a `ServiceRole`, or something of your own that adds them to a role. */
export interface IAccessRole {
  grant(access: readonly Access[]): void;
}

/** Who can be given access: an `McpServer`, or `{ connections, taskRole }` of something of your own. */
export interface IGrantee extends IConnectable {
  /** Gets the statements. @default - none: add them to its role yourself */
  readonly taskRole?: IAccessRole;
  /** Its name in the policy, for what is reached through the gateway. */
  readonly workload?: string;
  /** Told the names that are reached without the gateway, in the form of NO_PROXY. */
  addDirectNames?(names: readonly string[]): void;
}
