package io.pushgate.loadtest.run;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.agent.Agent;
import io.pushgate.loadtest.control.ControlLink;
import io.pushgate.loadtest.control.ControlMessage;
import io.pushgate.loadtest.control.ControlMessage.Stall;
import io.pushgate.loadtest.control.Counts;
import io.pushgate.loadtest.control.Packed;
import io.pushgate.loadtest.control.Plan;
import io.pushgate.protocol.InvalidInputException;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** All agents of a run, each with an equal share of neighbouring devices. */
final class AgentPool implements AutoCloseable {
    /** Clocks that are known less exactly say too little about milliseconds. */
    private static final long MAX_CLOCK_ERROR_MICROS = 5_000;

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int TOKENS_AT_ONCE = 250;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("load-control", true), NioIoHandler.newFactory());
    private final List<AgentHandle> agents = new ArrayList<>();

    /**
     * Connects to all agents and measures their clocks.
     *
     * @throws LoadTestException if one is away, busy, or has a clock that can't be measured
     */
    AgentPool(List<InetSocketAddress> addresses, SlotStore slots)
            throws LoadTestException, InterruptedException {
        try {
            for (InetSocketAddress address : addresses) {
                agents.add(connect(address, slots));
            }
        } catch (LoadTestException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private AgentHandle connect(InetSocketAddress address, SlotStore slots)
            throws LoadTestException, InterruptedException {
        String name = address.getHostString() + ":" + address.getPort();
        AgentHandle agent = new AgentHandle(name, slots);
        ChannelFuture connected =
                new Bootstrap()
                        .group(group)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                        .handler(ControlLink.initializer(() -> agent))
                        .connect(address)
                        .await();
        if (!connected.isSuccess()) {
            throw new LoadTestException(
                    "agent " + name + ": " + connected.cause().getMessage(), connected.cause());
        }
        ControlLink link = connected.channel().pipeline().get(ControlLink.class);
        agent.hello(Objects.requireNonNull(link, "the pipeline has one"));
        agent.measureClock();
        if (agent.clockErrorMicros() > MAX_CLOCK_ERROR_MICROS) {
            throw new LoadTestException(
                    "the clock of agent %s can be told to ±%.1f ms only, and ±%.1f ms is the most"
                            .formatted(
                                    name,
                                    agent.clockErrorMicros() / 1e3,
                                    MAX_CLOCK_ERROR_MICROS / 1e3));
        }
        return agent;
    }

    /**
     * Gives each agent its share and lets all begin to connect; returns when all tokens are signed,
     * which for some kinds of keys takes longer than the ramp.
     *
     * @throws LoadTestException if a share is more than its agent may have
     */
    void assign(Plan plan, RunConfig config) throws LoadTestException, InterruptedException {
        int share = (plan.connections() + agents.size() - 1) / agents.size();
        Set<String> machines = new HashSet<>(Set.of(Agent.machine())); // The coordinator's.
        for (int i = 0; i < agents.size(); i++) {
            AgentHandle agent = agents.get(i);
            int count = count(plan, share, i);
            if (count > agent.ready().maxConnections()) {
                throw new LoadTestException(
                        "agent %s may have %,d connections (ulimit -n), and its share is %,d: use more agents"
                                .formatted(agent.name(), agent.ready().maxConnections(), count));
            }
            agent.send(
                    new ControlMessage.Assign(
                            plan,
                            i * share,
                            count,
                            config.target().urls(),
                            config.target().sources(),
                            Math.max(1, config.load().ramp() / agents.size()),
                            agent.clockMicros(),
                            machines.add(agent.ready().machine())));
            agent.send(new ControlMessage.Connect());
        }
        for (int done = 0; done < share; done += TOKENS_AT_ONCE) {
            for (int i = 0; i < agents.size(); i++) {
                sendTokens(plan, config, i * share, done, count(plan, share, i), agents.get(i));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static int count(Plan plan, int share, int agent) {
        return Math.clamp((long) plan.connections() - (long) share * agent, 0, share);
    }

    private static void sendTokens(
            Plan plan, RunConfig config, int first, int done, int count, AgentHandle agent) {
        List<String> tokens = new ArrayList<>(TOKENS_AT_ONCE);
        for (int i = done; i < Math.min(done + TOKENS_AT_ONCE, count); i++) {
            int device = first + i;
            String user = plan.hasUsers() ? plan.userName(plan.userOf(device)) : null;
            tokens.add(config.target().tokens().token(plan.deviceName(device), user));
        }
        if (!tokens.isEmpty()) {
            agent.send(new ControlMessage.Tokens(tokens));
        }
    }

    /** All agents' together, as of their last reports. */
    Counts counts() {
        return agents.stream().map(AgentHandle::counts).reduce(Counts.NONE, Counts::plus);
    }

    List<AgentHandle> agents() {
        return agents;
    }

    /** Why an agent is no longer there; empty while all are. */
    String gone() {
        for (AgentHandle agent : agents) {
            if (!agent.gone().isEmpty()) {
                return "agent " + agent.name() + ": " + agent.gone();
            }
        }
        return "";
    }

    /** Why a connection failed last; empty where none did. */
    String trouble() {
        return agents.stream()
                .map(AgentHandle::trouble)
                .filter(trouble -> !trouble.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** By our clock, of the machines that are not ours. */
    List<Stall> stalls() {
        return agents.stream().flatMap(agent -> agent.stalls().stream()).toList();
    }

    /** Asks all agents for what their devices were handed; of those that are gone, nothing. */
    BitSet received(Plan plan) throws InterruptedException {
        BitSet received = new BitSet(plan.deliveries());
        for (AgentHandle agent : agents) {
            try {
                received.or(Packed.bits(agent.result().received(), plan.deliveries()));
            } catch (LoadTestException | InvalidInputException e) {
                agent.fail(String.valueOf(e.getMessage()));
            }
        }
        return received;
    }

    /** Lets the agents close their connections. */
    @Override
    public void close() {
        agents.forEach(AgentHandle::end);
        var _ = group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
