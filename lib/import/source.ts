import type { Raw } from './raw';

/** A file that holds a list of MCP servers, as it was read. */
export interface SourceFile {
  /** Its path as given. */
  readonly file: string;
  readonly text: string;
}

/** One file after parsing: what the readers of the forms look at. */
export interface ParsedSource {
  readonly file: string;
  readonly value: Raw;
}

/** A host and port that a server or its client reaches. */
export interface Endpoint {
  /** Normalised: a name, or `*.` and a name. */
  readonly host: string;
  readonly port: number;
  /** What is spoken there, as far as the source says. */
  readonly protocol: 'tls' | 'http';
}

/** A rule that a person has to decide about: it becomes a comment. */
export interface Suggestion extends Endpoint {
  /** Networks for `private`, where the host has no public address. */
  readonly private?: readonly string[];
  /** Where it was found, or what is open; printable, one line. */
  readonly why: string;
}

/** One server of a list. Everything that came from the file and goes into the policy is printable and on one line. */
export interface McpServer {
  /** As written in the file. */
  readonly name: string;
  /** What a local server is, like `npm package @example/search, run by npx`; undefined where the source does not say. */
  readonly runs?: string;
  /** Whether it runs elsewhere: then it is no workload, and its client reaches it. */
  readonly isRemote: boolean;
  /** What the source allows the server, or where a remote one is. */
  readonly endpoints: readonly Endpoint[];
  /** The reason of the rules. */
  readonly reason: string;
  readonly suggestions: readonly Suggestion[];
}

/** What one file says. */
export interface ServerList {
  readonly file: string;
  /** The form of the file, for people: `Claude Desktop`. */
  readonly form: string;
  /** The workload of the program that reads this file: the one that calls remote servers. */
  readonly client: string;
  readonly servers: readonly McpServer[];
  /** What could not be taken over, for the person who imports; printable. */
  readonly notes: readonly string[];
}
