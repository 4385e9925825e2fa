package io.pushgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // it leaks on purpose
class LeakCheckTest {
    private final LeakCheck check = new LeakCheck();

    @BeforeEach
    void listen() {
        check.listen();
    }

    @AfterEach
    void stop() {
        check.stopListening();
    }

    @Test
    void aLostBufferIsReported() throws InterruptedException {
        ByteBufAllocator.DEFAULT.buffer(16).writeInt(1);
        assertThat(check.leaks()).singleElement().asString().contains("LEAK");
    }

    @Test
    void aReleasedBufferIsNot() throws InterruptedException {
        ByteBufAllocator.DEFAULT.buffer(16).writeInt(1).release();
        assertThat(check.leaks()).isEmpty();
    }
}
