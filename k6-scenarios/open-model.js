// Users arrive at a constant rate, whatever the service does: a slow server cannot slow the load and flatter itself.
import exec from 'k6/execution';
import { createCoupon, pressRepeatedly } from './lib/coupon.js';
import { settle } from './lib/books.js';
import { duration, size } from './lib/settings.js';
import { nothingDropped, promises } from './lib/thresholds.js';
import { summarize, summaryTrendStats as stats } from './lib/summary.js';

const rate = size('RATE', 1000);
const stock = size('STOCK', 10000);

export const options = {
  scenarios: {
    arrivals: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: duration('DURATION', '20s'),
      preAllocatedVUs: size('CLIENTS', 300),
    },
  },
  thresholds: { ...promises(stock, 200), ...nothingDropped },
  summaryTrendStats: stats,
};

export const setup = () => createCoupon(stock, 'k6: open model');

export default function (coupon) {
  pressRepeatedly(coupon, exec.scenario.iterationInTest + 1, 1);
}

export const teardown = settle;
export const handleSummary = summarize('open-model');
