package io.pushgate.purger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Topics;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

import java.util.List;

/** What a record of {@code push.expansions} carries besides the request itself. */
record ExpansionHeaders(String origin, long requestedAt) {
    static List<Header> of(Task task) {
        return List.of(
                new RecordHeader(Topics.ORIGIN_HEADER, task.origin().getBytes(UTF_8)),
                new RecordHeader(
                        Topics.REQUESTED_HEADER,
                        Long.toString(task.requestedAt()).getBytes(UTF_8)));
    }

    /**
     * @throws InvalidInputException where they are missing or malformed
     */
    static ExpansionHeaders read(Headers headers) throws InvalidInputException {
        try {
            return new ExpansionHeaders(
                    text(headers, Topics.ORIGIN_HEADER),
                    Long.parseLong(text(headers, Topics.REQUESTED_HEADER)));
        } catch (NumberFormatException e) {
            throw new InvalidInputException("no time in " + Topics.REQUESTED_HEADER, e);
        }
    }

    private static String text(Headers headers, String name) throws InvalidInputException {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            throw new InvalidInputException("no header " + name);
        }
        return new String(header.value(), UTF_8);
    }
}
