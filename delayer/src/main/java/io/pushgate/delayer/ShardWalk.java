package io.pushgate.delayer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntPredicate;

/**
 * Visits shards in random order, several at a time, so that the calls of one walk are pipelined and
 * several delayers rarely meet at a shard.
 */
final class ShardWalk implements AutoCloseable {
    /** What is done at a shard, on a virtual thread; may block. */
    interface Visit {
        void at(int shard) throws InterruptedException, ExecutionException;
    }

    private static final Logger log = LoggerFactory.getLogger(ShardWalk.class);

    private final String name;
    private final int shards;
    private final int concurrency;
    private final ExecutorService visitors =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("shard-visit-", 0).factory());

    private volatile boolean stopped;
    private boolean failing;

    /**
     * @param name what is walked for, a word for the log
     */
    ShardWalk(String name, int shards, int concurrency) {
        this.name = name;
        this.shards = shards;
        this.concurrency = concurrency;
    }

    /**
     * Visits each shard that is {@code wanted} once and returns when all visits ended; one walk at
     * a time.
     *
     * @return the shards whose visit failed
     */
    List<Integer> walk(IntPredicate wanted, Visit visit) throws InterruptedException {
        List<Integer> order = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            if (wanted.test(shard)) {
                order.add(shard);
            }
        }
        Collections.shuffle(order);
        ConcurrentLinkedQueue<Integer> failed = new ConcurrentLinkedQueue<>();
        Semaphore room = new Semaphore(concurrency);
        for (int shard : order) {
            room.acquire();
            if (stopped) {
                room.release();
                break;
            }
            visitors.execute(
                    () -> {
                        try {
                            visit.at(shard);
                        } catch (ExecutionException e) {
                            failed.add(shard);
                            log.debug("{}: shard {} not visited", name, shard, e);
                        } catch (InterruptedException e) {
                            failed.add(shard);
                        } finally {
                            room.release();
                        }
                    });
        }
        room.acquire(concurrency);
        report(order.size(), failed.size());
        return List.copyOf(failed);
    }

    /** One line when it begins to fail and one when it is over: an outage is hundreds of walks. */
    private void report(int visited, int failed) {
        if (failed > 0 && !failing) {
            log.warn("{}: {} of {} shards not visited, trying again", name, failed, visited);
        } else if (failed == 0 && failing && visited > 0) {
            log.info("{}: shards are visited again", name);
        }
        failing = failed > 0 || (failing && visited == 0);
    }

    /** Begins no other visit; any thread. */
    void stop() {
        stopped = true;
    }

    /** Interrupts the visits under way; any thread. */
    @Override
    public void close() {
        stopped = true;
        visitors.shutdownNow();
    }
}
