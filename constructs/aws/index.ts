/**
 * Constructs for AWS. There are none in this version: the entry exists so that imports of `cdktf-mcp-egress/aws` are settled.
 * Until they come, deploy what `mcp-egress render` writes.
 */
export {};
