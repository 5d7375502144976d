export { isClaim } from './accept';
export { ProofInputError } from './errors';
export type { TerraformDocument } from './load/document';
export { TAGS } from './model/tags';
export {
  CLAIMS,
  type Acceptance,
  type ClaimId,
  type ClaimResult,
  type ClaimStatus,
  type Finding,
  type Hop,
  type Place,
  type Proof,
  type Reach,
  type Verdict,
} from './proof';
export { proofSarif, type SarifTool } from './report/sarif';
export { proofText, type TextReportOptions } from './report/text';
export { proveSealed, type ProveOptions } from './prove-sealed';
