// Few users, everybody at once: all clients press for the same handful of people, so nearly every request is a duplicate of one on its way.
import exec from 'k6/execution';
import { checkSeat, createCoupon, issue } from './lib/coupon.js';
import { settle } from './lib/books.js';
import { size } from './lib/settings.js';
import { exactly, promises } from './lib/thresholds.js';
import { summarize, summaryTrendStats as stats } from './lib/summary.js';

const users = size('USERS', 50);
const clients = size('CLIENTS', 200);
const presses = size('PRESSES', 20000);
const stock = size('STOCK', 1000);

// More seats than users: whoever gets two is seen in the count, since nobody is ever refused for want of stock.
export const options = {
  scenarios: { storm: { executor: 'shared-iterations', vus: clients, iterations: presses, maxDuration: '5m' } },
  thresholds: { ...promises(stock, 500), ...exactly(Math.min(users, stock)) },
  summaryTrendStats: stats,
};

export const setup = () => createCoupon(stock, 'k6: duplicate storm');

// What this client has heard of each user so far: every later answer must say the same.
const seats = {};

export default function (coupon) {
  const press = exec.scenario.iterationInTest;
  const userId = (press % users) + 1;

  // By rounds through all users, not by presses: with an even number of users, one client would ask about each of them at always the same instance.
  seats[userId] = checkSeat(seats[userId] || 0, issue(coupon, userId, Math.floor(press / users)));
}

export const teardown = settle;
export const handleSummary = summarize('duplicate-storm');
