import { Counter, Gauge } from 'k6/metrics';

/** 202: a seat was given. More of these than the stock is an oversell. */
export const issued = new Counter('coupon_issued');

/** A user who was given a second seat. */
export const duplicates = new Counter('coupon_duplicates');

/** An "already issued" that names another place than an earlier answer did. */
export const contradictions = new Counter('coupon_contradictions');

/** Refusals that the rules of a sale explain: sold out, already issued, not open yet, closed. */
export const refused = new Counter('coupon_refused');

/** Anything else: 5xx, no answer, a body without a code. */
export const unexpected = new Counter('coupon_unexpected');

/** Whether the books were off after the load: 1 when anything of the balance did not add up. */
export const unbalanced = new Counter('coupon_unbalanced');

/** From the end of the setup to the start of the teardown, in seconds: k6's own rates count both, and so the wait for the books. */
export const loadSeconds = new Gauge('coupon_load_seconds');

/** k6's own duration of the requests that press the button: a metric of ours would cost each of them once more. */
export const issueDuration = 'http_req_duration{name:issue}';
