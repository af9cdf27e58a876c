/** The database's user may not do what the reader of reports needs; the sentence says what an administrator has to. */
export class ReaderNotGrantedError extends Error {
  readonly code = 'reader_not_granted';
}
