package io.pushgate.loadtest.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import java.util.List;

/**
 * A line of the control protocol; its {@code t} is the name of the record in lower case. A run, as
 * the coordinator (→) and an agent (←) tell it:
 *
 * <pre>
 * → hello        ← ready, or refused and the end of the connection
 * → ask          ← clock                       several times, for the difference of the clocks
 * → assign, tokens…, connect
 *                ← report                      each second from now on
 * → finish       ← result
 * </pre>
 *
 * The agent closes its connections when the coordinator's ends, however it ends. Times are
 * microseconds since 1970 by the clock of whoever sends them, unless said otherwise.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ControlMessage.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = ControlMessage.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = ControlMessage.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = ControlMessage.Ask.class, name = "ask"),
    @JsonSubTypes.Type(value = ControlMessage.Clock.class, name = "clock"),
    @JsonSubTypes.Type(value = ControlMessage.Assign.class, name = "assign"),
    @JsonSubTypes.Type(value = ControlMessage.Tokens.class, name = "tokens"),
    @JsonSubTypes.Type(value = ControlMessage.Connect.class, name = "connect"),
    @JsonSubTypes.Type(value = ControlMessage.Report.class, name = "report"),
    @JsonSubTypes.Type(value = ControlMessage.Finish.class, name = "finish"),
    @JsonSubTypes.Type(value = ControlMessage.Result.class, name = "result")
})
public sealed interface ControlMessage {
    /** Of this protocol; both sides must have the same. */
    int VERSION = 1;

    record Hello(int version) implements ControlMessage {}

    /**
     * @param machine the same for all agents of one machine
     * @param maxConnections as many as this process may have
     */
    record Ready(String machine, long pid, int maxConnections) implements ControlMessage {}

    /**
     * @param reason in words
     */
    record Refused(String reason) implements ControlMessage {}

    record Ask(long at) implements ControlMessage {}

    /**
     * @param asked of the {@link Ask}
     */
    record Clock(long asked, long at) implements ControlMessage {}

    /**
     * The agent's part of a run.
     *
     * @param first of its devices, which are neighbours
     * @param urls {@code ws://host:port/path}; a device begins with the one of its number
     * @param sources local addresses to connect from, in turn; empty for any
     * @param ramp connections begun a second
     * @param clock microseconds that the agent's clock is ahead of the coordinator's
     * @param watch whether to report when the machine stood still
     */
    record Assign(
            Plan plan,
            int first,
            int count,
            List<String> urls,
            List<String> sources,
            int ramp,
            long clock,
            boolean watch)
            implements ControlMessage {
        public Assign {
            urls = List.copyOf(urls);
            sources = List.copyOf(sources);
        }
    }

    /** The tokens of the next devices that have none yet. */
    record Tokens(List<String> tokens) implements ControlMessage {
        public Tokens {
            tokens = List.copyOf(tokens);
        }
    }

    record Connect() implements ControlMessage {}

    /**
     * @param counts all since the assignment
     * @param slots latencies since the last report
     * @param stalls since the last report; none where it was not asked to watch
     * @param trouble why a connection failed last; empty where none did
     */
    record Report(Counts counts, List<Slot> slots, List<Stall> stalls, String trouble)
            implements ControlMessage {
        public Report {
            slots = List.copyOf(slots);
            stalls = List.copyOf(stalls);
        }
    }

    record Finish() implements ControlMessage {}

    /**
     * The last word.
     *
     * @param last what a report would say now
     * @param received the bits of all {@link Plan#delivery deliveries} handed on, packed by {@link
     *     Packed}
     */
    record Result(Report last, String received) implements ControlMessage {}

    /**
     * Latencies of messages that were due in one slot.
     *
     * @param slot see {@link Plan#slot}
     * @param due histogram of microseconds since the message was due, packed by {@link Packed}
     * @param stored the same since its record's timestamp in Kafka
     */
    record Slot(int slot, String due, String stored) {}

    /** The machine stood still from one time to another. */
    record Stall(long from, long to) {}
}
