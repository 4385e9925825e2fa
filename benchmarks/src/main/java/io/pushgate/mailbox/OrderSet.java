package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.testkit.Orders;

import java.util.ArrayList;
import java.util.List;

/** Orders to measure with, and a dictionary that has seen none of them. */
final class OrderSet {
    private static final long TRAINED = 1;
    private static final long MEASURED = 2;
    private static final int TRAINED_ORDERS = 2_000;
    private static final int MEASURED_ORDERS = 512;

    private OrderSet() {}

    /** Training takes seconds, so it is done once, when it is needed first. */
    private static final class Trained {
        static final Dictionary DICTIONARY = train();
    }

    /** Orders of about so many bytes, the same each time. */
    static byte[][] measured(int bytes) {
        Orders orders = new Orders(MEASURED);
        byte[][] all = new byte[MEASURED_ORDERS][];
        for (int i = 0; i < all.length; i++) {
            all[i] = orders.next(bytes);
        }
        return all;
    }

    /** Trained from other orders, of all sizes, by the trainer of {@code dictionary train}. */
    static Dictionary dictionary() {
        return Trained.DICTIONARY;
    }

    private static Dictionary train() {
        Orders orders = new Orders(TRAINED);
        List<byte[]> samples = new ArrayList<>();
        for (int i = 0; i < TRAINED_ORDERS; i++) {
            samples.add(orders.next());
        }
        try {
            return DictionaryTrainer.learn(samples);
        } catch (InvalidInputException e) {
            throw new IllegalStateException("orders have nothing in common", e);
        }
    }
}
