package io.pushgate.mailbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.NodeMessageCodec;
import io.pushgate.runtime.redis.RedisChannels;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.runtime.redis.Subscribers;
import io.pushgate.runtime.redis.Subscription;
import io.pushgate.runtime.telemetry.ErrorCounter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What dispatchers and access nodes say to each other over Redis channels: at most once, see {@link
 * RedisChannels}. Any thread may call; handlers run on Lettuce's threads and must not block.
 *
 * <p>Channels: <code>{node:&lt;node id&gt;}</code> for a node, <code>{reply:&lt;name&gt;}</code>
 * for whoever asked for bounces under that name. The braces are hash tags, so that sharded channels
 * spread over a cluster.
 */
public class NodeBus {
    private static final Logger log = LoggerFactory.getLogger(NodeBus.class);

    private final RedisChannels channels;
    private final ErrorCounter errors;

    public NodeBus(RedisChannels channels, MeterRegistry registry) {
        this.channels = channels;
        this.errors = new ErrorCounter(registry, MailboxMeters.ROLE);
    }

    /** For a bus that does something more, or less, than the given one. */
    protected NodeBus(NodeBus bus) {
        this.channels = bus.channels;
        this.errors = bus.errors;
    }

    /** Completes when Redis took it, which says nothing of what the node does with it. */
    public CompletionStage<Subscribers> publish(String node, NodeMessage message) {
        return channels.publish(nodeChannel(node), encode(message));
    }

    /** The same for one who only speaks. */
    static CompletionStage<Subscribers> publish(
            RedisConnection redis, String node, NodeMessage message) {
        return RedisChannels.publish(redis, nodeChannel(node), NodeMessageCodec.encode(message));
    }

    /**
     * Listens to what is said to a node, until the subscription is closed; undecodable messages are
     * counted and logged.
     *
     * @throws IllegalStateException if this process listens there already
     */
    public Subscription subscribe(String node, Consumer<NodeMessage> handler) {
        return channels.subscribe(nodeChannel(node), bytes -> accept(bytes, handler));
    }

    /**
     * Answers a batch.
     *
     * @param replyTo as the batch names it
     */
    public CompletionStage<Subscribers> publishReply(String replyTo, NodeMessage.Bounce bounce) {
        return channels.publish(replyChannel(replyTo), encode(bounce));
    }

    /**
     * Listens to answers, until the subscription is closed; what is no bounce is counted and
     * logged.
     *
     * @param replyTo as the batches name it, unique to this process
     * @throws IllegalStateException if this process listens there already
     */
    public Subscription subscribeReplies(String replyTo, Consumer<NodeMessage.Bounce> handler) {
        return channels.subscribe(
                replyChannel(replyTo),
                bytes ->
                        accept(
                                bytes,
                                message -> {
                                    switch (message) {
                                        case NodeMessage.Bounce bounce -> handler.accept(bounce);
                                        case NodeMessage.Batch _ -> misplaced("batch");
                                        case NodeMessage.Probe _ -> misplaced("probe");
                                        case NodeMessage.OfLogs _ -> misplaced("broadcast");
                                    }
                                }));
    }

    /** What is published; for a bus that speaks another format. */
    protected byte[] encode(NodeMessage message) {
        return NodeMessageCodec.encode(message);
    }

    /** The reverse of {@link #encode}. */
    protected NodeMessage decode(byte[] bytes) throws InvalidInputException {
        return NodeMessageCodec.decode(bytes);
    }

    private void accept(byte[] bytes, Consumer<NodeMessage> handler) {
        NodeMessage message;
        try {
            message = decode(bytes);
        } catch (InvalidInputException e) {
            errors.count(MailboxError.BAD_NODE_MESSAGE);
            log.warn("message on a node channel left out: {}", e.getMessage());
            return;
        }
        handler.accept(message);
    }

    private void misplaced(String kind) {
        errors.count(MailboxError.BAD_NODE_MESSAGE);
        log.warn("a {} on a reply channel, where only bounces belong", kind);
    }

    private static String nodeChannel(String node) {
        return "{node:" + node + "}";
    }

    private static String replyChannel(String replyTo) {
        return "{reply:" + replyTo + "}";
    }
}
