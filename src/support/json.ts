/** What JSON can say. It arrives as it was sent, in another thread and in another process. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };
