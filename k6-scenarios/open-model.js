// Users arrive at a constant rate, whatever the service does: a slow server cannot slow the load and flatter itself.
import exec from 'k6/execution';
import { createCoupon, pressesOf, pressRepeatedly } from './lib/coupon.js';
import { settle } from './lib/books.js';
import { duration, seconds, size } from './lib/settings.js';
import { everySeat, promises } from './lib/thresholds.js';
import { summarize, summaryTrendStats as stats } from './lib/summary.js';

const rate = size('RATE', 1000);
const stock = size('STOCK', 10000);
const time = duration('DURATION', '20s');

export const options = {
  scenarios: {
    arrivals: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: time,
      // As many as arrive in a second: a shorter silence is the business of the percentiles, and drops nobody.
      preAllocatedVUs: size('CLIENTS', rate),
    },
  },
  thresholds: { ...promises(stock, 200), ...everySeat(stock, rate * seconds(time)) },
  summaryTrendStats: stats,
};

export const setup = () => createCoupon(stock, 'k6: open model');

export default function (coupon) {
  const userId = exec.scenario.iterationInTest + 1;
  pressRepeatedly(coupon, userId, pressesOf(userId));
}

export const teardown = settle;
export const handleSummary = summarize('open-model');
