import http from 'k6/http';
import { sleep } from 'k6';
import { read } from './coupon.js';
import { operatorHeaders, operatorsUrl } from './settings.js';
import { loadSeconds, unbalanced } from './metrics.js';

// Below the minute after which k6 ends a teardown: a balance that does not add up must still be reported.
const patienceSeconds = 45;
const pauseSeconds = 0.2;

/**
 * Waits until every issuance has arrived, then requires that the balance adds up and that every seat became a row: a service that rejected every
 * message would balance too. A threshold fails the run otherwise.
 */
export function balanceBooks(coupon) {
  const began = Date.now();
  loadSeconds.add((began - coupon.loadedFrom) / 1000);
  let balance = readBalance(coupon);
  while (!isAtRest(balance) && Date.now() - began < patienceSeconds * 1000) {
    sleep(pauseSeconds);
    balance = readBalance(coupon);
  }

  const complete = balance.addsUp && balance.missingCount === 0 && balance.aheadOfRedis === 0 && balance.total === coupon.stock;
  const good = isAtRest(balance) && complete && balance.openDeadLetters + balance.voided === 0;
  unbalanced.add(good ? 0 : 1);
  console.log(`${good ? 'the books balance' : 'THE BOOKS DO NOT BALANCE'}: ${JSON.stringify(balance)}`);
}

// Undefined if there is no answer or no balance in it: then this waits on.
function readBalance(coupon) {
  const answer = http.get(`${operatorsUrl}/coupons/${coupon.id}/balance`, { headers: operatorHeaders, tags: { name: 'balance' }, timeout: '5s' });
  return answer.status === 200 ? read(answer) : {};
}

function isAtRest(balance) {
  const sum = balance.remaining + balance.outbox + balance.inKafka + balance.persisted + balance.openDeadLetters + balance.voided;
  return balance.outbox === 0 && balance.inKafka === 0 && sum === balance.total;
}
