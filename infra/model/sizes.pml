/* Numbers, sets of seats, and short names. A seat is a user and an ordinal: a bit of a 12-bit set, so that a users hash, an outbox, a topic or a table is one number. */

#define TOTAL 2
#define USERS 3
#define ORDINALS 4
#ifndef PRESSES_MAX
#define PRESSES_MAX 3
#endif
#ifndef VERIFICATIONS
#define VERIFICATIONS 2
#endif

#define A 0
#define B 1

#define ALL 4095
#define SEAT(u, n) (1 << (((u) << 2) + (n) - 1))
#define OF_USER(u) (15 << ((u) << 2))
#define OF_ORDINAL(n) (273 << ((n) - 1))
#define LOWEST(m) ((m) & (-(m)))
#define BITS(x) (((x) & 1) + (((x) >> 1) & 1) + (((x) >> 2) & 1) + (((x) >> 3) & 1))
#define COUNT(m) (BITS((m) & 15) + BITS(((m) >> 4) & 15) + BITS(((m) >> 8) & 15))
#define ORDINALS_OF(m) (((m) | ((m) >> 4) | ((m) >> 8)) & 15)
#define HIGHEST(x) (((x) & 8) -> 4 : (((x) & 4) -> 3 : (((x) & 2) -> 2 : ((x) & 1))))
#define FIRST(x) (((x) & 1) -> 1 : (((x) & 2) -> 2 : (((x) & 4) -> 3 : (((x) & 8) -> 4 : 0))))
#define ORDINAL_OF(m, u) FIRST(((m) >> ((u) << 2)) & 15)
#define UP_TO(n) ((1 << (n)) - 1)

mtype = { SOLD_OUT, ALREADY, ISSUED, NOT_VERIFIED, NOT_LOADED, NOSCRIPT, ASKED };
#define NONE 0

/* users press in the order of their numbers the first time: they are alike */
#define PRESSES(u) (presses < PRESSES_MAX && pressed[u] < 2 && (u == 0 || pressed[(u == 0 -> 0 : u - 1)] > 0))

#define RUNS(i) (alive[i] && !frozen[i])
#define REACHES_REDIS(i) (alive[i] && !frozen[i] && !cutRedis[i] && !stuck[conn[i]])
#define REACHES_REDIS_OR_STUCK(i) (alive[i] && !frozen[i] && !cutRedis[i])
#define REACHES_MYSQL(i) (alive[i] && !frozen[i] && !cutMySql[i])
#define REACHES_KAFKA(i) (alive[i] && !frozen[i] && !cutKafka[i])

/*
 * Enough time has passed for a verification to give an instance up. What an instance that runs and reaches Kafka has sent has arrived by then (what a dead one
 * had sent may come later). One that runs and reaches MySQL, or the Redis that is verified, has answered by then.
 */
#define PASSED(j, r, v) (!REACHES_MYSQL(j) && !(ASKED_BY_REDIS && REACHES_REDIS(j) && conn[j] == r && waits[r] == v) && (!REACHES_KAFKA(j) || !(mine[j] & ~topic)))

/* one call of the script at a time, unless two are asked for */
#ifdef TWO_CALLS
#define MAY_CALL(i) (call[i] == NONE)
#else
#define MAY_CALL(i) (call[i] == NONE && call[1 - (i)] == NONE)
#endif

/*
 * Who verifies: an instance; with THIRD, verifier 0 is a third instance that nobody presses at, so that it may freeze (HALT) while instance 0 is dead.
 */
#if THIRD
#define V_NAME(i) (i == 0 -> 2 : 1)
#define V_RUNS(i) (i == 0 -> !halted : RUNS(i))
#define V_CONN(i) (i == 0 -> promoted : conn[i])
#define V_KNOWN(i) (i == 0 -> 0 : known[i])
#define V_ENDED(i) (i == 0 -> 0 : ended[i])
#define V_REACHES_REDIS(i) (i == 0 -> (!halted && !stuck[promoted]) : REACHES_REDIS(i))
#define V_REACHES_MYSQL(i) (i == 0 -> !halted : REACHES_MYSQL(i))
#define V_REACHES_KAFKA(i) (i == 0 -> !halted : REACHES_KAFKA(i))
#else
#define V_NAME(i) i
#define V_RUNS(i) RUNS(i)
#define V_CONN(i) conn[i]
#define V_KNOWN(i) known[i]
#define V_ENDED(i) ended[i]
#define V_REACHES_REDIS(i) REACHES_REDIS(i)
#define V_REACHES_MYSQL(i) REACHES_MYSQL(i)
#define V_REACHES_KAFKA(i) REACHES_KAFKA(i)
#endif

/* the users hash that a verification concludes from: what it has read, not what is there by now */
#if FINE
#define HAD(i) had[i]
#else
#define HAD(i) held[on[i]]
#endif

/* the steps of a verification */
#define BEGUN 1
#define WAITING 2
#define OUTBOX_READ 3
#define ALL_READ 5
#define RECORDED 6
#ifdef NO_DIRECTION
#define FIRST_KAFKA 4
#define FIRST_MYSQL 3
#else
#define FIRST_KAFKA 3
#define FIRST_MYSQL 4
#endif

/* how often each fault may happen */
#ifndef CRASH
#define CRASH 0
#endif
#ifndef FREEZE
#define FREEZE 0
#endif
#ifndef CUT_REDIS
#define CUT_REDIS 0
#endif
#ifndef CUT_MYSQL
#define CUT_MYSQL 0
#endif
#ifndef CUT_KAFKA
#define CUT_KAFKA 0
#endif
#ifndef LOSE
#define LOSE 0
#endif
#ifndef FLUSH
#define FLUSH 0
#endif
#ifndef FAILOVER
#define FAILOVER 0
#endif
#ifndef FREEZE_REDIS
#define FREEZE_REDIS 0
#endif
#ifndef FLIP
#define FLIP 0
#endif
#ifndef DROP
#define DROP 0
#endif
#ifndef HAND
#define HAND 0
#endif
#ifndef ABORT
#define ABORT 0
#endif
#ifndef POISON
#define POISON 0
#endif
#ifndef REPLAY
#define REPLAY 0
#endif
#ifndef LOSE_MYSQL
#define LOSE_MYSQL 0
#endif
#ifndef CONSUMER
#define CONSUMER 0
#endif
#ifndef LATE
#define LATE 0
#endif
#ifndef ACK
#define ACK 0
#endif
#ifndef FINE
#define FINE 0
#endif
#ifndef THIRD
#define THIRD 0
#endif
#ifndef HALT
#define HALT 0
#endif
#ifndef VERIFIERS
#define VERIFIERS 2
#endif
#ifndef BALANCE
#define BALANCE 0
#endif
#ifndef CREATED
#define CREATED 0
#endif
#ifndef STARTS_WITHOUT_MYSQL
#define STARTS_WITHOUT_MYSQL 0
#endif
#ifndef STARTS_WITHOUT_KAFKA
#define STARTS_WITHOUT_KAFKA 0
#endif
#ifndef STATUS
#define STATUS 0
#endif

#ifdef NO_EPOCH
#define STATUS_EPOCH(i) 1
#define FORGET_EPOCH(i) 1
#else
#ifdef NO_EPOCH_IN_STATUS
#define STATUS_EPOCH(i) 1
#else
#define STATUS_EPOCH(i) (verified[conn[i]] >= known[i])
#endif
#ifdef NO_EPOCH_IN_FORGETTING
#define FORGET_EPOCH(i) 1
#else
#define FORGET_EPOCH(i) (verified[conn[i]] >= known[i])
#endif
#endif
#ifdef NO_RECORD_FENCE
#define RECORD_FENCE 1
#else
#define RECORD_FENCE 0
#endif
#ifdef NO_CHAIN
#define NO_CHAIN_CHECKED 1
#else
#define NO_CHAIN_CHECKED 0
#endif
#ifdef NO_DEAD_LETTERS
#define DEAD_LETTER(m) 0
#else
#define DEAD_LETTER(m) (m)
#endif
#ifdef NO_MYSQL_FENCE
#define SEEN_BEHIND 0
#else
#define SEEN_BEHIND behind
#endif
#define UNSEEN(i) (SEEN_BEHIND && !repairs[i])
#ifdef NO_EPOCH_IN_BALANCE
#define BALANCE_SPEAKS(i) 1
#else
#define BALANCE_SPEAKS(i) (scripts[conn[i]] && verifying[conn[i]] == 0 && marker[conn[i]] >= completed)
#endif
#define SUMS_UP(r) (loaded[r] && issued[r] <= limit[r] && (((ORDINALS_OF(outbox[r] | unread | rows | dead)) | forgotten) & UP_TO(issued[r])) == UP_TO(issued[r]))
/* It may sell, but for a Redis that lost its verification when none is left: a limit of the model, as are servers that are away from the start. */
#define SELLS(i) (open[i] || !alive[i] || STARTS_WITHOUT_MYSQL || (epoch >= VERIFICATIONS && (!scripts[conn[i]] || marker[conn[i]] == 0 || verifying[conn[i]] > 0)))
