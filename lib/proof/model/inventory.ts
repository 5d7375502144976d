import type { Loaded } from '../load/documents';
import type { Resource } from '../load/resource';
import { Links } from '../value/links';

/** All resources of the documents, by type, and what names what. */
export class Inventory {
  readonly resources: readonly Resource[];
  readonly links: Links;
  private readonly byKind = new Map<string, Resource[]>();

  constructor(readonly loaded: readonly Loaded[]) {
    this.resources = loaded.flatMap(({ resources }) => resources);
    for (const resource of this.resources) {
      const same = this.byKind.get(resource.kind);
      if (same) same.push(resource);
      else this.byKind.set(resource.kind, [resource]);
    }
    this.links = new Links(this.resources);
  }

  /** Resources of some types, in the order of the types and of the documents. */
  of(...types: readonly string[]): readonly Resource[] {
    return types.flatMap((type) => this.byKind.get(type) ?? []);
  }
}
