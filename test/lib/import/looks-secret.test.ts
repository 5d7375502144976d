import { looksSecret } from '../../../lib/import/looks-secret';

describe('looksSecret', () => {
  it.each([
    'ghp_c2VjcmV0c2VjcmV0',
    'x-sk-proj123',
    'AKIAIOSFODNN7EXAMPLE',
    'eyJhbGciOiJIUzI1NiJ9',
    '123e4567-e89b-12d3-a456-426614174000',
    'a1b2c3d4e5f6a7b8c9d0',
  ])('takes %s for a secret', (text) => expect(looksSecret(text)).toBe(true));

  it.each([
    '@modelcontextprotocol/server-github',
    'ghcr.io/github/github-mcp-server:1.4',
    'api.example.com',
    'task-runner',
  ])('does not take %s for one', (text) => expect(looksSecret(text)).toBe(false));
});
