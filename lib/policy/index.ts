export { canonicalIp, contains, excludeRanges, overlaps, parseCidr, type Cidr, type CidrProblem } from './cidr';
export { decide, type Decision, type EgressRequest } from './decide';
export { diffPolicies, type Change, type DiffOptions, type Effect, type PolicyDiff } from './diff/diff';
export type { Group, Ignore } from './draft';
export {
  formatSource,
  PolicyError,
  PolicyFileError,
  PROBLEM_CODES,
  type PolicyProblem,
  type ProblemCode,
} from './errors';
export { bracketHost, endsInNumber, isIpHost, normaliseHost, type HostProblem, type NormalHost } from './hosts';
export { lint, review, type LintOptions, type Review } from './lint/lint';
export { docsOf, WARNING_CODES, type Accepted, type Warning, type WarningCode } from './lint/warning';
export { checkGatewayAddresses, EgressPolicy, type ReadOptions } from './policy';
export { DEFAULT_HEALTH_PORT } from './ports';
export {
  LOOPBACK_RANGES,
  METADATA_RANGES,
  METADATA_TABLE,
  PUBLIC_DENIED_RANGES,
  PUBLIC_DENIED_TABLE,
  type SpecialRange,
} from './ranges';
export { REASONS, type Reason } from './reasons';
export { requestOf, RequestError, type AskedRequest } from './request-of';
export { findPreset, PRESETS, type Preset, type PresetHost } from './presets/presets';
export type { RuleBody } from './rule';
export { policyJsonSchema, type PolicyFile } from './schema';
export { toObject } from './to-object';
export type { FixedAddress, Limits, Mode, Protocol, Rule, Source, Workload } from './types';
