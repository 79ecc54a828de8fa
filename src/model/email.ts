const FORM = /^[^\s@<>]+@[^\s@<>]+$/;

/** The most characters of an e-mail address. */
export const EMAIL_LENGTH = 254;

/** Whether a text has the form of an e-mail address, as `org.yaml` takes it. */
export function isEmail(text: string): boolean {
  return text.length <= EMAIL_LENGTH && FORM.test(text);
}

/**
 * The address as it compares: without the case of A to Z. Other letters stay as they are, for some of them have one of
 * these as their small letter, and then whoever holds one address would be taken for the holder of another.
 */
export function foldEmail(email: string): string {
  return email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether two addresses are one. */
export function isSameEmail(one: string, other: string): boolean {
  return foldEmail(one) === foldEmail(other);
}
