package io.pushgate.console.api;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What happened to a message on its way to one device, as far as it is known.
 *
 * @param state {@code scheduled}, {@code waiting}, {@code delivered}, {@code unknown}, or the
 *     status of a final receipt
 * @param why in words, where the device does not have it
 * @param at when it came to this state, epoch milliseconds
 * @param attempt redeliveries so far, null for none
 * @param position its place in the inbox
 * @param inferred true where no receipt says so: it left the inbox and nothing says otherwise
 * @param steps the oldest first
 */
record Timeline(
        String device,
        String state,
        @Nullable String why,
        @Nullable Long at,
        @Nullable Integer attempt,
        @Nullable String position,
        @Nullable Boolean inferred,
        List<Step> steps) {
    /**
     * One thing that happened.
     *
     * @param at epoch milliseconds, null where it is not known when
     * @param node whose work it was, where it is known
     */
    record Step(@Nullable Long at, String step, @Nullable String node, @Nullable String detail) {}
}
