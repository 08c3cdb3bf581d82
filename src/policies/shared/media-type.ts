/** Media types as policies tell them apart (set-body's page: application/json, text/json, +json and the same for XML). */

/** Type and subtype in lower case, without parameters. */
export function mediaType(contentType: string): string {
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

export function isJsonType(contentType: string): boolean {
  return /^(?:application|text)\/json$|\+json$/.test(mediaType(contentType));
}

export function isXmlType(contentType: string): boolean {
  return /^(?:application|text)\/xml$|\+xml$/.test(mediaType(contentType));
}
