// The settings from the environment. Sizes have defaults in each scenario; each can be overridden: STOCK=5000 infra/load flash-sale

/** The instances of the API, separated by commas; the requests of a user go to them in turn. */
export const baseUrls = (__ENV.BASE_URL || 'http://127.0.0.1:8080').split(',').map((url) => url.replace(/\/+$/, ''));

/** The operators' door of one instance, and the key to it. */
export const operatorsUrl = (__ENV.OPERATORS_URL || 'http://127.0.0.1:8081').replace(/\/+$/, '');
export const operatorHeaders = { 'X-Operator-Key': __ENV.OPERATOR_KEY || '' };

/** A whole number from the environment. */
export function size(name, fallback) {
  const text = __ENV[name];
  if (text === undefined || text === '') return fallback;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} must be a positive whole number, not '${text}'`);
  return number;
}

/** A duration from the environment, in whole seconds or minutes as k6 writes them: 30s, 2m. */
export function duration(name, fallback) {
  const text = __ENV[name] || fallback;
  if (!/^\d+[sm]$/.test(text)) throw new Error(`${name} must be whole seconds or minutes, such as 30s or 2m, not '${text}'`);
  return text;
}

/** The seconds of such a duration. */
export const seconds = (text) => parseInt(text, 10) * (text.endsWith('m') ? 60 : 1);
