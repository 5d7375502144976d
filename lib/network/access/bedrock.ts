import type { Access } from '../access';

export interface RetrieveOptions {
  /**
   * Also `RetrieveAndGenerate`, which has no resource: which model answers is bounded by {@link invokeModels} alone.
   * @default false
   */
  readonly generate?: boolean;
}

/**
 * Some models, for the endpoint `bedrock-runtime` and for roles. `Converse` needs the same actions (Bedrock API
 * Reference).
 * @param modelArns foundation models, whose ARN names no account (`arn:aws:bedrock:R::foundation-model/ID`), and the
 *   account's inference profiles. A profile that spans regions needs the model's ARN of each region as well (Bedrock
 *   User Guide, "Prerequisites for inference profiles").
 */
export function invokeModels(modelArns: readonly string[]): Access[] {
  return [
    {
      sid: 'BedrockInvoke',
      actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      resources: modelArns,
    },
  ];
}

/**
 * Questions to some Bedrock knowledge bases, for the endpoint `bedrock-agent-runtime` and for roles.
 * @param knowledgeBaseArns full ARNs: `arn:aws:bedrock:R:ACCOUNT:knowledge-base/ID`
 */
export function retrieveKnowledge(
  knowledgeBaseArns: readonly string[],
  { generate = false }: RetrieveOptions = {},
): Access[] {
  const retrieve: Access = { sid: 'BedrockRetrieve', actions: ['bedrock:Retrieve'], resources: knowledgeBaseArns };
  const answer: Access = { sid: 'BedrockAnswer', actions: ['bedrock:RetrieveAndGenerate'], resources: ['*'] };
  return generate ? [retrieve, answer] : [retrieve];
}
