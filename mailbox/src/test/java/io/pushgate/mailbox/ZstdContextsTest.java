package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.testkit.Orders;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class ZstdContextsTest {
    @Test
    void noMoreAreKeptThanThereMayBe() {
        ZstdContexts contexts = new ZstdContexts(2, 2);
        List<ZstdContexts.Context> taken = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            taken.add(contexts.take());
        }
        assertThat(taken).doesNotHaveDuplicates();
        assertThat(contexts.idle()).isZero();
        taken.forEach(contexts::giveBack);
        assertThat(contexts.idle()).isEqualTo(2);

        ZstdContexts.Context late = contexts.take();
        contexts.close();
        contexts.giveBack(late);
        assertThat(contexts.idle()).isZero();
    }

    @Test
    void virtualThreadsShareThemAndDictionariesDontMix() throws Exception {
        Dictionary[] dictionaries = {Trained.dictionary(1), Trained.dictionary(2)};
        try (PayloadCodec codec = new PayloadCodec(0);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 32; thread++) {
                int seed = thread;
                running.add(threads.submit(() -> roundTrips(codec, dictionaries, seed)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private static boolean roundTrips(PayloadCodec codec, Dictionary[] dictionaries, int seed)
            throws Exception {
        Orders orders = new Orders(seed);
        for (int i = 0; i < 50; i++) {
            int which = (seed + i) % 3;
            Dictionary dictionary = which == 2 ? null : dictionaries[which];
            byte[] order = orders.next();
            PayloadCodec.Stored stored = codec.encode(order, dictionary);
            assertThat(codec.decode(stored, dictionary)).isEqualTo(order);
        }
        return true;
    }
}
