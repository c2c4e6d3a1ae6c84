// What can be set from outside. Sizes have the defaults of each scenario; every one can be overridden: STOCK=5000 infra/load flash-sale

/** The instances of the API, separated by commas; the requests of a user go to them in turn. */
export const baseUrls = (__ENV.BASE_URL || 'http://127.0.0.1:8080').split(',').map((url) => url.replace(/\/+$/, ''));

/** A whole number from the environment. */
export function size(name, fallback) {
  const text = __ENV[name];
  if (text === undefined || text === '') return fallback;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} must be a positive whole number, not '${text}'`);
  return number;
}

/** A duration in k6's own notation, as in 30s or 2m. */
export function duration(name, fallback) {
  return __ENV[name] || fallback;
}
