// One request of each kind in ten seconds, to see that a deployment works: every endpoint that a client uses, and every refusal that it must handle.
import http from 'k6/http';
import { check, sleep } from 'k6';
import { checkSeat, createCoupon, issue, read } from './lib/coupon.js';
import { balanceBooks } from './lib/books.js';
import { baseUrls, size } from './lib/settings.js';
import { exactly, promises } from './lib/thresholds.js';
import { summarize, summaryTrendStats as stats } from './lib/summary.js';

const stock = size('STOCK', 2);

export const options = {
  vus: 1,
  iterations: 1,
  thresholds: { ...promises(stock, 2000), ...exactly(stock), checks: ['rate==1'] },
  summaryTrendStats: stats,
};

export const setup = () => createCoupon(stock, 'k6: smoke');

export default function (coupon) {
  for (const [index, url] of baseUrls.entries()) {
    check(http.get(`${url}/health/ready`), { [`instance ${index + 1} is ready`]: (answer) => answer.status === 200 });
  }

  const first = issue(coupon, 1, 0);
  const seat = checkSeat(0, first);
  check(first, { 'the first user is number 1': (answer) => answer.status === 202 && answer.ordinal === 1 });
  const again = issue(coupon, 1, 1);
  checkSeat(seat, again);
  check(again, { 'asking again names the same seat': (answer) => answer.code === 'already-issued' && answer.ordinal === 1 });
  for (let userId = 2; userId <= stock; userId++) issue(coupon, userId, 0);
  check(issue(coupon, stock + 1, 0), { 'then it is sold out': (answer) => answer.code === 'sold-out' });
  checkSeat(seat, issue(coupon, 1, 0));

  check(http.get(`${baseUrls[0]}/coupons/${coupon.id}`), { 'the coupon can be read': (answer) => answer.status === 200 });
  check(statusWhenWritten(coupon, 1), { 'the issuance is written': (status) => status === 'issued' });
  check(http.get(`${baseUrls[0]}/coupons/${coupon.id}/issuances/999999`), { 'who has none is told so': (answer) => answer.status === 404 });
}

function statusWhenWritten(coupon, userId) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { status } = read(http.get(`${baseUrls[0]}/coupons/${coupon.id}/issuances/${userId}`));
    if (status !== 'pending') return status;
    sleep(0.1);
  }
  return 'pending';
}

export const teardown = balanceBooks;
export const handleSummary = summarize('smoke');
