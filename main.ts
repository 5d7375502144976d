import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { EgressPolicy, PolicyError, PolicyFileError } from './lib/policy';

/** What `cdktf synth` makes of `egress.yaml` so far: the policy is checked, and outputs say which one is deployed. */
class EgressStack extends TerraformStack {
  constructor(scope: Construct, id: string, policy: EgressPolicy) {
    super(scope, id);
    new TerraformOutput(this, 'policy_hash', {
      description: 'SHA-256 of what the policy means',
      value: policy.hash,
    });
    new TerraformOutput(this, 'workload_ports', {
      description: "The gateway's port for each workload",
      value: Object.fromEntries(policy.workloads.map(({ name, port }) => [name, port])),
    });
  }
}

try {
  const app = new App();
  new EgressStack(app, 'mcp-egress', EgressPolicy.fromFile('egress.yaml'));
  app.synth();
} catch (error) {
  if (!(error instanceof PolicyError || error instanceof PolicyFileError)) throw error;
  // The message says what to do; a stack trace would bury it.
  console.error(error.message);
  process.exitCode = 1;
}
