/** The small shapes that several kinds of file share. What the JSON Schema says of them stands here and only here. */

/** Any value that JSON can write. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** An object that JSON can write. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** A value that a test compares with: text, number, or true and false. */
export type Scalar = string | number | boolean;

/**
 * A day, written year-month-day.
 * @pattern ^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$
 * @example "2027-03-01"
 */
export type Day = string;

/**
 * A moment, as RFC 3339 writes it, with its offset or `Z`.
 * @pattern ^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$
 * @example "2026-01-15T10:00:00Z"
 */
export type Timestamp = string;

/**
 * Letters and digits, joined by hyphens or underscores: the opaque name that the APIs use.
 * @pattern ^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$
 * @maxLength 64
 */
export type IdText = string;

/**
 * Lower-case words joined by hyphens: `web-app`, `production`.
 * @pattern ^[a-z0-9]+(?:-[a-z0-9]+)*$
 * @maxLength 100
 */
export type KebabText = string;

/**
 * Letters and digits, joined by hyphens, underscores or dots, with at least one letter.
 * @pattern ^(?=.*[A-Za-z])[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$
 * @maxLength 100
 */
export type NameText = string;

/**
 * The name of one of a flag's variants. It starts with a letter.
 * @pattern ^[A-Za-z][A-Za-z0-9_.-]*$
 * @maxLength 100
 * @example "on"
 * @example "off"
 */
export type VariantName = string;

/**
 * Flat facts, returned with each answer.
 * @maxProperties 100
 * @example { ticket: "PAY-123" }
 * @defaultSnippets [{ label: "a fact", body: { "${1:ticket}": "${2:PAY-123}" } }]
 */
export interface FlatMetadata {
  readonly [name: string]: Scalar;
}
