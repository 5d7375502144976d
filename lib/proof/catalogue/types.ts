/**
 * Types of the AWS provider by what they can do to a network. A type that stands in neither list and names something of a network makes the
 * proof unproven (claim C8).
 */

/** They neither route, nor attach an interface, nor let anybody in, whatever they name. */
const HARMLESS =
  /^aws_(access_analyzer|accessanalyzer|acm|acmpca|appautoscaling|appconfig|athena|backup|bedrock|bedrockagent|budgets|ce|chatbot|cloudtrail|cloudwatch(?!_event_target)|codeartifact|cognito|config|cur|detective|devopsguru|dynamodb|ebs|ecr|ecrpublic|fis|flow_log|glacier|guardduty|iam|identitystore|inspector|kendra|key_pair|kinesis_stream|kms|licensemanager|lambda_(alias|code|event_source|function_event|layer|permission|provisioned)|macie|opensearchserverless_(access|lifecycle|security)|organizations|placement_group|resourcegroups|rolesanywhere|route53_(cidr|vpc_association|delegation|health|key|hosted_zone_dnssec|query_log|record|resolver_dnssec|resolver_query_log|resolver_config|zone)|s3|s3control|schemas|secretsmanager|securityhub|securitylake|service_discovery|servicecatalog|servicequotas|ses|sfn|signer|sns|sqs|ssm_(parameter|document|patch|maintenance|service_setting)|ssmcontacts|ssoadmin|support|tag|wafv2|xray)(_|$)|^aws_(vpc_dhcp_options|vpc_dhcp_options_association|vpc_block_public_access_\w+|network_acl|network_acl_rule|network_acl_association|default_network_acl|default_vpc_dhcp_options|internet_gateway_attachment|volume_attachment|ami\w*|snapshot\w*|ebs_\w+|ecs_cluster|ecs_cluster_capacity_providers|ecs_account_setting_default|ecs_tag|ec2_tag|ec2_instance_metadata_defaults|ec2_serial_console_access|ec2_image_block_public_access|vpc_ipam\w*|service_discovery_\w+|appautoscaling_\w+|cloudwatch_(log|metric|dashboard|composite|query|contributor)\w*|cloudtrail\w*|vpc_security_group_rules_exclusive|autoscaling_(policy|schedule|lifecycle_hook|notification|group_tag))$/;

/** They stand in subnets or have security groups, but carry nobody's traffic onwards. */
const IN_VPC =
  /^aws_(apprunner_vpc_connector|batch_compute_environment|cloudhsm|codebuild_project|codebuild_fleet|datasync|dax_|db_|dms_|docdb|documentdb|efs_|eks_|elasticache_|elasticsearch_|emr_|fsx_|glue_|gluedev|kafka|kinesis_firehose|kinesisanalyticsv2|memorydb|mq_|msk|mwaa|neptune|networkfirewall|opensearch_|opensearchserverless_vpc_endpoint|quicksight_vpc_connection|rds_|redshift|redshiftserverless|sagemaker|scheduler_|synthetics|timestreaminfluxdb|transfer_|workspaces|cloudwatch_event_target|imagebuilder_infrastructure|directory_service|ds_|kendra|lambda_function|ecs_|instance|spot_|launch_|autoscaling_group|ec2_fleet)/;

/** What the model reads and the claims judge. */
const MODELLED =
  /^aws_((default_)?(vpc|subnet|route_table|security_group)|vpc_ipv4_cidr_block_association|vpc_ipv6_cidr_block_association|route|route_table_association|main_route_table_association|internet_gateway|egress_only_internet_gateway|nat_gateway|vpn_gateway|vpn_gateway_attachment|vpn_gateway_route_propagation|customer_gateway|vpn_connection|carrier_gateway|vpc_peering_connection(_accepter|_options)?|ec2_transit_gateway\w*|vpc_route_server_propagation|eip|eip_association|vpc_security_group_(in|e)gress_rule|security_group_rule|ec2_managed_prefix_list(_entry)?|vpc_endpoint|vpc_endpoint_(policy|service|service_allowed_principal|route_table_association|subnet_association|security_group_association|connection_accepter|connection_notification)|network_interface|network_interface_attachment|network_interface_sg_attachment|lb|alb|elb|lb_\w+|alb_\w+|elb_attachment|autoscaling_attachment|autoscaling_traffic_source_attachment|codedeploy_deployment_group|route53_resolver_\w+|route53profiles_\w+|vpclattice_\w+|lambda_function_url|apigatewayv2_\w+|api_gateway_\w+|cloudfront_\w+|globalaccelerator_\w+|ecs_(service|task_set|task_definition|capacity_provider))$/;

/** They can make anything, and what they make is not in the document. */
const MAKES_ANYTHING =
  /^(awscc_.*|aws_(cloudformation_stack|cloudformation_stack_set|cloudformation_stack_set_instance|cloudformation_stack_instances|cloudformation_type|cloudcontrolapi_resource|serverlessapplicationrepository_cloudformation_stack|servicecatalog_provisioned_product|proton_\w+|ssm_association|lambda_invocation|controltower_\w+)|external)$/;

/** What a type can do, as far as it is known. */
export type Kind = 'harmless' | 'inVpc' | 'modelled' | 'anything' | 'unknown';

/** Classifies a type of the documents. */
export function kindOf(type: string): Kind {
  if (MAKES_ANYTHING.test(type)) return 'anything';
  if (!type.startsWith('aws_')) return 'harmless';
  if (MODELLED.test(type)) return 'modelled';
  if (HARMLESS.test(type)) return 'harmless';
  return IN_VPC.test(type) ? 'inVpc' : 'unknown';
}

/** Attributes by which a resource of an unknown type would be part of a network. */
export const NETWORK_KEY =
  /(^|_)(subnets?|vpcs?|security_groups?|network_interfaces?|route_tables?|vpc_zone_identifier|prefix_lists?|gateways?)(_|$)/;

/** Types that may carry the group of a workload: all that they can reach goes by their groups and subnets. */
const READ =
  /^aws_(ecs_service|ecs_task_set|cloudwatch_event_target|scheduler_schedule|instance|spot_instance_request|spot_fleet_request|ec2_fleet|launch_template|launch_configuration|autoscaling_group|network_interface|network_interface_attachment|lambda_function)$/;

/** Whether a type may carry the group of a workload. */
export function isRead(type: string): boolean {
  return READ.test(type);
}

/** Whether a value is the id or the ARN of a part of a network, as a plan or a state holds it. */
export function isNetworkName(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^(arn:[^:]*:ec2:[^:]*:[^:]*:(vpc|subnet|security-group|route-table|network-interface|instance)\/|(vpc|subnet|sg|rtb|eni|i)-[0-9a-f]{8,17}$)/.test(
      value,
    )
  );
}
