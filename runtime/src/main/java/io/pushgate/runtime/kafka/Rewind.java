package io.pushgate.runtime.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A handler's wish to read again, handed to the poll thread.
 *
 * @param done opens when the partitions stand where they are to be read again
 */
record Rewind(Duration back, CountDownLatch done) {
    static Rewind by(Duration back) {
        return new Rewind(back, new CountDownLatch(1));
    }
}
