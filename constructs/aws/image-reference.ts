import { Token } from 'cdktf';

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/mcp/search@sha256:…` */
const ECR =
  /^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn|c2s\.ic\.gov|sc2s\.sgov\.gov)\//;
const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** A registry, by the names that a pull asks for; layers often come from another host. */
const REGISTRIES: Readonly<Record<string, readonly string[]>> = {
  // Docker, "Allowlist for Docker Desktop": the names that pulls of Docker Hub need.
  'docker.io': ['registry-1.docker.io', 'auth.docker.io', 'production.cloudflare.docker.com'],
  'public.ecr.aws': ['public.ecr.aws', 'd5l0dvt14r5h8.cloudfront.net', 'd2glxqk2uabbnd.cloudfront.net'],
  'ghcr.io': ['ghcr.io', 'pkg-containers.githubusercontent.com'],
  'quay.io': ['quay.io', 'cdn.quay.io', 'cdn01.quay.io', 'cdn02.quay.io', 'cdn03.quay.io'],
};

/** A container image, by what its text says. A token may be anything, so it is taken for an image of ECR. */
export class ImageReference {
  constructor(readonly text: string) {}

  /** Whether the name says which bytes it means. */
  get isPinned(): boolean {
    return Token.isUnresolved(this.text) || DIGEST.test(this.text);
  }

  /** Whether it comes from a private registry of ECR, which a task reaches through endpoints. */
  get isEcr(): boolean {
    return Token.isUnresolved(this.text) || ECR.test(this.text);
  }

  /**
   * Whether the VPC endpoint answers for its registry: for the IPv4 names alone, not for those of FIPS or dual stack (ECR User Guide, "Making
   * requests to Amazon ECR registries").
   */
  get hasEndpoint(): boolean {
    return Token.isUnresolved(this.text) || /^\d{12}\.dkr\.ecr\./.test(this.text);
  }

  /** The registry's host as an image name has it: the first part if it looks like a host, else Docker Hub. */
  get registry(): string {
    const [first = ''] = this.text.split('/');
    const isHost = this.text.includes('/') && (/[.:]/.test(first) || first === 'localhost');
    return isHost && !first.endsWith('docker.io') ? first : 'docker.io';
  }

  /** The names that a pull through NAT asks for; undefined where the registry is not known here. */
  get registryNames(): readonly string[] | undefined {
    return this.isEcr ? [] : REGISTRIES[this.registry];
  }

  /** The registry's host, where the reference says it and it is one of ECR: another account's has a name of its own. */
  get ecrHost(): string | undefined {
    return Token.isUnresolved(this.text) || !this.isEcr ? undefined : this.registry;
  }

  /** The repository's name in ECR, for policies; undefined where it is not known at synth. */
  get ecrRepository(): string | undefined {
    if (Token.isUnresolved(this.text) || !this.isEcr) return undefined;
    return this.text.replace(/^[^/]+\//, '').replace(/[@:].*$/, '');
  }
}
