package io.pushgate.faults.proxy;

/** Sees the bytes of one direction of one connection, in order, on one thread. */
@FunctionalInterface
public interface Tap {
    Tap NONE = (_, _, _) -> {};

    void bytes(byte[] buffer, int offset, int length);
}
