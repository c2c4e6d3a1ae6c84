import http from 'k6/http';
import exec from 'k6/execution';
import { baseUrls } from './settings.js';
import { contradictions, duplicates, issued, refused, unexpected } from './metrics.js';

// Refusals are what a sale is made of: only what nobody expects counts as failed.
http.setResponseCallback(http.expectedStatuses(200, 201, 202, 204, 404, 409));

// Made once, not for each request: k6 shares its machine with what it measures, so what it spends is missing there.
const press = { headers: { 'Content-Type': 'application/json' }, tags: { name: 'issue' } };
const rules = Object.fromEntries(['sold-out', 'already-issued'].map((code) => [code, { code }]));
const buttons = {};

/** Creates a coupon that is open at once, and returns what the scenario needs to know of it. */
export function createCoupon(stock, title) {
  const answer = http.post(`${baseUrls[0]}/coupons`, JSON.stringify({ title, totalQuantity: stock }), { headers: press.headers });
  if (answer.status !== 201) exec.test.abort(`the coupon cannot be created: ${answer.status} ${answer.body}`);
  return { id: answer.json('id'), stock, loadedFrom: Date.now() };
}

// __VU and not exec.vu: what k6/execution gives is made anew each time it is asked for.
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
 * The body as an object; an empty one where it is none, so that the press is counted as unexplained: an exception would end the iteration uncounted.
 */
export function read(answer) {
  try {
    return answer.json() || {};
  } catch {
    return {};
  }
}

/**
 * Holds the answers to one user against each other: at most one seat, always the same one, and whoever has it is told so and nothing else. `seat`
 * is what is
 * known so far, 0 for nothing.
 */
export function checkSeat(seat, answer) {
  if (answer.status === 202 && seat > 0) duplicates.add(1);
  else if (seat > 0 && rules[answer.code] && !(answer.code === 'already-issued' && answer.ordinal === seat)) contradictions.add(1);
  return answer.ordinal || seat;
}

/**
 * How often somebody presses where users arrive at a rate: once, and every twentieth twice, since only a second answer can contradict the first.
 * The rate
 * still counts users, who are a twentieth more presses.
 */
export const pressesOf = (userId) => (userId % 20 === 0 ? 2 : 1);

/** All presses of one user, right after each other. Nobody else presses for them, so they cannot have a seat that they have not heard of. */
export function pressRepeatedly(coupon, userId, presses) {
  let seat = 0;
  for (let turn = 0; turn < presses; turn++) {
    const answer = issue(coupon, userId, turn);
    if (seat === 0 && answer.code === 'already-issued') contradictions.add(1);
    seat = checkSeat(seat, answer);
  }
}
