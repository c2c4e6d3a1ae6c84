import http from 'k6/http';
import { sleep } from 'k6';
import { read } from './coupon.js';
import { baseUrls } from './settings.js';
import { loadSeconds, unbalanced } from './metrics.js';

// Below the minute after which k6 ends a teardown: what does not balance must still be said.
const patienceSeconds = 45;
const pauseSeconds = 0.2;

/**
 * Waits until nothing is on its way any more, then demands that every coupon of the total is accounted for, and that every seat became a row: a
 * service
 * that puts everything aside for an operator balances too. A threshold fails the run otherwise.
 */
export function settle(coupon) {
  const began = Date.now();
  loadSeconds.add((began - coupon.loadedFrom) / 1000);
  let balance = readBalance(coupon);
  while (!isSettled(balance) && Date.now() - began < patienceSeconds * 1000) {
    sleep(pauseSeconds);
    balance = readBalance(coupon);
  }

  const complete = balance.addsUp && balance.missingCount === 0 && balance.aheadOfRedis === 0 && balance.total === coupon.stock;
  const good = isSettled(balance) && complete && balance.openDeadLetters + balance.voided === 0;
  unbalanced.add(good ? 0 : 1);
  console.log(`${good ? 'the books balance' : 'THE BOOKS DO NOT BALANCE'}: ${JSON.stringify(balance)}`);
}

// Nothing, where there is no answer or no balance in it: that is not settled either.
function readBalance(coupon) {
  const answer = http.get(`${baseUrls[0]}/coupons/${coupon.id}/balance`, { tags: { name: 'balance' }, timeout: '5s' });
  return answer.status === 200 ? read(answer) : {};
}

function isSettled(balance) {
  const sum = balance.remaining + balance.outbox + balance.inKafka + balance.persisted + balance.openDeadLetters + balance.voided;
  return balance.outbox === 0 && balance.inKafka === 0 && sum === balance.total;
}
