import type { CompiledConfig, ConfigObject, ConfigValue } from '../../../lib/envoy/resources';

/** What a value, or the name of a field, becomes; for an object whose fields have been changed already. */
export type Change = (value: ConfigValue) => ConfigValue;

/** A config with every value changed, from the inside out. What stands in it more than once stays one object, for it is written once. */
export function mapConfig(config: CompiledConfig, change: Change): CompiledConfig {
  const changed = new Map<object, ConfigValue>();
  const map = (value: ConfigValue): ConfigValue => {
    if (value === null || typeof value !== 'object') return change(value);
    const known = changed.get(value);
    if (known !== undefined) return known;
    const copy = change(
      Array.isArray(value)
        ? value.map((each: ConfigValue) => map(each))
        : Object.fromEntries(
            Object.entries(value as ConfigObject).map(([key, each]) => [change(key), map(each as ConfigValue)]),
          ),
    );
    changed.set(value, copy);
    return copy;
  };
  const { clusters, listeners, routes } = config;
  const all = map({ clusters, listeners, routes } as unknown as ConfigObject);
  return { ...config, ...(all as unknown as Pick<CompiledConfig, 'clusters' | 'listeners' | 'routes'>) };
}
