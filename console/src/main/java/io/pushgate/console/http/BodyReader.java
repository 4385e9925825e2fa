package io.pushgate.console.http;

import io.pushgate.runtime.Deadline;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads a body whole: so many bytes at most, and all of them before a deadline, however slowly they
 * trickle.
 */
final class BodyReader {
    /** How many times the bound is read and thrown away before a client is cut off. */
    private static final int DRAINED = 4;

    private final int maxBytes;

    BodyReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    byte[] read(Request request, Deadline deadline) throws Problem, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long total = 0;
        if (request.getLength() > maxBytes && request.getHeaders().contains("Expect")) {
            throw tooLarge();
        }
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                await(request, deadline);
                continue;
            }
            if (Content.Chunk.isFailure(chunk)) {
                throw new Problem(ProblemType.BAD_HTTP, "the body could not be read")
                        .header("Connection", "close");
            }
            try {
                total += chunk.remaining();
                if (total <= maxBytes) {
                    byte[] bytes = new byte[chunk.remaining()];
                    chunk.getByteBuffer().get(bytes);
                    out.writeBytes(bytes);
                }
                // Who is cut off while sending may not see the answer, so a bit more is read.
                if (total > DRAINED * (long) maxBytes || (chunk.isLast() && total > maxBytes)) {
                    throw tooLarge();
                }
                if (chunk.isLast()) {
                    return out.toByteArray();
                }
            } finally {
                chunk.release();
            }
        }
    }

    private static void await(Request request, Deadline deadline)
            throws Problem, InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        request.demand(ready::countDown);
        if (!ready.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw new Problem(ProblemType.REQUEST_TIMEOUT, "the body did not arrive in time")
                    .header("Connection", "close");
        }
    }

    private Problem tooLarge() {
        return new Problem(ProblemType.TOO_LARGE, "a body may have %d bytes".formatted(maxBytes))
                .header("Connection", "close");
    }
}
