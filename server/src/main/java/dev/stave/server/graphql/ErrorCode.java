package dev.stave.server.graphql;

/** What {@code extensions.code} of an error says: the caller's next step depends on it alone. */
public enum ErrorCode {
  /** An argument (but a selector), a variable or the name of the operation means nothing here. */
  BAD_REQUEST,
  /** The text is not GraphQL. */
  GRAPHQL_PARSE_FAILED,
  /** It is GraphQL, but does not fit the schema. */
  GRAPHQL_VALIDATION_FAILED,
  /** The text is too long, or has too many tokens: {@link GraphQLOptions#maxCharacters}. */
  LIMIT_TEXT,
  /** Selections stand too deep inside each other: {@link GraphQLOptions#maxDepth}. */
  LIMIT_DEPTH,
  /** Too many fields are asked for, fragments resolved: {@link GraphQLOptions#maxFields}. */
  LIMIT_FIELDS,
  /** Pages of pages come to too much: {@link GraphQLOptions#maxComplexity}. */
  LIMIT_COMPLEXITY,
  /** A page is too large: {@link GraphQLOptions#maxPageSize}. */
  LIMIT_PAGE,
  /** Documents and values that are read come to too many bytes. */
  LIMIT_BYTES,
  /** A list in an argument is too long: {@link GraphQLOptions#maxListValues}. */
  LIMIT_LIST,
  /** It took too long, or read too much: {@link GraphQLOptions#timeMillis}. */
  TIMEOUT,
  /** A selector means nothing. */
  INVALID_SELECTOR,
  /** There is no such document or revision. */
  NOT_FOUND,
  /** The document has changed: read it again and retry. */
  STALE_REVISION,
  /** A schema or a validator of the database refuses the document. */
  REFUSED,
  /** Who asks may not. */
  FORBIDDEN,
  /** It writes, and came in a way that may only read: {@link GraphQLRequest#readOnly}. */
  READ_ONLY,
  /** There is no room, or the server stops: try again later. */
  UNAVAILABLE,
  /** A fault of the server. What it was stands in its log only. */
  INTERNAL;

  /** All that a client hears of an {@link #INTERNAL} failure. */
  public static final String INTERNAL_MESSAGE =
      "the server failed to answer this. Its log tells why";
}
