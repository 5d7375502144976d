import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { leaveOut, type LeftOut, type MotoGap } from './leave-out';
import { writeCliConfig, type AwsProvider } from './provider';
import { PROVIDER_6_ONLY } from './provider-6-only';
import { unknownKeys, type ProviderSchema, type UnknownKey } from './provider-schema';
import { countResources, type StackJson } from './stack-json';
import type { SynthesizedStack } from './stacks';
import { Terraform } from './terraform';

export interface CopyOptions {
  /** A folder for the copies of one app's stacks, which find each other's state in it. */
  readonly folder: string;
  readonly provider: AwsProvider;
  /** moto. */
  readonly endpoint: string;
  /** Default: none; a plan needs none left out. */
  readonly gaps?: readonly MotoGap[];
}

export interface PlanCopy {
  readonly terraform: Terraform;
  readonly leftOut: LeftOut;
  /** How many resources the copy has. */
  readonly resources: number;
}

/**
 * Copies a stack for the provider that was found and for moto: its version, local state, test credentials, no attribute that only
 * provider 6 has; and runs `terraform init` there.
 * @throws {Error} for keys that the provider does not know and that `provider-6-only.ts` does not name
 */
export async function planCopy(stack: SynthesizedStack, options: CopyOptions): Promise<PlanCopy> {
  const folder = join(options.folder, stack.name);
  // With the assets beside it, which the stack names relative to itself.
  cpSync(dirname(stack.file), folder, { recursive: true });
  const cliConfig = join(options.folder, 'terraform.rc');
  writeCliConfig(options.provider, cliConfig);
  const json = JSON.parse(readFileSync(stack.file, 'utf8')) as StackJson;
  pointAtProvider(json, options.provider);
  pointAtMoto(json);
  keepStateIn(json, options.folder, stack);
  writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify(valuesFor(json)));
  const leftOut = leaveOut(json, options.gaps ?? []);
  const write = (): void => writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json, null, 2));
  write();
  const terraform = new Terraform({ folder, cliConfig, endpoint: options.endpoint });
  await terraform.init();
  dropProviderSixOnly(unknownKeys(json, await schemaOf(options.provider, terraform)), options.provider);
  write();
  return { terraform, leftOut, resources: countResources(json) };
}

/** What a person would give for the variables without a default. */
function valuesFor({ variable = {} }: StackJson): Record<string, string> {
  const names = Object.keys(variable).filter((name) => !('default' in (variable[name] ?? {})));
  return Object.fromEntries(
    names.map((name) => {
      if (!name.startsWith('image')) throw new Error(`no value is known for the variable ${JSON.stringify(name)}`);
      const repository = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${name.replace(/^image_?/, '') || 'image'}`;
      return [name, `${repository}@sha256:${'0'.repeat(64)}`];
    }),
  );
}

function pointAtProvider({ terraform }: StackJson, { version }: AwsProvider): void {
  const { aws, ...others } = terraform.required_providers ?? {};
  if (aws) terraform.required_providers = { ...others, aws: { ...aws, version } };
}

/** Where AWS is stands in the environment (AWS_ENDPOINT_URL), which covers every service. */
function pointAtMoto({ provider = {} }: StackJson): void {
  for (const aws of provider.aws ?? []) {
    Object.assign(aws, {
      access_key: 'test',
      secret_key: 'test',
      skip_credentials_validation: true,
      skip_metadata_api_check: 'true',
      skip_region_validation: true,
      // A bucket's name in the host name would need DNS.
      s3_use_path_style: true,
      max_retries: 2,
    });
  }
}

/** Whatever backend a stack names, the copy keeps its state in a file, and reads that of other stacks where their copies keep it. */
function keepStateIn(json: StackJson, folder: string, stack: SynthesizedStack): void {
  const state = (name: string): string => join(folder, `${name}.tfstate`);
  json.terraform.backend = { local: { path: state(stack.name) } };
  for (const [id, data] of Object.entries(json.data?.terraform_remote_state ?? {})) {
    // cdktf's name for it: cross-stack-reference-input-<stack>.
    const name = stack.dependencies.find((other) => id.endsWith(`-${other}`));
    if (name === undefined)
      throw new Error(`${stack.name} reads a state that is not of its app: ${JSON.stringify(id)}`);
    Object.assign(data, { backend: 'local', config: { path: state(name) } });
  }
}

let cached: { provider: AwsProvider; schema: Promise<ProviderSchema> } | undefined;

/** 14 MB of JSON, the same for every stack. */
function schemaOf(provider: AwsProvider, terraform: Terraform): Promise<ProviderSchema> {
  if (cached?.provider !== provider) cached = { provider, schema: terraform.schema() };
  return cached.schema;
}

function dropProviderSixOnly(unknown: readonly UnknownKey[], { version }: AwsProvider): void {
  const isListed = ({ type, path }: UnknownKey): boolean =>
    PROVIDER_6_ONLY.some((known) => known.type === type && known.path === path);
  const unlisted = new Set(unknown.filter((key) => !isListed(key)).map(({ type, path }) => `${type} ${path}`));
  if (unlisted.size > 0) {
    throw new Error(
      `provider ${version} does not know these keys, and provider-6-only.ts does not name them:\n  ${[...unlisted].join('\n  ')}`,
    );
  }
  for (const { remove } of unknown) remove();
}
