import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { EgressPolicy, PolicyError } from './lib/policy';

/** What `cdktf synth` makes of `egress.yaml` so far: its checks at synth time, and outputs that say which policy is deployed. */
class EgressStack extends TerraformStack {
  constructor(scope: Construct, id: string, policy: EgressPolicy) {
    super(scope, id);
    new TerraformOutput(this, 'policy_hash', {
      description: 'SHA-256 of what the policy means; the gateway logs and the compiled configuration carry the same',
      value: policy.hash,
    });
    new TerraformOutput(this, 'workload_ports', {
      description: "The gateway's port for each workload",
      value: Object.fromEntries(policy.workloads.map(({ name, port }) => [name, port])),
    });
  }
}

const app = new App();
try {
  new EgressStack(app, 'mcp-egress', EgressPolicy.fromFile('egress.yaml'));
  app.synth();
} catch (error) {
  if (!(error instanceof PolicyError)) throw error;
  // The message names file, line and column of every problem; a stack trace would bury it.
  console.error(error.message);
  process.exitCode = 1;
}
