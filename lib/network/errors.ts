/** What the errors of this folder have in common: all problems at once, each a sentence that says what to do. */
abstract class NetworkError extends Error {
  /** At least one: what is wrong, the value, what is allowed, what to write. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = new.target.name;
    this.problems = Object.freeze([...problems]);
  }
}

/** A VPC that cannot be cut into subnets as asked. */
export class NetworkPlanError extends NetworkError {}

/** Statements that make no policy document which AWS takes. */
export class PolicyDocumentError extends NetworkError {}

/** Names that Route 53 Resolver DNS Firewall would refuse, misread or have no room for. */
export class DnsNamesError extends NetworkError {}
