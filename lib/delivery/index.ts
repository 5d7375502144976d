export { bundle, bundleHash } from './bundle';
export { containerScript, type ContainerScript } from './scripts';
