/**
 * What every answer tells browsers: it is what its type says, it is no page and stands in none, and addresses stay with
 * us. A page of our own says what it needs instead.
 */
export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
} as const;
