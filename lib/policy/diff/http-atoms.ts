import { pathFits } from '../match';
import { METHODS } from '../methods';
import type { Rule } from '../types';
import type { Choice } from './change';

/** The methods that rules tell apart: those they name, and one that stands for all others. */
export class MethodAtoms {
  /** A method of each atom. */
  readonly samples: readonly string[];
  private readonly named: readonly string[];

  constructor(rules: readonly Rule[]) {
    this.named = [...new Set(rules.flatMap(({ methods = [] }) => methods))].sort();
    const other = [...METHODS].find((method) => method !== 'TRACE' && !this.named.includes(method));
    this.samples = other === undefined ? this.named : [...this.named, other];
  }

  /** The atom of a method. */
  indexOf(method: string): number {
    const index = this.named.indexOf(method);
    return index === -1 ? this.named.length : index;
  }

  /** Some of the atoms; undefined for all. */
  choice(some: ReadonlySet<number>): Choice | undefined {
    if (some.size === this.samples.length) return undefined;
    const isIn = (method: string) => some.has(this.indexOf(method));
    if (!some.has(this.named.length)) return { only: this.named.filter(isIn) };
    return { only: [], not: this.named.filter((method) => !isIn(method)) };
  }
}

/** The paths that rules tell apart: below each prefix they name, what lies below no longer one. Prefixes nest or are disjoint. */
export class PathAtoms {
  /** The prefixes, the shorter ones first; each of them is a path of its own atom. */
  readonly samples: readonly string[];

  constructor(rules: readonly Rule[]) {
    const prefixes = new Set(['/', ...rules.flatMap(({ paths = [] }) => paths)]);
    this.samples = [...prefixes].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  }

  /** The atom of a normalised path. */
  indexOf(path: string): number {
    return this.samples.findLastIndex((prefix) => pathFits(path, prefix));
  }

  /** Some of the atoms, as prefixes and those taken out again; undefined for all. */
  choice(some: ReadonlySet<number>): Choice | undefined {
    if (some.size === this.samples.length) return undefined;
    const isIn = (index: number) => index >= 0 && some.has(index);
    const around = (index: number) =>
      this.samples.findLastIndex((prefix, other) => other < index && pathFits(this.samples[index] ?? '', prefix));
    const edges = this.samples.map((prefix, index) => ({ prefix, isIn: isIn(index), outer: isIn(around(index)) }));
    const not = edges.filter((edge) => !edge.isIn && edge.outer).map(({ prefix }) => prefix);
    const only = edges.filter((edge) => edge.isIn && !edge.outer).map(({ prefix }) => prefix);
    return { only, ...(not.length > 0 && { not }) };
  }
}
