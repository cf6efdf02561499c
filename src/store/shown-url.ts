/**
 * A store's URL as people may see it, in messages and answers: without its password.
 * @example shownUrl("postgres://ann:secret@db/chips"); // "postgres://ann:***@db/chips"
 */
export function shownUrl(url: string): string {
  return url.replace(/(\/\/[^/:@?]*):[^/@]*@/, "$1:***@").replace(/([?&]password=)[^&]*/gi, "$1***");
}
