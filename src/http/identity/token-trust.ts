/** Whose tokens are good. With the keys of others no secret is: whoever reads one could make tokens for anybody. */
export type TokenTrust = LocalTrust | JwksTrust;

/** Tokens that whoever knows the secret made, as `flagstaff token` does. They may say that their bearer is a super admin. */
export interface LocalTrust {
  readonly kind: 'secret';
  readonly secret: string;
}

/** Tokens that an identity provider made for this server. */
export interface JwksTrust {
  readonly kind: 'jwks';
  /** Where the provider shows its public keys. */
  readonly url: URL;
  /** What `iss` and `aud` of a token must say. */
  readonly issuer: string;
  readonly audience: string;
  /** The addresses of those who may do everything, as `foldEmail` leaves them; they count where the provider says that they are verified. */
  readonly superAdmins: ReadonlySet<string>;
  /** How long after a look at the keys an unknown one is not looked for again, in milliseconds; half a minute where it is left out. */
  readonly coolDownMs?: number | undefined;
}
