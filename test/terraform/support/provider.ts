import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { compare, rcompare, valid } from 'semver';
import { cacheFolder } from '../../../lib/gateway/cache-folder';

/** What the bindings are made from (`@cdktf/provider-aws` 21.22.1): fetched where no mirror has any. */
const WANTED = '6.25.0';
const AWS = join('registry.terraform.io', 'hashicorp', 'aws');
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const PLATFORM = `${process.platform}_${ARCHITECTURES[process.arch] ?? process.arch}`;
const DOWNLOAD_LIMIT_MS = 10 * 60_000;

export interface AwsProvider {
  /** A filesystem mirror, in Terraform's unpacked layout. `terraform init` links to it, so 700 MB are not copied. */
  readonly mirror: string;
  readonly version: string;
}

/** Where plugins may lie: https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories */
function usualPlaces(): string[] {
  const { TF_PLUGIN_DIR, HOME } = process.env;
  const implied = ['/usr/local/share/terraform/plugins', '/usr/share/terraform/plugins'];
  const own = join(HOME ?? homedir(), '.terraform.d', 'plugins');
  return [...(TF_PLUGIN_DIR ? [TF_PLUGIN_DIR] : []), own, ...implied, '/opt/tf-plugins', fetchedMirror()];
}

const fetchedMirror = (): string => join(cacheFolder(), `terraform-provider-aws-${WANTED}`);

function inMirror(mirror: string): AwsProvider | undefined {
  const folder = join(mirror, AWS);
  if (!existsSync(folder)) return undefined;
  const versions = readdirSync(folder).filter((name) => valid(name) && existsSync(join(folder, name, PLATFORM)));
  const version = versions.includes(WANTED) ? WANTED : versions.sort(rcompare)[0];
  return version === undefined ? undefined : { mirror, version };
}

/** Whether the provider is older than the one that the bindings are made from. */
export const isOlder = ({ version }: AwsProvider): boolean => compare(version, WANTED) < 0;

/**
 * Finds the AWS provider in `TF_PLUGIN_DIR` and the usual places, else fetches it once with `terraform init` into the user's cache.
 * @returns why there is none, if there is none
 */
export function findProvider(): AwsProvider | string {
  for (const place of usualPlaces()) {
    const found = inMirror(place);
    if (found) return found;
  }
  return fetchProvider();
}

function fetchProvider(): AwsProvider | string {
  const target = fetchedMirror();
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), '.terraform-'));
  try {
    const aws = { source: 'hashicorp/aws', version: WANTED };
    writeFileSync(join(work, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: { aws } } }));
    const { error, status, stderr } = spawnSync('terraform', ['init', '-no-color', '-input=false'], {
      cwd: work,
      encoding: 'utf8',
      env: { ...process.env, CHECKPOINT_DISABLE: '1' },
      timeout: DOWNLOAD_LIMIT_MS,
    });
    if (status !== 0) {
      const words = error?.message ?? /Error: (.*)/.exec(stderr)?.[1] ?? `exit code ${status}`;
      return `no AWS provider in TF_PLUGIN_DIR or the usual places, and terraform init does not fetch it (${words})`;
    }
    if (!existsSync(target)) renameSync(join(work, '.terraform', 'providers'), target);
    return inMirror(target) ?? `terraform init did not fetch provider ${WANTED} for ${PLATFORM}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Writes a CLI configuration that knows this mirror alone, so that `terraform init` asks no registry. */
export function writeCliConfig({ mirror }: AwsProvider, file: string): void {
  const path = JSON.stringify(mirror);
  writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`);
}
