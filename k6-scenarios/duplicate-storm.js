// Many clients press for the same few users at once, so nearly every request duplicates one that is still running.
import exec from 'k6/execution';
import { checkSeat, createCoupon, issue } from './lib/coupon.js';
import { balanceBooks } from './lib/books.js';
import { size } from './lib/settings.js';
import { exactly, promises } from './lib/thresholds.js';
import { summarize, summaryTrendStats as stats } from './lib/summary.js';

const users = size('USERS', 50);
const clients = size('CLIENTS', 200);
const presses = size('PRESSES', 20000);
const stock = size('STOCK', 1000);

// More seats than users: the stock never runs out, so a second seat of a user shows in the count.
export const options = {
  scenarios: { storm: { executor: 'shared-iterations', vus: clients, iterations: presses, maxDuration: '5m' } },
  thresholds: { ...promises(stock, 500), ...exactly(Math.min(users, stock)) },
  summaryTrendStats: stats,
};

export const setup = () => createCoupon(stock, 'k6: duplicate storm');

// The first answer to each user in this client: every later answer must say the same.
const seats = {};

export default function (coupon) {
  const press = exec.scenario.iterationInTest;
  const userId = (press % users) + 1;

  // The instance changes with each round through all users, not with each press: with an even number of users, a client would always ask the same
  // instance about a user.
  seats[userId] = checkSeat(seats[userId] || 0, issue(coupon, userId, Math.floor(press / users)));
}

export const teardown = balanceBooks;
export const handleSummary = summarize('duplicate-storm');
