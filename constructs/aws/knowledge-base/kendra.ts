import type { Construct } from 'constructs';
import { queryKendra } from '../../../lib/network';
import { arnOf, checkKnowledge } from './check-arns';
import { endpointSource, type KnowledgeParts, type KnowledgeProps } from './source';

export interface KendraKnowledgeProps extends KnowledgeProps {
  /** Indexes that may be asked: `arn:aws:kendra:R:ACCOUNT:index/ID`. */
  readonly indexArns: readonly string[];
}

/** Amazon Kendra indexes. */
export function kendraKnowledge(scope: Construct, props: KendraKnowledgeProps): KnowledgeParts {
  const { indexArns: arns, organizationId } = props;
  const form = 'arn:aws:kendra:R:ACCOUNT:index/ID';
  checkKnowledge(scope, organizationId, [
    { prop: 'indexArns', arns, form, pattern: arnOf('kendra', 'index/[a-zA-Z0-9*-]+') },
  ]);
  return { sources: [endpointSource(props, 'kendra', () => queryKendra(arns))] };
}
