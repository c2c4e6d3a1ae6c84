import http from 'k6/http';
import exec from 'k6/execution';
import { baseUrls, operatorHeaders, operatorsUrl } from './settings.js';
import { contradictions, duplicates, issued, refused, unexpected } from './metrics.js';

// Most answers of a sale are refusals: only unexpected answers count as failed.
http.setResponseCallback(http.expectedStatuses(200, 201, 202, 204, 404, 409));

// Built once and not for each request: k6 shares the machine with the service, so its CPU time is missing there.
const press = { headers: { 'Content-Type': 'application/json' }, tags: { name: 'issue' } };
const rules = Object.fromEntries(['sold-out', 'already-issued'].map((code) => [code, { code }]));
const buttons = {};

/** Creates a coupon that is open immediately, and returns its figures for the scenario. */
export function createCoupon(stock, title) {
  const headers = { ...press.headers, ...operatorHeaders };
  const answer = http.post(`${operatorsUrl}/coupons`, JSON.stringify({ title, totalQuantity: stock }), { headers });
  if (answer.status !== 201) exec.test.abort(`the coupon cannot be created: ${answer.status} ${answer.body}`);
  return { id: answer.json('id'), stock, loadedFrom: Date.now() };
}

// __VU and not exec.vu: k6/execution builds its objects anew at each access.
/** One press of the button; `turn` chooses the instance. Returns the place in the queue as `ordinal`, 0 where there is none. */
export function issue(coupon, userId, turn) {
  const urls = (buttons[coupon.id] ??= baseUrls.map((url) => `${url}/coupons/${coupon.id}/issuances`));
  const answer = http.post(urls[(__VU + turn) % urls.length], `{"userId":${userId}}`, press);
  const { status } = answer;
  const { code, ordinal = 0 } = status === 202 || status === 409 ? read(answer) : {};
  if (status === 202 && ordinal > 0) issued.add(1);
  else if (rules[code]) refused.add(1, rules[code]);
  else unexpected.add(1);
  return { status, code, ordinal };
}

/**
 * The body as an object, empty if it is none: the press is then counted as unexplained, where an exception would end the iteration uncounted.
 */
export function read(answer) {
  try {
    return answer.json() || {};
  } catch {
    return {};
  }
}

/**
 * Compares the answers to one user: at most one seat, always the same one, and a user with a seat is told so and nothing else. `seat` is the known
 * seat, 0 for none.
 */
export function checkSeat(seat, answer) {
  if (answer.status === 202 && seat > 0) duplicates.add(1);
  else if (seat > 0 && rules[answer.code] && !(answer.code === 'already-issued' && answer.ordinal === seat)) contradictions.add(1);
  return answer.ordinal || seat;
}

/**
 * How often a user presses where users arrive at a rate: once, and every twentieth user twice, since only a second answer can contradict the first.
 * The rate counts users; there are a twentieth more presses.
 */
export const pressesOf = (userId) => (userId % 20 === 0 ? 2 : 1);

/** All presses of one user, one right after the other. No other client presses for this user, so every seat of the user was answered here. */
export function pressRepeatedly(coupon, userId, presses) {
  let seat = 0;
  for (let turn = 0; turn < presses; turn++) {
    const answer = issue(coupon, userId, turn);
    if (seat === 0 && answer.code === 'already-issued') contradictions.add(1);
    seat = checkSeat(seat, answer);
  }
}
