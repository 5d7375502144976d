import { Fn, Token } from 'cdktf';

/** The agent's settings beside the cluster (ECS Developer Guide, "Amazon ECS container agent configuration"). */
const AGENT = [
  // Tasks get no credentials of the host.
  'ECS_AWSVPC_BLOCK_IMDS=true',
  'ECS_ENABLE_TASK_IAM_ROLE=true',
  'ECS_DISABLE_PRIVILEGED=true',
  'ECS_AVAILABLE_LOGGING_DRIVERS=["json-file","awslogs"]',
  // Logs are written with the task's execution role, so that hosts need no permission for it.
  'ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true',
];

/**
 * What a host runs at its first start, in base64: the agent's settings and nothing that needs the Internet.
 * @param clusterName may be a token
 */
export function hostUserData(clusterName: string): string {
  const before = ['#!/bin/bash', "cat >> /etc/ecs/ecs.config <<'END'", 'ECS_CLUSTER='].join('\n');
  const after = ['', ...AGENT, 'END', ''].join('\n');
  if (!Token.isUnresolved(clusterName)) return Buffer.from(before + clusterName + after).toString('base64');
  // A token's value comes at deployment, and only Terraform can encode it then.
  return Fn.base64encode(Fn.join('', [Fn.rawString(before), clusterName, Fn.rawString(after)]));
}
