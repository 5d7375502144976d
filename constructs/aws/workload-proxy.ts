import { proxyEnvironment } from '../../lib/network';
import type { Workload } from '../../lib/policy';
import { TAG } from './tags';

/** What a workload has to know about the gateway. */
export class WorkloadProxy {
  readonly workload: string;
  /** Its port on the gateway, which it alone may reach. */
  readonly port: number;
  /** `http://gateway.mcp.internal:10000` */
  readonly proxyUrl: string;
  /** The tags of a workload's security group. */
  readonly contractTags: Readonly<Record<string, string>>;

  constructor(
    { name, port }: Workload,
    gatewayName: string,
    private readonly domainName: string,
  ) {
    this.workload = name;
    this.port = port;
    this.proxyUrl = `http://${gatewayName}:${port}`;
    this.contractTags = { [TAG.role]: 'workload', [TAG.workload]: name, [TAG.port]: String(port) };
  }

  /**
   * The variables that make runtimes use the gateway, in every spelling.
   * @param direct further hosts that are reached without it: the names of VPC endpoints
   */
  environment(direct: readonly string[] = []): Record<string, string> {
    return proxyEnvironment({ proxyUrl: this.proxyUrl, direct: [`.${this.domainName}`, ...direct] });
  }
}
