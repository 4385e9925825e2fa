package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.testkit.Orders;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Dictionaries for tests, trained from orders; another seed gives another dictionary. */
final class Trained {
    /** Where zstd's format has the id, after the magic number. */
    private static final int ID_AT = 4;

    private static final Map<Long, TrainedDictionary> trained = new ConcurrentHashMap<>();

    private Trained() {}

    static Dictionary dictionary(long seed) {
        return trained(seed).dictionary();
    }

    static TrainedDictionary trained(long seed) {
        return trained.computeIfAbsent(seed, Trained::train);
    }

    private static TrainedDictionary train(long seed) {
        Orders orders = new Orders(seed);
        List<byte[]> samples = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            samples.add(orders.next());
        }
        if (DictionaryTrainer.train(samples) instanceof Training.Trained done) {
            return done.dictionary();
        }
        throw new AssertionError("orders have nothing in common");
    }

    /** One with an id of its own, without the time that training takes. */
    static TrainedDictionary variant(int number) {
        TrainedDictionary model = trained(1);
        byte[] bytes = model.dictionary().bytes().clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(ID_AT, 100_000 + number);
        try {
            return new TrainedDictionary(new Dictionary(bytes), model.samples(), model.trial());
        } catch (InvalidInputException e) {
            throw new AssertionError(e);
        }
    }
}
