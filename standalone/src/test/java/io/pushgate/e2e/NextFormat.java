package io.pushgate.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Topics;

import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a role of a later release would do to deliveries and node messages: it writes a further
 * field into each, and meets those of this release, which don't have it. As an interceptor of
 * Kafka's clients and as a bus it sits where bytes leave and enter a member.
 */
public final class NextFormat
        implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
    /** Has a member's Kafka clients write it. */
    static final Map<String, String> SETTINGS =
            Map.of("kafka.properties", "interceptor.classes=" + NextFormat.class.getName());

    private static final int KIND = 1;
    private static final int FURTHER = 0x80;
    private static final byte[] FIELD = "\u000etraceparent=00".getBytes(US_ASCII);

    /** What members of the later release wrote and met, over all tests of this JVM. */
    static final Seen DELIVERIES = new Seen();

    static final Seen MESSAGES = new Seen();

    /** How many have been seen in each format. */
    static final class Seen {
        private final AtomicInteger written = new AtomicInteger();
        private final AtomicInteger readNext = new AtomicInteger();
        private final AtomicInteger readThis = new AtomicInteger();

        int written() {
            return written.get();
        }

        int readNext() {
            return readNext.get();
        }

        int readThis() {
            return readThis.get();
        }

        private byte[] write(byte[] bytes) {
            written.incrementAndGet();
            byte[] more = Arrays.copyOf(bytes, bytes.length + FIELD.length);
            more[KIND] |= (byte) FURTHER;
            System.arraycopy(FIELD, 0, more, bytes.length, FIELD.length);
            return more;
        }

        private void read(byte[] bytes) {
            ((bytes[KIND] & FURTHER) == 0 ? readThis : readNext).incrementAndGet();
        }
    }

    /** The context of a member of the later release. */
    static RoleContext under(RoleContext context) {
        return context.withBus(new NextBus(context.bus()));
    }

    private static final class NextBus extends NodeBus {
        NextBus(NodeBus bus) {
            super(bus);
        }

        @Override
        protected byte[] encode(NodeMessage message) {
            return MESSAGES.write(super.encode(message));
        }

        @Override
        protected NodeMessage decode(byte[] bytes) throws InvalidInputException {
            NodeMessage message = super.decode(bytes);
            if (!(message instanceof NodeMessage.Probe)) {
                MESSAGES.read(bytes);
            }
            return message;
        }
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> sent) {
        if (!sent.topic().equals(Topics.DELIVERIES)) {
            return sent;
        }
        return new ProducerRecord<>(
                sent.topic(),
                sent.partition(),
                sent.timestamp(),
                sent.key(),
                DELIVERIES.write(sent.value()),
                sent.headers());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> polled) {
        polled.records(Topics.DELIVERIES).forEach(delivery -> DELIVERIES.read(delivery.value()));
        return polled;
    }

    @Override
    public void onAcknowledgement(
            @Nullable RecordMetadata metadata, @Nullable Exception exception) {}

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public void close() {}
}
