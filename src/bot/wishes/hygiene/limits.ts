/** Of a query in UTF-8; the server drops what is above 256 [soulfind]. */
export const MAX_QUERY_BYTES = 250;
