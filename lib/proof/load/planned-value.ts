import { Unknown, type Value } from '../value/value';
import type { ModuleConfiguration } from './configuration';
import { isJson, json, jsonList, own } from './json';

/** A planned value, with what is not known yet taken from the configuration. */
export function plannedValue(
  key: string,
  value: unknown,
  unknown: unknown,
  expression: unknown,
  configuration: ModuleConfiguration | undefined,
): Value | undefined {
  if (unknown === true)
    return !configuration
      ? new Unknown(key, 'is known only after apply, and the plan does not show how it is written')
      : expression === undefined
        ? undefined
        : configuration.resolve(key, expression);
  if (Array.isArray(unknown) && unknown.length > 0 && unknown.every((each) => each === true) && isJson(expression)) {
    const all = configuration?.resolve(key, expression) ?? null;
    return Array.isArray(all) && all.length !== unknown.length ? new Unknown(key, 'is known only after apply') : all;
  }
  if (Array.isArray(value) || Array.isArray(unknown)) {
    const [values, flags] = [jsonList(value), jsonList(unknown)];
    const length = Math.max(values.length, flags.length);
    return Array.from({ length }, (_, at) => {
      const block = blockExpression(expression, values[at], length);
      return plannedValue(key, values[at], flags[at], block, configuration) ?? missing(key, flags[at]);
    });
  }
  if (isJson(value) || isJson(unknown)) {
    const [object, flags] = [json(value), json(unknown)];
    const names = [...new Set([...Object.keys(object), ...Object.keys(flags)])];
    const entries = names.map((name) => {
      const inner = plannedValue(name, own(object, name), own(flags, name), own(expression, name), configuration);
      return [name, inner ?? missing(name, own(flags, name))] as const;
    });
    return Object.fromEntries(entries);
  }
  return value === undefined ? undefined : (value as Value);
}

function missing(key: string, flag: unknown): Value {
  return flag === true ? new Unknown(key, 'is known only after apply') : null;
}

/**
 * The one block of the configuration whose constants fit the values; sets stand there in another order. Where there are more values than blocks,
 * some come from a dynamic block, which the configuration leaves out, and nobody knows which.
 */
function blockExpression(expression: unknown, value: unknown, length: number): unknown {
  if (!Array.isArray(expression)) return expression;
  if (length > expression.length) return undefined;
  const fitting = (expression as unknown[]).filter((block) =>
    Object.entries(json(block)).every(([key, each]) => {
      const { constant_value: constant, references } = json(each);
      return (
        constant === undefined ||
        references !== undefined ||
        JSON.stringify(constant) === JSON.stringify(own(value, key))
      );
    }),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}
