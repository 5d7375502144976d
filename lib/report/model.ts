import type { ClaimStatus, Hop, Verdict } from '../proof/proof';
import type { Protocol } from '../policy/types';

/**
 * Everything that the page shows, as plain data: it is written into the page as JSON, and the page makes text nodes of it.
 * Types alone: the page's script, which runs in a browser, shares this file.
 */
export interface ReportModel {
  readonly policy?: PolicyPart;
  readonly proof?: ProofPart;
  readonly changes?: ChangesPart;
  readonly log?: LogPart;
}

export interface PolicyPart {
  readonly files: readonly string[];
  readonly mode: string;
  /** SHA-256 in hex of what the policy means. */
  readonly hash: string;
  readonly workloads: readonly WorkloadRow[];
  readonly rules: readonly RuleRow[];
}

export interface WorkloadRow {
  readonly name: string;
  readonly port: number;
  /** `50 requests a second`, in the order of the policy's schema. */
  readonly limits: readonly string[];
}

/** One rule. */
export interface RuleRow {
  /** Unique in its workload. */
  readonly id: string;
  readonly workload: string;
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  readonly protocol: Protocol;
  /** What it is narrowed to: `GET, HEAD`, `paths /public/`, `addresses 10.0.0.0/16`. */
  readonly narrowed: readonly string[];
  /** Last day, UTC, `YYYY-MM-DD`. */
  readonly expires?: string;
  readonly owner?: string;
  readonly reason?: string;
  /** `group openai`, `preset github`. */
  readonly from?: string;
  /** `egress.yaml:12` */
  readonly place: string;
}

export interface ProofPart {
  readonly verdict: Verdict;
  /** `leak: C1 broken` */
  readonly words: string;
  readonly claims: readonly ClaimRow[];
  /** A path on which every layer is open today. */
  readonly completePath?: readonly Hop[];
  readonly reach: readonly ReachRow[];
  readonly trusts: readonly string[];
  readonly residualChannels: readonly string[];
  readonly documents: readonly string[];
  readonly resources: number;
  /** Acceptances that did not count, and why. */
  readonly refused: readonly string[];
}

export interface ClaimRow {
  readonly id: string;
  readonly says: string;
  readonly status: ClaimStatus;
  /** Why somebody answers for it although it is broken. */
  readonly accepted?: string;
  readonly findings: readonly FindingRow[];
  readonly evidence: readonly string[];
}

export interface FindingRow {
  readonly status: 'broken' | 'unproven';
  readonly what: string;
  readonly path: readonly Hop[];
  readonly change: string;
  readonly place?: string;
}

/** What a workload reaches without asking the gateway, and on which port the gateway. */
export interface ReachRow {
  readonly workload: string;
  /** Ports of the gateway. */
  readonly gateway: readonly string[];
  /** Names of VPC endpoints. */
  readonly endpoints: readonly string[];
  /** Other workloads: `web-search:8080`. */
  readonly peers: readonly string[];
  /** What those reach that it may call. */
  readonly viaCalls: readonly string[];
}

export interface ChangesPart {
  /** The names of the files. */
  readonly before: string;
  readonly after: string;
  readonly widened: boolean;
  /** `wider: 2 changes allow more` */
  readonly words: string;
  readonly rows: readonly ChangeRow[];
}

export interface ChangeRow {
  readonly effect: 'widened' | 'narrowed' | 'moved';
  /** Absent where it is about all of them. */
  readonly workload?: string;
  readonly what: string;
  readonly change: string;
}

export interface LogPart {
  /** Names of files, or of a group of CloudWatch Logs. */
  readonly sources: readonly string[];
  /** RFC 3339; decisions before it are left out. */
  readonly since?: string;
  readonly lines: number;
  readonly decisions: number;
  /** Decisions that are not left out. */
  readonly shown: number;
  readonly pending: number;
  readonly foreign: number;
  /** Decisions of destinations that are not told apart. */
  readonly others: number;
  readonly groups: readonly LogRow[];
  readonly times: RefusalSeries;
}

/** Decisions that are alike. */
export interface LogRow {
  readonly workload: string;
  readonly destination: string;
  readonly method?: string;
  /** The server name that was sent, where it is the fault. */
  readonly sni?: string;
  readonly decision: 'allowed' | 'denied' | 'would_deny';
  readonly reason: string;
  /** The reason in words, where it is one that we know. */
  readonly why?: string;
  readonly rule?: string;
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** What would allow it. */
  readonly yaml?: string;
  /** Else what to change. */
  readonly hint?: string;
}

/** Refusals in equal spans of time. */
export interface RefusalSeries {
  /** Start of the first span, milliseconds since 1970 UTC. */
  readonly start: number;
  readonly stepMinutes: number;
  /** Number of spans; 0 where nothing was refused. */
  readonly spans: number;
  readonly series: readonly WorkloadSeries[];
  /** Refusals whose time cannot be read. */
  readonly undated: number;
}

/** One number for each span. */
export interface WorkloadSeries {
  readonly workload: string;
  readonly denied: readonly number[];
  readonly wouldDeny: readonly number[];
}
