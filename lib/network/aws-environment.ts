/**
 * Account, region and partition that names are made for. Each may be a Terraform token (`${…}`), so nothing here takes
 * them apart.
 */
export interface AwsEnvironment {
  /** Twelve digits. */
  readonly account: string;
  /** `eu-central-1` */
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  /** `amazonaws.com`, or what the partition has in its place (`amazonaws.com.cn`). */
  readonly dnsSuffix: string;
}
