package io.pushgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.Executors;
import java.util.stream.IntStream;

class AccountTest {
    private final Account account = new Account(10, 2);

    @Test
    void countsEachMessageOnce() {
        account.published(0);
        account.published(1);
        assertThat(account.received(0, 0, 1, 100)).isTrue();
        assertThat(account.received(0, 0, 1, 101)).isFalse();
        assertThat(account.delivered()).isEqualTo(1);
        assertThat(account.doubled()).isEqualTo(1);
        assertThat(account.outOfOrder()).isZero();
        assertThat(account.receivedAt(0)).isEqualTo(100);
        assertThat(account.missing()).isEqualTo(1);
    }

    @Test
    void orderIsPerDeviceAndGapsAreNoDisorder() {
        account.received(0, 0, 1, 100);
        account.received(1, 1, 5, 100);
        account.received(0, 2, 3, 100);
        assertThat(account.outOfOrder()).isZero();
        account.received(0, 3, 2, 100);
        assertThat(account.outOfOrder()).isEqualTo(1);
        account.received(0, 4, 4, 100);
        assertThat(account.outOfOrder()).isEqualTo(1);
    }

    @Test
    void onlyWhatKafkaConfirmedCanBeLost() {
        account.publishFailed();
        account.published(3);
        account.received(0, 4, 1, 100);
        assertThat(account.missing()).isEqualTo(1);
        assertThat(account.published()).isEqualTo(2);
        assertThat(account.answered()).isEqualTo(2);
        assertThat(account.publishErrors()).isEqualTo(1);
    }

    @Test
    void aReceiptThatComesAgainCountsOnce() {
        account.acked(7);
        account.acked(7);
        account.otherReceipt();
        account.unexpected();
        assertThat(account.acked()).isEqualTo(1);
        assertThat(account.otherReceipts()).isEqualTo(1);
        assertThat(account.unexpectedCount()).isEqualTo(1);
    }

    @Test
    void manyThreadsBookAtOnce() {
        int messages = 20_000;
        Account shared = new Account(messages, 4);
        try (var pool = Executors.newFixedThreadPool(4)) {
            IntStream.range(0, 4)
                    .forEach(
                            device ->
                                    pool.execute(
                                            () -> {
                                                for (int i = 0; i < messages; i++) {
                                                    shared.published(i);
                                                    shared.acked(i);
                                                    if (i % 4 == device) {
                                                        shared.received(device, i, i + 1, 1);
                                                    }
                                                }
                                            }));
        }
        assertThat(shared.confirmed()).isEqualTo(messages);
        assertThat(shared.acked()).isEqualTo(messages);
        assertThat(shared.delivered()).isEqualTo(messages);
        assertThat(shared.missing()).isZero();
        assertThat(shared.outOfOrder()).isZero();
    }
}
