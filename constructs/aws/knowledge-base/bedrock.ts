import type { Construct } from 'constructs';
import { invokeModels, retrieveKnowledge } from '../../../lib/network';
import { arnOf, checkKnowledge } from './check-arns';
import { endpointSource, type KnowledgeParts, type KnowledgeProps } from './source';

export interface BedrockKnowledgeProps extends KnowledgeProps {
  /** Knowledge bases that may be asked: `arn:aws:bedrock:R:ACCOUNT:knowledge-base/ID`. @default - none */
  readonly knowledgeBaseArns?: readonly string[];
  /**
   * Models that may be invoked: foundation models (`arn:aws:bedrock:R::foundation-model/ID`) and inference profiles of the account. A profile that
   * spans regions needs the foundation model's ARN of each of them as well.
   * @default - none
   */
  readonly modelArns?: readonly string[];
  /** Whether a knowledge base may be asked for an answer by a model (`RetrieveAndGenerate`), too. @default false */
  readonly generate?: boolean;
}

const MODEL =
  /^arn:aws[a-z-]*:bedrock:[a-z0-9-]+:(:foundation-model|\d{12}:(inference-profile|application-inference-profile|provisioned-model|custom-model-deployment|imported-model))\/\S+$/;

/** Bedrock knowledge bases (endpoint `bedrock-agent-runtime`) and models (`bedrock-runtime`). */
export function bedrockKnowledge(scope: Construct, props: BedrockKnowledgeProps): KnowledgeParts {
  const { knowledgeBaseArns = [], modelArns = [], generate = false } = props;
  checkKnowledge(
    scope,
    props.organizationId,
    [
      {
        prop: 'knowledgeBaseArns',
        arns: props.knowledgeBaseArns,
        form: 'arn:aws:bedrock:R:ACCOUNT:knowledge-base/ID',
        pattern: arnOf('bedrock', 'knowledge-base/[0-9A-Za-z*]+'),
      },
      {
        prop: 'modelArns',
        arns: props.modelArns,
        form: 'arn:aws:bedrock:R::foundation-model/ID or arn:aws:bedrock:R:ACCOUNT:inference-profile/ID',
        pattern: MODEL,
      },
    ],
    [],
    (problems) => {
      problems.check(
        !generate || (knowledgeBaseArns.length > 0 && modelArns.length > 0),
        'generate: an answer takes a knowledge base and a model; name them in knowledgeBaseArns and modelArns, or leave generate out.',
      );
    },
  );
  const retrieve = () => retrieveKnowledge(knowledgeBaseArns, { generate });
  const invoke = () => invokeModels(modelArns);
  return {
    sources: [
      ...(knowledgeBaseArns.length > 0 ? [endpointSource(props, 'bedrock-agent-runtime', retrieve)] : []),
      ...(modelArns.length > 0 ? [endpointSource(props, 'bedrock-runtime', invoke)] : []),
    ],
  };
}
