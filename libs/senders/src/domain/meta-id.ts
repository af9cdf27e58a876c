/** An id that Meta gives numbers and accounts: 1 to 32 digits. It becomes a part of the address that we send to. */
export const META_ID = /^\d{1,32}$/;

/** A name that an operator gives an app or a portfolio. */
export const OWNER_NAME = /^[\w.:-]{1,64}$/;
