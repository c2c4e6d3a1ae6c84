// The typical flash sale: 200 clients, each for 50 users one after the other, with three rapid presses a user.
import { createCoupon, pressRepeatedly } from './lib/coupon.js';
import { balanceBooks } from './lib/books.js';
import { size } from './lib/settings.js';
import { exactly, promises } from './lib/thresholds.js';
import { summarize, summaryTrendStats as stats } from './lib/summary.js';

const clients = size('CLIENTS', 200);
const usersPerClient = size('USERS_PER_CLIENT', 50);
const presses = size('PRESSES', 3);
const stock = size('STOCK', 1000);

export const options = {
  scenarios: { sale: { executor: 'per-vu-iterations', vus: clients, iterations: usersPerClient, maxDuration: '5m' } },
  thresholds: { ...promises(stock, 500), ...exactly(Math.min(stock, clients * usersPerClient)) },
  summaryTrendStats: stats,
};

export const setup = () => createCoupon(stock, 'k6: flash sale');

export default function (coupon) {
  pressRepeatedly(coupon, (__VU - 1) * usersPerClient + __ITER + 1, presses);
}

export const teardown = balanceBooks;
export const handleSummary = summarize('flash-sale');
