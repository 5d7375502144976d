import type { ParsedSource, ServerList } from './source';

/** A kind of file that can be imported. */
export interface Form {
  /** The keys by which it is known and whose they are, for the error about an unknown file. */
  readonly keys: string;
  /** Reads a file of this form; undefined for every other file. */
  readonly read: (source: ParsedSource) => Omit<ServerList, 'file'> | undefined;
}
