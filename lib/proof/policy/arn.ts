import { isFact } from '../model/endpoints';
import { Ref, show, Template, Unknown, type Value } from '../value/value';
import { isOwnArn } from './own-arn';

/** Whether something is bound: to one account, organisation or name; not, or not known. */
export type Pin = 'pinned' | 'open' | Unknown;

/** In {@link arnText} for a part that is one value of our own: an account, a name. */
export const OWN = '\u0001';
/** In {@link arnText} for a part that is not known. */
export const NOT_KNOWN = '\u0002';

/** Text in which each part that is not literal is one character: {@link OWN} or {@link NOT_KNOWN}. */
export function arnText(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const parts = value instanceof Template ? value.parts : [value];
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      return part instanceof Ref && isOwn(part) ? OWN : NOT_KNOWN;
    })
    .join('');
}

/** Whether what AWS answers is a value of our own; a parameter of SSM may hold anything, stars as well. */
function isOwn(ref: Ref): boolean {
  const { kind, mode } = ref.resource;
  if (mode === 'managed')
    return /^aws_/.test(kind) && !/(^|_)(tags|value|output|result|body|content|policy|json)/.test(ref.attribute);
  return isFact(ref) && kind !== 'data.aws_ssm_parameter';
}

/** Whether a `Resource` names things of one account, or one bucket by its full name (S3's ARNs name no account). */
export function resourcePin(value: Value): Pin {
  const own = ownArn(value);
  if (own) return own;
  const text = arnText(value);
  const [arn, , service, , account, ...rest] = text.split(':');
  if (arn !== 'arn' || account === undefined || rest.length === 0) return open(text, value);
  if (account !== '') return accountPin(account, value);
  if (service !== 's3') return 'open';
  const [bucket = ''] = rest.join(':').split('/');
  if (bucket === '' || /[*?]|\$\{/.test(bucket)) return 'open';
  return bucket.includes(NOT_KNOWN) ? unknown(value) : 'pinned';
}

/** An ARN that AWS gives to something of our own, and what is written behind it. */
function ownArn(value: Value): Pin | undefined {
  const parts = value instanceof Template ? value.parts : [value];
  const [first, second = ''] = parts;
  if (!(first instanceof Ref) || !isOwnArn(first)) return undefined;
  // A bucket's name ends where its ARN does, so what follows must not make it longer.
  const isBucket = first.resource.type.startsWith('aws_s3');
  if (!isBucket) return 'pinned';
  return second === '' || (typeof second === 'string' && second.startsWith('/')) ? 'pinned' : 'open';
}

/** Whether a principal, or the value of a key about principals, is of one account. */
export function principalPin(value: Value): Pin {
  if (ownArn(value) === 'pinned') return 'pinned';
  const text = arnText(value);
  if (text === OWN || /^\d{12}$/.test(text)) return 'pinned';
  const [arn, , , , account] = text.split(':');
  return arn === 'arn' && account !== undefined ? accountPin(account, value) : open(text, value);
}

/** Whether a value stands for itself under a `…Like` operator. */
export function literalPin(value: Value): Pin {
  const text = arnText(value);
  if (/[*?]|\$\{/.test(text)) return 'open';
  return text.includes(NOT_KNOWN) ? unknown(value) : 'pinned';
}

/** Whether a value is one account or organisation under `StringEquals`, where a wildcard is none: a variable of IAM is anybody's. */
export function exactPin(value: Value): Pin {
  const text = arnText(value);
  if (text.includes('${')) return 'open';
  return text.includes(NOT_KNOWN) ? unknown(value) : 'pinned';
}

function accountPin(account: string, value: Value): Pin {
  if (account === OWN || /^\d{12}$/.test(account)) return 'pinned';
  return account.includes(NOT_KNOWN) ? unknown(value) : 'open';
}

function open(text: string, value: Value): Pin {
  return text.startsWith(NOT_KNOWN) ? unknown(value) : 'open';
}

function unknown(value: Value): Unknown {
  if (value instanceof Unknown) return value;
  const part = value instanceof Template ? value.parts.find((each) => each instanceof Unknown) : undefined;
  return part instanceof Unknown ? part : new Unknown(show(value), 'is not known');
}
