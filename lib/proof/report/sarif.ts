import { CLAIMS, type ClaimId, type Finding, type Proof } from '../proof';

/** What the log says of the tool. */
export interface SarifTool {
  readonly name: string;
  readonly version: string;
}

/** A SARIF 2.1.0 log (OASIS): what is broken as errors, what is unproven as warnings, what was accepted as suppressed. */
export function proofSarif(proof: Proof, tool: SarifTool): Readonly<Record<string, unknown>> {
  const rules = Object.entries(CLAIMS).map(([id, words]) => ({ id, shortDescription: { text: words } }));
  const results = proof.claims.flatMap(({ claim, findings }) =>
    findings.map((finding) => result(proof, claim, finding)),
  );
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { ...tool, rules } }, results, properties: { verdict: proof.verdict } }],
  };
}

function result({ accepted }: Proof, claim: ClaimId, finding: Finding): Readonly<Record<string, unknown>> {
  const acceptance = accepted.find((each) => each.claim === claim);
  const steps = finding.path.map(({ address, words }) => ({
    location: { logicalLocations: [{ fullyQualifiedName: address }], message: { text: words } },
  }));
  return {
    ruleId: claim,
    level: finding.status === 'broken' ? 'error' : 'warning',
    message: { text: `${finding.what}. To do: ${finding.change}.` },
    ...(finding.place && { locations: [location(finding)] }),
    ...(steps.length > 0 && { codeFlows: [{ threadFlows: [{ locations: steps }] }] }),
    ...(acceptance &&
      finding.status === 'broken' && { suppressions: [{ kind: 'external', justification: acceptance.reason }] }),
  };
}

function location({ place }: Finding): Readonly<Record<string, unknown>> {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(place?.file ?? '') },
      ...(place?.line !== undefined && { region: { startLine: place.line } }),
    },
  };
}
