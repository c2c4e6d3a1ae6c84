import http from 'k6/http';
import exec from 'k6/execution';
import { baseUrls } from './settings.js';
import { contradictions, duplicates, issueDuration, issued, refused, unexpected } from './metrics.js';

// Refusals are what a sale is made of: only what nobody expects counts as failed.
http.setResponseCallback(http.expectedStatuses(200, 201, 202, 204, 404, 409));

const json = { headers: { 'Content-Type': 'application/json' } };
const rules = ['sold-out', 'already-issued', 'not-open-yet', 'closed'];

/** Creates a coupon that is open at once, and returns what the scenario needs to know of it. */
export function createCoupon(stock, title) {
  const answer = http.post(`${baseUrls[0]}/coupons`, JSON.stringify({ title, totalQuantity: stock }), json);
  if (answer.status !== 201) exec.test.abort(`the coupon cannot be created: ${answer.status} ${answer.body}`);
  return { id: answer.json('id'), stock };
}

/** One press of the button; `press` counts the presses of this user from 0. Returns the place in the queue, 0 where there is none. */
export function issue(coupon, userId, press) {
  const url = baseUrls[(exec.vu.idInTest + press) % baseUrls.length];
  const answer = http.post(`${url}/coupons/${coupon.id}/issuances`, `{"userId":${userId}}`, { ...json, tags: { name: 'issue' } });
  issueDuration.add(answer.timings.duration);

  const body = answer.status === 202 || answer.status === 409 ? answer.json() : {};
  const explained = answer.status === 202 || rules.includes(body.code);
  unexpected.add(!explained);
  if (answer.status === 202) issued.add(1);
  else if (explained) refused.add(1, { code: body.code });
  return { status: answer.status, code: body.code, ordinal: body.ordinal || 0 };
}

/** All presses of one user, right after each other, checked against each other: at most one seat, and always the same one. */
export function pressRepeatedly(coupon, userId, presses) {
  let seat = 0;
  for (let press = 0; press < presses; press++) {
    const answer = issue(coupon, userId, press);
    if (answer.status === 202) {
      if (seat > 0) duplicates.add(1);
      seat = answer.ordinal;
    } else if (answer.code === 'already-issued' && seat > 0 && answer.ordinal !== seat) {
      contradictions.add(1);
    }
  }
  return seat;
}
