import type { Value } from '../value/value';

/** One block `resource` or `data` of the documents. */
export class Resource {
  /** `aws_subnet.a`, `data.aws_region.here`; for `terraform show` as Terraform writes it, modules and indexes included. */
  readonly address: string;
  /** The name of its document. */
  readonly document: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  /** Made several times, or perhaps not at all: `count` or `for_each` in a document that does not say how often. */
  readonly repeated: boolean;
  /** Runs programs when it is made (`provisioner`). */
  readonly provisioned: boolean;
  /** Keeps everything that it was made with (`ignore_changes = all`). */
  readonly frozen: boolean;
  /** The names of the attributes that are written. */
  readonly keys: readonly string[];
  /** The construct that wrote it, where the document says so (cdktf's metadata). */
  readonly constructPath?: string;
  private readonly known = new Map<string, Value | undefined>();
  private readonly read: (key: string) => Value | undefined;

  constructor(facts: ResourceFacts) {
    this.address = facts.address;
    this.document = facts.document;
    this.mode = facts.mode;
    this.type = facts.type;
    this.repeated = facts.repeated ?? false;
    this.provisioned = facts.provisioned ?? false;
    this.frozen = facts.frozen ?? false;
    this.keys = facts.keys;
    this.constructPath = facts.constructPath;
    this.read = facts.read;
  }

  /** `aws_vpc`, and `data.aws_vpc` for one that is only looked up. */
  get kind(): string {
    return this.mode === 'data' ? `data.${this.type}` : this.type;
  }

  /** An attribute with its references followed; undefined where it is not written. */
  get(key: string): Value | undefined {
    if (!this.known.has(key)) {
      this.known.set(key, undefined); // a circle ends here
      this.known.set(key, this.read(key));
    }
    return this.known.get(key);
  }
}

/** What a loader knows of a resource. */
export interface ResourceFacts {
  readonly address: string;
  readonly document: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly repeated?: boolean;
  readonly provisioned?: boolean;
  readonly frozen?: boolean;
  readonly keys: readonly string[];
  readonly constructPath?: string;
  readonly read: (key: string) => Value | undefined;
}
