/** Printable ASCII; no fragment, and nothing that a URL parser takes for the start of a host. */
export const HTTP_PATH_PATTERN = /^\/(?!\/)[!"$-[\]-~]*$/;

/** Whether a request may ask for this path: it begins with one `/` and has no blank, `\` or `#`. */
export function isHttpPath(text: string): boolean {
  return HTTP_PATH_PATTERN.test(text);
}
