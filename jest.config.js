'use strict';

/**
 * `npx jest test/lib/policy` runs some unit tests. The traffic tests need `npm test -- --only traffic`: there they run one file
 * after another, for ports 443 and 53, resolv.conf and the addresses are there once, and in a namespace of their own. The Terraform
 * tests need `npm test -- --only terraform`, which installs moto and checkov for them; those of Docker need `npm test -- --only docker`, which
 * runs them as root with an engine of their own; those of the browser need `npm test -- --only browser`, which finds Chromium; those of
 * OpenClaw need `npm run test:openclaw`, which installs it.
 * Types are checked apart (`npm run typecheck`); here the code is only transformed, which is faster.
 */
const shared = {
  testEnvironment: 'node',
  // Not the shared folder for temporary files: in a namespace we seem to be root, and root's files there are not ours.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  transform: {
    '^.+\\.m?ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/'],
};

/** @type {import('jest').Config} */
module.exports = {
  // Tests wait for what they mean; the time is there to end one that hangs, and a busy machine is slow.
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      setupFiles: ['<rootDir>/test/support/property-seed.ts'],
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/test/traffic/',
        '<rootDir>/test/terraform/',
        '<rootDir>/test/docker/',
        '<rootDir>/test/browser/',
        '<rootDir>/test/openclaw/',
      ],
    },
    {
      ...shared,
      displayName: 'traffic',
      testMatch: ['<rootDir>/test/traffic/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'terraform',
      testMatch: ['<rootDir>/test/terraform/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'docker',
      testMatch: ['<rootDir>/test/docker/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'openclaw',
      testMatch: ['<rootDir>/test/openclaw/**/*.test.ts'],
    },
  ],
};
