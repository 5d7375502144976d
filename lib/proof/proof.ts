/** What is proven; each by itself, so that a seal that hangs on one layer does not count as one. */
export const CLAIMS = {
  C1: 'no route out of a subnet with workloads',
  C2: 'security groups let workloads out to the gateway, endpoints and declared peers alone',
  C3: 'no public address and no way in',
  C4: 'endpoint policies pin who uses them and what they reach',
  C5: 'DNS answers the names that are allowed, and no others',
  C6: 'the gateway admits each workload on its own port and nobody else',
  C7: 'tasks cannot use the network or the credentials of their host',
  C8: 'everything that could open a path is known',
} as const;

/** The number of a claim. */
export type ClaimId = keyof typeof CLAIMS;

/** `holds`, or how it fails: `broken` with the path, `unproven` with what is not known. */
export type ClaimStatus = 'holds' | 'broken' | 'unproven';

/** One step of a path. */
export interface Hop {
  /** The address of a resource in its document. */
  readonly address: string;
  /** What happens there: `lets out to 0.0.0.0/0 on every port`. */
  readonly words: string;
}

/** Where a resource is written. */
export interface Place {
  /** The document's name. */
  readonly file: string;
  /** From 1; undefined where the document's text is not known. */
  readonly line?: number;
  /** The construct that wrote it, in a document of cdktf. */
  readonly constructPath?: string;
}

/** Why a claim fails, once. */
export interface Finding {
  readonly status: 'broken' | 'unproven';
  /** One sentence. */
  readonly what: string;
  /** From the workload on, hop by hop. */
  readonly path: readonly Hop[];
  /** What to change. */
  readonly change: string;
  /** Of the resource to change. */
  readonly place?: Place;
}

export interface ClaimResult {
  readonly claim: ClaimId;
  readonly status: ClaimStatus;
  readonly findings: readonly Finding[];
  /** What makes it hold, and what is worth knowing, one line each. */
  readonly evidence: readonly string[];
}

/** A broken claim that somebody answers for. */
export interface Acceptance {
  readonly claim: ClaimId;
  readonly reason: string;
}

/** What a workload can reach without asking the gateway, and the gateway itself. */
export interface Reach {
  readonly workload: string;
  /** `gateway:10000`, `endpoint logs`, `web-search:8080`. */
  readonly own: readonly string[];
  /** What those reach that it may call, and those that they may call. */
  readonly viaCalls: readonly string[];
}

export type Verdict = 'sealed' | 'leak' | 'unproven';

/** The answer, with everything that it stands on. Same documents, same proof. */
export interface Proof {
  readonly verdict: Verdict;
  readonly claims: readonly ClaimResult[];
  /** Broken claims that were accepted and so do not decide. */
  readonly accepted: readonly Acceptance[];
  /** Acceptances that did not count, and why. */
  readonly refused: readonly { readonly acceptance: Acceptance; readonly why: string }[];
  /** A path on which every layer is open today: then nothing can be accepted. */
  readonly completePath?: readonly Hop[];
  readonly reach: readonly Reach[];
  /** What the proof takes on trust. */
  readonly trusts: readonly string[];
  /** Narrow ways that stay open by design. */
  readonly residualChannels: readonly string[];
  readonly documents: readonly string[];
  readonly resources: number;
  /** Types that the proof does not read, since they name nothing of a network. */
  readonly ignoredTypes: readonly string[];
}
