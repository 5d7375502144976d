/** Kinds of host that are proposed only if they are asked for: whoever governs a workload can write its log. */
export const HAZARDS = ['shared-hosting', 'uploads', 'dns-over-https', 'homograph', 'ip', 'private'] as const;

/** One of {@link HAZARDS}. */
export type HazardKind = (typeof HAZARDS)[number];
