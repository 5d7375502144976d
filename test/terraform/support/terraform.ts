import { devNull } from 'node:os';
import type { ProviderSchema } from './provider-schema';
import { timedRun } from './timed-run';

export interface ResourceChange {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: Readonly<Record<string, unknown>>;
    /** Paths of attributes for which a resource is made anew. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

/** https://developer.hashicorp.com/terraform/internals/json-format#plan-representation */
export interface Plan {
  readonly resource_changes?: readonly ResourceChange[];
}

export interface TerraformOptions {
  /** The folder of one stack. */
  readonly folder: string;
  /** A CLI configuration file. */
  readonly cliConfig: string;
  /** Where all services of AWS are; default: nowhere. */
  readonly endpoint?: string;
}

/** Milliseconds. moto answers in no time; what takes longer is retried for ever. */
const LIMITS = { init: 120_000, validate: 60_000, plan: 180_000, apply: 300_000, show: 60_000, schema: 60_000 };

/** Nothing listens there (discard, RFC 863): what is not sent to moto is refused instead of leaving the machine. */
const NO_PROXY_THERE = 'http://127.0.0.1:9';

/** Runs Terraform in the folder of one stack, with time limits and with no way to AWS. */
export class Terraform {
  private readonly env: NodeJS.ProcessEnv;

  constructor(private readonly options: TerraformOptions) {
    const { PATH, HOME, TMPDIR } = process.env;
    this.env = {
      PATH,
      HOME,
      TMPDIR,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_CLI_CONFIG_FILE: options.cliConfig,
      AWS_ENDPOINT_URL: options.endpoint ?? NO_PROXY_THERE,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      HTTP_PROXY: NO_PROXY_THERE,
      HTTPS_PROXY: NO_PROXY_THERE,
      NO_PROXY: '127.0.0.1,localhost',
    };
  }

  async init(): Promise<void> {
    await this.run('init', ['init', '-input=false']);
  }

  async validate(): Promise<void> {
    await this.run('validate', ['validate']);
  }

  async plan(): Promise<Plan> {
    await this.run('plan', ['plan', '-input=false', '-out=plan']);
    return JSON.parse(await this.run('show', ['show', '-json', 'plan'])) as Plan;
  }

  async apply(): Promise<void> {
    await this.run('apply', ['apply', '-input=false', '-auto-approve', '-parallelism=20']);
  }

  async schema(): Promise<ProviderSchema> {
    const text = await this.run('schema', ['providers', 'schema', '-json']);
    const { provider_schemas } = JSON.parse(text) as { provider_schemas: Record<string, ProviderSchema> };
    const aws = provider_schemas['registry.terraform.io/hashicorp/aws'];
    if (!aws) throw new Error('terraform knows no schema of hashicorp/aws');
    return aws;
  }

  private async run(what: keyof typeof LIMITS, args: readonly string[]): Promise<string> {
    const [command = '', ...rest] = args;
    const noColor = what === 'schema' ? args : [command, '-no-color', ...rest];
    const { folder } = this.options;
    const ended = await timedRun('terraform', noColor, { cwd: folder, env: this.env, limit: LIMITS[what] });
    if (ended.code === 0 && !ended.timedOut) return ended.stdout;
    const how = ended.timedOut ? `did not end within ${LIMITS[what] / 1000} s` : `ended with ${ended.code}`;
    throw new Error(`terraform ${command} ${how} in ${folder}:\n${lastWords(ended.stdout, ended.stderr)}`);
  }
}

/** Errors first; what was still going on, where there is none. */
function lastWords(stdout: string, stderr: string): string {
  const from = stderr.indexOf('Error:');
  if (from !== -1) return stderr.slice(from, from + 8_000);
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-25).join('\n');
}
