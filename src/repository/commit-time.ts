/** The moment of a commit, in seconds since 1970, as RFC 3339: UTC, whole seconds. */
export function timeOf(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
}
