import http from 'k6/http';
import { sleep } from 'k6';
import { baseUrls } from './settings.js';
import { loadSeconds, unbalanced } from './metrics.js';

const patienceSeconds = 60;
const pauseSeconds = 0.2;

/** Waits until nothing is on its way any more, then demands that every coupon of the total is accounted for. A threshold fails the run otherwise. */
export function settle(coupon) {
  loadSeconds.add((Date.now() - coupon.loadedFrom) / 1000);
  let balance;
  for (let waited = 0; waited < patienceSeconds; waited += pauseSeconds) {
    balance = http.get(`${baseUrls[0]}/coupons/${coupon.id}/balance`, { tags: { name: 'balance' } }).json();
    if (isSettled(balance)) break;
    sleep(pauseSeconds);
  }

  const good = isSettled(balance) && balance.addsUp && balance.missingCount === 0 && balance.aheadOfRedis === 0 && balance.total === coupon.stock;
  unbalanced.add(good ? 0 : 1);
  console.log(`${good ? 'the books balance' : 'THE BOOKS DO NOT BALANCE'}: ${JSON.stringify(balance)}`);
}

function isSettled(balance) {
  const sum = balance.remaining + balance.outbox + balance.inKafka + balance.persisted + balance.openDeadLetters + balance.voided;
  return balance.outbox === 0 && balance.inKafka === 0 && sum === balance.total;
}
