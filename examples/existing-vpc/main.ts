import { join } from 'node:path';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { EgressPolicy } from 'cdktf-mcp-egress';
import { Connections, EgressGateway, McpNetwork, McpServer, type IMcpNetwork } from 'cdktf-mcp-egress/aws';
import { VpcStack } from './vpc-stack';

const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const image = (name: string): string => `${REGISTRY}/${name}@sha256:${'0'.repeat(64)}`;

/** A tenant of that VPC: a gateway, an MCP server, and a Lambda function that is a workload, too. */
class ReportStack extends TerraformStack {
  constructor(scope: Construct, id: string, vpc: VpcStack, policy: EgressPolicy) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: 'eu-central-1' });
    const network = McpNetwork.fromNetworkAttributes(this, 'network', {
      environmentName: 'reports',
      vpcId: vpc.vpcId,
      isolatedSubnetIds: vpc.isolatedSubnetIds,
      egressSubnetIds: vpc.egressSubnetIds,
      existingEndpoints: vpc.endpoints,
    });
    const gateway = new EgressGateway(this, 'gateway', {
      network,
      policy,
      namespaceName: 'reports.internal',
      image: image('mirror/envoy'),
      syncImage: image('mirror/aws-cli'),
    });
    new McpServer(this, 'ticket-search', { gateway, image: image('mcp/ticket-search'), port: 8080 });
    this.makeMailer(network, gateway);
    new TerraformOutput(this, 'gateway_name', { value: gateway.gatewayName });
  }

  /** `admit` opens the way to the workload's port, and says what the function has to know. */
  private makeMailer({ vpcId, isolatedSubnetIds }: IMcpNetwork, gateway: EgressGateway): void {
    const group = new SecurityGroup(this, 'mailer-group', {
      vpcId,
      description: 'The report mailer',
      name: 'report-mailer',
    });
    const proxy = gateway.admit('report-mailer', Connections.of(group, 'report-mailer'));
    const assume = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const role = new IamRole(this, 'mailer-role', {
      name: 'report-mailer',
      assumeRolePolicy: JSON.stringify({ Version: '2012-10-17', Statement: [assume] }),
    });
    new IamRolePolicyAttachment(this, 'mailer-network', {
      role: role.name,
      policyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole',
    });
    new LambdaFunction(this, 'mailer', {
      functionName: 'report-mailer',
      role: role.arn,
      packageType: 'Image',
      imageUri: image('report-mailer'),
      vpcConfig: { subnetIds: [...isolatedSubnetIds], securityGroupIds: [group.id] },
      environment: { variables: proxy.environment() },
    });
  }
}

const app = new App();
const policy = EgressPolicy.fromFile(join(__dirname, 'egress.yaml'));
new ReportStack(app, 'reports', new VpcStack(app, 'platform-vpc', policy), policy);
app.synth();
