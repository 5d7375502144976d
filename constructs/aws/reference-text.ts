import { TerraformStack, Token, Tokenization } from 'cdktf';

const TOKEN = /\$\{TfToken\[[^\]]*\]\}/g;

/**
 * A text in which references stand by their stack and address (`stack/aws_security_group.x.id`), so that two of them to one thing are equal:
 * each read of a resource's attribute gives another token. What is no plain reference stays the token that it is.
 */
export function referenceText(value: string): string {
  return Token.isUnresolved(value) ? value.replace(TOKEN, describe) : value;
}

function describe(token: string): string {
  const reference: unknown = Tokenization.reverseString(token).firstToken;
  if (typeof reference !== 'object' || reference === null) return token;
  const stack: unknown = Reflect.get(reference, 'originStack');
  const address: unknown = Reflect.get(reference, 'identifier');
  if (!TerraformStack.isStack(stack) || typeof address !== 'string') return token;
  return `${stack.node.path}/${address}`;
}
