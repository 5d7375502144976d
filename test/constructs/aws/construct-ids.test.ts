import { EgressPerimeter } from '../../../constructs/aws/egress-perimeter';
import { ecrImage, GATEWAY_IMAGES } from '../support/fixtures';
import { examplePolicy } from '../support/policies';
import { synthesized } from '../support/synth';

/**
 * Terraform knows a resource by its address, which comes from the ids of the constructs around it. Another id is another address: Terraform
 * destroys the resource of the old one and makes a new one, in everybody's deployment. So a change of this snapshot is a breaking change:
 * it needs a line in CHANGELOG.md and `moved` blocks (or a new major version), never a mere `jest -u`. New addresses may be added.
 */
test('the addresses of a full stack stay what they are', () => {
  const stack = synthesized((scope) => {
    const perimeter = new EgressPerimeter(scope, 'perimeter', {
      policy: examplePolicy(),
      gatewayImage: GATEWAY_IMAGES.image,
      syncImage: GATEWAY_IMAGES.syncImage,
      servers: {
        'web-search': {
          image: ecrImage('mcp/search'),
          secrets: {
            KEY: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf',
            TOKEN: 'arn:aws:ssm:eu-central-1:123456789012:parameter/token',
          },
        },
        'local-llm': { image: ecrImage('mcp/llm'), port: 8080 },
      },
    });
    const { 'web-search': search, 'local-llm': llm } = perimeter.servers;
    if (search && llm) search.call(llm);
  });
  expect(stack.addresses).toMatchSnapshot();
});
