/**
 * Constructs for Docker. There are none in this version: the entry exists so that imports of `cdktf-mcp-egress/docker` are settled.
 * Until they come, run what `mcp-egress render` writes.
 */
export {};
