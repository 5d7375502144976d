/** An attribute or block of the bindings (provider 6) that provider 5 does not know. */
export interface ProviderSixOnly {
  /** Resource type; a data source is `data.` and its type. */
  readonly type: string;
  /** Path inside the resource, joined by dots. */
  readonly path: string;
  /** Why the stack sets it all the same. */
  readonly reason: string;
}

/**
 * What a copy of a stack loses where the provider is older than the bindings. An unknown attribute that is not named here fails the
 * tests: an older provider says so, but a misspelled one looks the same.
 */
export const PROVIDER_6_ONLY: readonly ProviderSixOnly[] = [];
