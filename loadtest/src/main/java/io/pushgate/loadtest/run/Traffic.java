package io.pushgate.loadtest.run;

import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.ReceiptReader;
import io.pushgate.loadtest.control.Plan;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;
import java.util.function.BooleanSupplier;

/** The run's end at Kafka: what it publishes, and the receipts. Nothing, where it only holds. */
final class Traffic implements AutoCloseable {
    private final Plan plan;
    private final @Nullable ReceiptLedger receipts;
    private final @Nullable ReceiptReader reader;
    private final @Nullable Publisher publisher;

    /**
     * @throws LoadTestException if Kafka can't be reached or lacks a topic
     */
    Traffic(RunConfig config, Plan plan) throws LoadTestException {
        this.plan = plan;
        boolean publishes = plan.messages() > 0;
        ReceiptLedger ledger = publishes && config.receipts() ? new ReceiptLedger(plan) : null;
        receipts = ledger;
        publisher = publishes ? new Publisher(config, plan) : null;
        try {
            RunConfig.Target target = config.target();
            reader =
                    ledger == null
                            ? null
                            : new ReceiptReader(
                                    target.kafkaBootstrap(),
                                    target.kafkaProperties(),
                                    ledger::book);
        } catch (LoadTestException e) {
            if (publisher != null) {
                publisher.close();
            }
            throw e;
        }
    }

    /** See {@link Publisher#publish}. */
    void publish(long start, BooleanSupplier goOn) throws InterruptedException {
        if (publisher != null) {
            publisher.publish(start, goOn);
        }
    }

    /** Whether Kafka has answered for every message, and all receipts are in. */
    boolean isAnswered() {
        return confirmed() + errors() >= plan.messages()
                && (receipts == null || receipts.ended() >= expected());
    }

    /** Messages that Kafka has. */
    long confirmed() {
        return publisher == null ? 0 : publisher.confirmed();
    }

    /** Deliveries that these make. */
    long expected() {
        return publisher == null ? 0 : publisher.expected();
    }

    long errors() {
        return publisher == null ? 0 : publisher.errors();
    }

    /** Empty for none. */
    String lastError() {
        return publisher == null ? "" : publisher.lastError();
    }

    BitSet confirmedMessages() {
        return publisher == null ? new BitSet() : publisher.confirmedMessages();
    }

    /** Null where none are asked for. */
    @Nullable ReceiptLedger receipts() {
        return receipts;
    }

    /** Deliveries with a final receipt. */
    long receiptsEnded() {
        return receipts == null ? 0 : receipts.ended();
    }

    @Override
    public void close() {
        if (publisher != null) {
            publisher.close();
        }
        if (reader != null) {
            reader.close();
        }
    }
}
