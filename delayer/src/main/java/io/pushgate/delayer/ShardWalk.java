package io.pushgate.delayer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Visits shards in random order, several at a time, so that the calls of one walk are pipelined and
 * several delayers rarely meet at a shard.
 */
final class ShardWalk implements AutoCloseable {
    /** What is done at a shard, on a virtual thread; may block. */
    interface Visit {
        void at(int shard) throws InterruptedException, ExecutionException;
    }

    /** Which of some shards have something to be done, asked in one go; may block. */
    interface Peek {
        Collection<Integer> busy(List<Integer> shards)
                throws InterruptedException, ExecutionException;
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
     * Visits each shard that is {@code wanted} and busy once and returns when all visits ended; one
     * walk at a time. Where not all could be asked, each that is wanted is visited.
     *
     * @return the shards whose visit failed
     */
    List<Integer> walk(IntPredicate wanted, Peek peek, Visit visit) throws InterruptedException {
        List<Integer> asked = IntStream.range(0, shards).filter(wanted).boxed().toList();
        List<Integer> order = new ArrayList<>(busy(asked, peek));
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
        report(asked.size(), failed.size());
        return List.copyOf(failed);
    }

    private Collection<Integer> busy(List<Integer> asked, Peek peek) throws InterruptedException {
        try {
            return peek.busy(asked);
        } catch (ExecutionException e) {
            log.debug("{}: not all shards could be asked", name, e);
            return asked;
        }
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
