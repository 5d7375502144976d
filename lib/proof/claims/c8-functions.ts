import { hasRole } from '../model/devices';
import type { Resource } from '../load/resource';
import type { Model } from '../model/model';
import { blocks, list, text } from '../value/read';
import { isObject, Ref, show, Template, Unknown, type Value } from '../value/value';
import { walk } from '../value/walk';
import { hop, why, type Findings } from './claim';

/** Types that keep texts and grant rights, and call no function that stands in them. */
const KEEPS = /^aws_(iam_|ssm_parameter|s3_|secretsmanager_|cloudwatch_(log|metric|dashboard|composite))/;

/** A version that something names, and the function that it is of. */
interface Named {
  readonly by: Resource;
  readonly of: Resource;
  readonly version: Value;
}

/** A version of a function keeps the groups and subnets that the function had when it was published (Lambda Developer Guide, "Versions"). */
export function checkFunctionVersions(model: Model, findings: Findings): void {
  const functions = model.governed
    .filter((device) => hasRole(device, 'workload'))
    .flatMap(({ parts }) => parts.filter(({ type }) => type === 'aws_lambda_function'));
  if (functions.length === 0) return;
  for (const by of model.inventory.resources) {
    if (by.mode === 'data' || !by.type.startsWith('aws_') || KEEPS.test(by.type)) continue;
    for (const named of [...namedByAttributes(model, functions, by), ...namedByTexts(functions, by)]) {
      const reason = doubtOf(model, named);
      if (reason === undefined) continue;
      findings.unproven(
        by,
        `${by.address} names a version of ${named.of.address} that need not be the one that is written: ${reason}`,
        [hop(named.of, 'is a workload'), hop(by, 'leads to a version of it')],
        `take the attribute version of ${named.of.address}, or $LATEST`,
      );
    }
  }
}

function namedByAttributes({ inventory }: Model, functions: readonly Resource[], by: Resource): readonly Named[] {
  if (!by.type.startsWith('aws_lambda_') || by.type === 'aws_lambda_function') return [];
  const of = inventory.links.target(by.get('function_name'), 'aws_lambda_function', 'aws_lambda_alias');
  const weights = blocks(by.get('routing_config')).flatMap((block): readonly Value[] => {
    const versions = block instanceof Unknown ? block : block.additional_version_weights;
    return isObject(versions) ? Object.keys(versions) : list(versions);
  });
  const versions = [...list(by.get('function_version')), ...list(by.get('qualifier')), ...weights];
  return functions
    .filter((each) => each === of || (of instanceof Unknown && of.reason !== 'is not in the documents'))
    .flatMap((each) => versions.map((version) => ({ by, of: each, version })));
}

/** `arn:aws:lambda:…:function:name:1`, also within text, and what follows a reference to a function. */
function namedByTexts(functions: readonly Resource[], by: Resource): readonly Named[] {
  return by.keys.flatMap((key) =>
    [...walk(by.get(key) ?? null)].flatMap(({ value }): readonly Named[] => {
      const parts = value instanceof Template ? value.parts : [value];
      return parts.flatMap((part, at) => {
        const next = parts[at + 1];
        if (part instanceof Ref)
          return functions.filter((each) => each === part.resource).flatMap((of) => after(by, of, next, parts[at + 2]));
        return typeof part === 'string' ? functions.flatMap((of) => inText(by, of, part, next)) : [];
      });
    }),
  );
}

function after(by: Resource, of: Resource, next: Value | undefined, then: Value | undefined): readonly Named[] {
  const [, version] = (typeof next === 'string' && /^:([\w$-]*)/.exec(next)) || [];
  if (version === undefined) return [];
  return [{ by, of, version: version === '' ? (then ?? '') : version }];
}

function inText(by: Resource, of: Resource, part: string, next: Value | undefined): readonly Named[] {
  const name = text(of.get('function_name'));
  if (typeof name !== 'string') return [];
  const whole = by.type.startsWith('aws_lambda_') && part.startsWith(`${name}:`) ? [part.slice(name.length + 1)] : [];
  const arn = text(of.get('arn'));
  const before = [`:function:${name}:`, ...(typeof arn === 'string' && !arn.endsWith(`:${name}`) ? [`${arn}:`] : [])];
  const within = before.flatMap((each) => part.split(each).slice(1));
  return [...whole, ...within].map((rest) => {
    const version = /^[\w$-]*/.exec(rest)?.[0] ?? '';
    return { by, of, version: version === '' ? (next ?? '') : version };
  });
}

/** Why a version need not be the one that is written; undefined where it is. */
function doubtOf({ inventory }: Model, { by, of, version }: Named): string | undefined {
  if (version === '' || version === '$LATEST') return undefined;
  if (version instanceof Ref) {
    const isOwn = version.resource === of && version.attribute === 'version';
    return isOwn || version.resource.type === 'aws_lambda_alias' ? undefined : `${show(version)} is another one`;
  }
  if (version instanceof Unknown) return why(version);
  if (typeof version !== 'string' && typeof version !== 'number') return `${show(version)} is no name`;
  const word = String(version);
  if (word === text(of.get('version'))) return undefined;
  const aliases = inventory.of('aws_lambda_alias').filter((each) => each !== by && text(each.get('name')) === word);
  const isJudged = aliases.some((each) => {
    const target = inventory.links.target(each.get('function_name'), 'aws_lambda_function');
    return target === of || target instanceof Unknown;
  });
  return isJudged ? undefined : `${word} may have been published with other groups and subnets`;
}
