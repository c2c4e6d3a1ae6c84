// Users arrive at a constant rate, whatever the service does: a slow server cannot slow the load and flatter itself.
import { constantArrivals, pressOnArrival } from './lib/arrivals.js';
import { settle } from './lib/books.js';
import { pressesOf } from './lib/coupon.js';
import { summarize } from './lib/summary.js';

export const { options, setup } = constantArrivals('k6: open model', { rate: 1000, stock: 10000, time: '20s' });

export default (coupon) => pressOnArrival(coupon, pressesOf);

export const teardown = settle;
export const handleSummary = summarize('open-model');
