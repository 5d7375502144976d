import { leaveOut } from './support/leave-out';
import type { StackJson } from './support/stack-json';

const REASON = { reason: 'a test' };

function example(): StackJson {
  return {
    terraform: {},
    data: { aws_iam_policy_document: { doc: { statement: [{ resources: ['${aws_list.names.arn}'] }] } } },
    resource: {
      aws_list: { names: { domains: ['*'] } },
      aws_rule: { first: { list: '${aws_list.names.id}', priority: 1 } },
      aws_group: { all: { rules: '${length([aws_rule.first.id])}' } },
      aws_vpc: { main: { cidr_block: '10.0.0.0/16', depends_on: ['aws_rule.first', 'aws_other.kept'] } },
      aws_other: { kept: { wait: true, text: 'aws_list.names-too', vpc: '${aws_vpc.main.id}' } },
    },
    output: { rule: { value: '${aws_rule.first.id}' }, vpc: { value: '${aws_vpc.main.id}' } },
  };
}

describe('leaveOut', () => {
  it('removes a type and what refers to it, however far', () => {
    const stack = example();
    const { resources, others, share } = leaveOut(stack, [{ type: 'aws_list', ...REASON }]);
    expect(resources).toEqual(['aws_group.all', 'aws_list.names', 'aws_rule.first']);
    expect(others).toEqual(['data.aws_iam_policy_document.doc', 'output.rule']);
    expect(share).toBeCloseTo(3 / 5);
    expect(Object.keys(stack.resource ?? {})).toEqual(['aws_vpc', 'aws_other']);
    expect(Object.keys(stack.output ?? {})).toEqual(['vpc']);
  });

  it('takes only the entry out of a depends_on', () => {
    const stack = example();
    leaveOut(stack, [{ type: 'aws_rule', ...REASON }]);
    expect(stack.resource?.aws_vpc?.main?.depends_on).toEqual(['aws_other.kept']);
    expect(stack.resource?.aws_list).toBeDefined();
  });

  it('removes an attribute alone', () => {
    const stack = example();
    const { attributes, resources } = leaveOut(stack, [{ type: 'aws_other', attribute: 'wait', ...REASON }]);
    expect(attributes).toEqual(['aws_other.kept.wait']);
    expect(resources).toEqual([]);
    expect(stack.resource?.aws_other?.kept).not.toHaveProperty('wait');
  });

  it('changes nothing without gaps', () => {
    const stack = example();
    expect(leaveOut(stack, [])).toEqual({ resources: [], others: [], attributes: [], share: 0 });
    expect(stack).toEqual(example());
  });
});
