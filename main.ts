import { App, S3Backend, TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import { EgressPerimeter, PropsError, type PerimeterServer } from './constructs/aws';
import { EgressPolicy, PolicyError, PolicyFileError } from './lib/policy';

/** The example deployment: every workload of `egress.yaml` as an MCP server, and nothing that its policy does not name. */
class EgressStack extends TerraformStack {
  constructor(scope: Construct, id: string, policy: EgressPolicy) {
    super(scope, id);
    // Context: `cdktf.json`, or `CDKTF_CONTEXT_JSON`.
    const context = (key: string): string | undefined => this.node.tryGetContext(key) as string | undefined;
    const region = context('region') ?? 'eu-central-1';
    new AwsProvider(this, 'aws', { region });
    const bucket = context('stateBucket');
    if (bucket !== undefined) new S3Backend(this, { bucket, key: `${id}.tfstate`, region, encrypt: true });

    const perimeter = new EgressPerimeter(this, 'Perimeter', {
      policy,
      environmentName: context('environmentName'),
      monitoring: { emailAddresses: context('alarmEmail')?.split(',') },
      servers: Object.fromEntries(policy.workloads.map(({ name }) => [name, this.server(name)])),
    });

    output(this, 'policy_hash', 'SHA-256 of what the policy means', policy.hash);
    output(
      this,
      'egress_addresses',
      'The addresses from which allowed hosts see the gateway',
      perimeter.egressAddresses,
    );
    output(this, 'proxy_urls', "Each workload's proxy, for clients in the VPC", perimeter.proxyUrls);
  }

  /** The image is a variable, since each account has a registry of its own: `TF_VAR_image_web_search`. */
  private server(name: string): PerimeterServer {
    const image = new TerraformVariable(this, `image_${name.replaceAll('-', '_')}`, {
      type: 'string',
      description: `Image of the MCP server ${name}: in ECR, by digest`,
    });
    image.addValidation({
      condition: `\${can(regex("^[0-9]{12}[.]dkr[.]ecr[.].+@sha256:[0-9a-f]{64}$", var.${image.friendlyUniqueId}))}`,
      errorMessage: 'Isolated tasks pull without the Internet: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME@sha256:…',
    });
    return { image: image.stringValue };
  }
}

function output(scope: Construct, id: string, description: string, value: unknown): void {
  new TerraformOutput(scope, id, { description, value });
}

// cdktf takes a stack trace for each token; to map all of them to TypeScript is a sixth of the time.
process.setSourceMapsEnabled(false);
try {
  const app = new App();
  new EgressStack(app, 'mcp-egress', EgressPolicy.fromFile('egress.yaml'));
  app.synth();
} catch (error) {
  if (!(error instanceof PolicyError || error instanceof PolicyFileError || error instanceof PropsError)) throw error;
  // The message says what to do; a stack trace would bury it.
  console.error(error.message);
  process.exitCode = 1;
}
