/** What a token looks like before it is resolved. */
const TOKEN = 'TfToken\\[';
const INTERPOLATION = new RegExp(`\\$\\{(?!${TOKEN})`, 'g');

/**
 * Keeps Terraform from reading `${…}` and `%{…}` in texts as templates (`$${` and `%%{` stand for themselves); tokens of CDK for
 * Terraform stay as they are. Terraform: "Strings and Templates", escape sequences.
 */
export function escapeTemplate<T>(value: T): T {
  return escape(value) as T;
}

function escape(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(INTERPOLATION, '$$$${').replace(/%\{/g, '%%{');
  if (Array.isArray(value)) return value.map(escape);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escape(inner)]));
}
