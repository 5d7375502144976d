import { TerraformLocal } from 'cdktf';
import { renderContainers, type ContainerDefinition } from '../../../constructs/aws/container-definition';
import { synthesized } from '../support/synth';

const SCRIPT = 'for f in "${DIR}"/*; do curl -w \'%{http_code}\' "$f"; done; echo $$ 100%';

const container = (rest: Partial<ContainerDefinition> = {}): ContainerDefinition => ({
  name: 'main',
  image: 'image',
  essential: true,
  readonlyRootFilesystem: true,
  ...rest,
});

test('Terraform gives ECS the command as it was written', () => {
  const text = renderContainers([container({ command: ['-c', SCRIPT] })]);
  expect(text).toContain('$${DIR}');
  expect(text).toContain('%%{http_code}');
  const read = JSON.parse(text.replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{')) as ContainerDefinition[];
  expect(read).toEqual([container({ command: ['-c', SCRIPT] })]);
});

test('tokens in it become references, beside scripts as well', () => {
  const stack = synthesized((scope) => {
    const bucket = new TerraformLocal(scope, 'bucket', 'docs').asString;
    const environment = [{ name: 'BUCKET', value: `s3://${bucket}/\${KEY}` }];
    new TerraformLocal(scope, 'text', renderContainers([container({ environment })]));
  });
  const [read] = JSON.parse(stack.json.locals.text as string) as ContainerDefinition[];
  expect(read?.environment).toEqual([{ name: 'BUCKET', value: 's3://${local.bucket}/$${KEY}' }]);
});

test('what is not said does not stand in it', () => {
  expect(renderContainers([container()])).toBe(
    '[{"name":"main","image":"image","essential":true,"readonlyRootFilesystem":true}]',
  );
});
