// The end of every sale: no seat is left and users keep pressing. The answers must be cheap and stay correct.
import exec from 'k6/execution';
import { checkSeat, createCoupon, issue } from './lib/coupon.js';
import { balanceBooks } from './lib/books.js';
import { size } from './lib/settings.js';
import { promises } from './lib/thresholds.js';
import { summarize, summaryTrendStats as stats } from './lib/summary.js';

const clients = size('CLIENTS', 200);
const presses = size('PRESSES', 50000);
const stock = size('STOCK', 10);

// The seats go to the first users in setup, which this count includes.
export const options = {
  scenarios: { tail: { executor: 'shared-iterations', vus: clients, iterations: presses, maxDuration: '5m' } },
  thresholds: { ...promises(stock, 200), 'coupon_refused{code:sold-out}': [`count==${presses}`] },
  summaryTrendStats: stats,
};

export function setup() {
  const coupon = createCoupon(stock, 'k6: sold out');
  const seats = [];
  for (let userId = 1; userId <= stock; userId++) seats.push(checkSeat(0, issue(coupon, userId, 0)));
  return { ...coupon, seats };
}

export default function (coupon) {
  const press = exec.scenario.iterationInTest;
  issue(coupon, stock + 1 + press, 0);

  // Beside the counted presses: a user with a seat must never be told that the coupon is sold out.
  if (press % 100 === 0) askHolder(coupon, press / 100);
}

function askHolder(coupon, turn) {
  const holder = turn % stock;
  checkSeat(coupon.seats[holder], issue(coupon, holder + 1, turn));
}

export const teardown = balanceBooks;
export const handleSummary = summarize('sold-out');
