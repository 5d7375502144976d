/**
 * The public API of `cdktf-mcp-egress`: the policy, what it means, Envoy's configuration from it, and an Envoy that runs it.
 * Loads no part of CDK for Terraform.
 */
export {
  decide,
  EgressPolicy,
  formatSource,
  PolicyError,
  PolicyFileError,
  policyJsonSchema,
  PROBLEM_CODES,
  REASONS,
  type Decision,
  type EgressRequest,
  type FixedAddress,
  type Group,
  type Limits,
  type Mode,
  type PolicyProblem,
  type ProblemCode,
  type Protocol,
  type ReadOptions,
  type Reason,
  type Rule,
  type Source,
  type Workload,
} from './policy';
export { compile, render, toStatic, type CompiledConfig, type CompileOptions, type NamedResource } from './envoy';
export { EnvoyConfigError, EnvoyNotFoundError, EnvoyStartError, PortTakenError, PublishError } from './gateway/errors';
export { findEnvoy, type EnvoyBinary, type FindEnvoyOptions } from './gateway/find-envoy';
export { parseLogLine, printable, type LogRecord } from './gateway/log-line';
export {
  CLAIMS,
  ProofInputError,
  proofSarif,
  proofText,
  proveSealed,
  type Acceptance,
  type ClaimId,
  type ClaimResult,
  type ClaimStatus,
  type Finding,
  type Hop,
  type Place,
  type Proof,
  type ProveOptions,
  type Reach,
  type SarifTool,
  type TerraformDocument,
  type TextReportOptions,
  type Verdict,
} from './proof';
export { startGateway, type Gateway, type StartOptions } from './gateway/start';
export { validate, type ValidateOptions } from './gateway/validate';
export { watchPolicy, type PolicyWatch, type WatchEvent, type WatchOptions } from './gateway/watch';
