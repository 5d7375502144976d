/** What `mcp-egress init` writes: valid as it stands, and one example of everything else as a comment. */
export const STARTER_POLICY = `# yaml-language-server: $schema=./node_modules/cdktf-mcp-egress/egress.schema.json
#
# What may leave, per workload. What is not named here is refused, logged and countable.
#   mcp-egress check                                          is this file valid?
#   mcp-egress explain web-search GET https://example.com     what would happen, and why?
#   mcp-egress run                                            the gateway, on this machine
version: 1

# enforce: refuse what no rule allows. observe: let it pass and log it as would_deny (private addresses stay refused).
mode: enforce

workloads:
  # One MCP server or agent. Its identity is the port of the gateway that only it can reach.
  web-search:
    port: 10000
    allow:
      # TLS on port 443 is the default. The reason and the owner are for the person who reads this in a year.
      - host: api.your-approved-service.com
        reason: search API
        owner: search-team
        # expires: 2027-06-30          # through that day, UTC; afterwards refused

      # Any depth below a name, and the name itself (a wildcard does not cover it):
      # - hosts: ['*.wikipedia.org', wikipedia.org]

      # Other ports:
      # - host: git.example.org
      #   ports: [443, 8443]

      # Plain HTTP, where methods and path prefixes can be checked:
      # - host: plain.example.org
      #   protocol: http
      #   methods: [GET, HEAD]
      #   paths: [/public/]

      # A service with a private address, such as a model on this machine. The list holds the only addresses
      # that the name may resolve to; without it every private address is refused.
      # - host: host.docker.internal
      #   protocol: http
      #   ports: [11434]
      #   private: [172.16.0.0/12]

      # Opaque TCP: nothing inside is checked, so ports and a reason are required.
      # - host: db.example.org
      #   protocol: tcp
      #   ports: [5432]
      #   reason: read-only replica

    # Per gateway process, over everything that this workload sends:
    limits: { requestsPerSecond: 50, connections: 200, tunnelMinutes: 60 }
`;
