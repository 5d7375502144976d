export { logPart } from './log-part';
export type { ChangeRow, ChangesPart, LogPart, PolicyPart, ProofPart, ReportModel } from './model';
export { pageBundle, type PageBundle } from './page-bundle';
export { policyPart } from './policy-part';
export { proofPart } from './proof-part';
export { RefusalTimes } from './refusal-times';
export { PAGE_MARK, renderPage } from './render-page';
