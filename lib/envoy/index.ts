export { compile, DEFAULT_DIRECTORY } from './compile';
export { render } from './render';
export type { CompiledConfig, CompileOptions, ConfigObject, ConfigValue, NamedResource } from './resources';
export { toStatic } from './static';
