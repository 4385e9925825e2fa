package io.pushgate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class CloserTest {
    private final List<String> closed = new ArrayList<>();
    private final Closer closer = new Closer();

    @Test
    void closesInReverseOrderAndOnce() {
        closer.add(() -> closed.add("first"));
        closer.add(() -> closed.add("second"));

        closer.close();
        closer.close();

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void closesTheRestAfterAFailureAndTellsAll() {
        closer.add(() -> closed.add("first"));
        closer.add(
                () -> {
                    throw new IOException("one");
                });
        closer.add(() -> closed.add("third"));
        closer.add(
                () -> {
                    throw new IllegalArgumentException("two");
                });

        Throwable thrown = catchThrowable(closer::close);

        assertThat(closed).containsExactly("third", "first");
        assertThat(thrown).isInstanceOf(IllegalStateException.class);
        assertThat(thrown.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("two", "one");
    }

    @Test
    void anInterruptIsKept() {
        closer.add(
                () -> {
                    throw new InterruptedException();
                });

        assertThat(catchThrowable(closer::close)).isNotNull();
        assertThat(Thread.interrupted()).isTrue();
    }
}
