package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.StageTimes;
import io.pushgate.testkit.LeakCheck;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A session's life, and what it answers to a client. */
@ExtendWith(LeakCheck.class)
class SessionTest {
    private final SessionRig rig =
            new SessionRig(
                    Map.of(
                            "heartbeat", "30s",
                            "limits.slow-after", "30s",
                            "limits.fragment-deadline", "10s"));

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void welcomesARegisteredDevice() {
        rig.open();
        assertThat(rig.frames()).containsExactly(new ServerFrame.Welcome("n1-1", 30_000, 64));
        assertThat(rig.registry.find(SessionRig.DEVICE)).isSameAs(rig.session);
        assertThat(rig.count(AccessMeters.CONNECTS)).isEqualTo(1);
    }

    @Test
    void unregistersWhenTheConnectionIsLost() {
        rig.open();
        rig.hangUp();
        rig.settle();
        assertThat(rig.inbox.unregistered).containsExactly(new Route("n1", 1));
        assertThat(rig.registry.size()).isZero();
        assertThat(rig.count(AccessMeters.CLOSES, "reason", "lost")).isEqualTo(1);
    }

    @Test
    void unregistersAClientThatLeftWhileItWasRegistered() {
        rig.inbox.holdBack = true;
        rig.open();
        rig.hangUp();
        rig.settle();
        rig.inbox.answer();
        rig.settle();
        assertThat(rig.inbox.unregistered).containsExactly(new Route("n1", 1));
    }

    @Test
    void doesNotRegisterAClientThatLeftRightAfterItsHandshake() {
        rig.channel
                .eventLoop()
                .execute(
                        () -> {
                            rig.session.open();
                            var _ = rig.channel.pipeline().close();
                        });
        rig.settle();
        assertThat(rig.inbox.registrations).isEmpty();
    }

    @Test
    void sendsTheLastAckBeforeItUnregisters() {
        rig.open();
        rig.push(10);
        rig.ack(10);
        rig.hangUp();
        rig.settle();
        assertThat(rig.inbox.unregistered).isEmpty();
        rig.pass(Duration.ofMillis(10));
        assertThat(rig.inbox.messages).isEmpty();
        assertThat(rig.inbox.unregistered).hasSize(1);
    }

    @Test
    void timesAMessageFromTheRequestToTheAckByAppAndPlatform() {
        rig.open();
        rig.push(10); // the first one comes out of the inbox, which is not timed
        rig.ack(10);
        Position previous = rig.inbox.append(20);
        rig.deliver(
                new Delivery.Push(
                        SessionRig.DEVICE,
                        new Route(SessionRig.NODE, 1),
                        new Position(20, 0),
                        previous,
                        FakeInbox.message("m20")),
                new StageTimes(rig.clock.millis() - 200, 0, 0));
        rig.clock.advance(Duration.ofMillis(50));
        rig.ack(20);
        assertThat(
                        rig.meters
                                .get("pushgate.access.end.to.end")
                                .tags("app", "shop", "platform", "pos")
                                .timer()
                                .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(250);
    }

    @Test
    void tellsHowLateAnEventLoopIs() {
        rig.channel.freezeTime();
        rig.loop.start();
        rig.pass(Duration.ofMillis(250));
        Timer delay = rig.meters.get("pushgate.access.loop.delay").timer();
        assertThat(delay.count()).isEqualTo(2);
        assertThat(delay.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(200);
    }

    @Test
    void registersAgainWhereAFailoverBroughtAnOlderSessionBack() {
        rig.open();
        rig.inbox.live = new Route("n0", 0);
        rig.session.verify();
        rig.settle();
        assertThat(rig.inbox.registrations).hasSize(2);
        assertThat(rig.inbox.live).isEqualTo(new Route("n1", 2));
        assertThat(rig.closeCodes()).isEmpty();
    }

    @Test
    void findsOutThatAnEarlierAttemptOfItsClientTookItsPlace() {
        rig.open();
        rig.inbox.live = new Route("n2", 2);
        rig.pass(Duration.ofSeconds(19));
        assertThat(rig.closeCodes()).isEmpty();
        rig.inbox.away = true;
        rig.pass(Duration.ofSeconds(21));
        assertThat(rig.closeCodes()).as("while Redis is away").isEmpty();
        rig.inbox.away = false;
        rig.send("{\"t\":\"ping\"}");
        rig.pass(Duration.ofSeconds(40));
        assertThat(rig.closeCodes()).containsExactly(4409);
    }

    @Test
    void yieldsToANewerSessionThatItWasNotToldOf() {
        rig.open();
        rig.inbox.live = new Route("n2", 2);
        rig.session.verify();
        rig.settle();
        assertThat(rig.inbox.registrations).hasSize(1);
        assertThat(rig.closeCodes()).containsExactly(4409);
    }

    @Test
    void hasAClientComeBackThatCannotBeRegisteredAndSaysNothingBeforeTheWelcome() {
        rig.inbox.away = true;
        rig.open();
        assertThat(rig.frames()).isEmpty();
        assertThat(rig.closeCodes()).containsExactly(1012);
        assertThat(rig.registry.size()).isZero();
    }

    @Test
    void tellsTheOtherNodeThatHeldTheDevice() {
        rig.inbox.replaced = new Route("n2", 41);
        rig.open();
        assertThat(rig.takenOver).containsExactly(new Route("n2", 41));
    }

    @Test
    void isClosedByAnOrderForExactlyThisSession() {
        rig.open();
        rig.deliver(
                new Delivery.Disconnect(
                        SessionRig.DEVICE, new Route("n1", 99), CloseReason.REPLACED));
        rig.deliver(
                new Delivery.Disconnect(
                        SessionRig.DEVICE, new Route("n2", 1), CloseReason.REPLACED));
        assertThat(rig.closeCodes()).isEmpty();
        rig.deliver(
                new Delivery.Disconnect(SessionRig.DEVICE, new Route("n1", 1), CloseReason.KICKED));
        assertThat(rig.closeCodes()).containsExactly(4411);
    }

    @Test
    void closesOnceAnAckShowsANewerSession() {
        rig.open();
        rig.push(10);
        rig.inbox.live = new Route("n2", 7);
        rig.ack(10);
        rig.pass(Duration.ofMillis(10));
        rig.settle();
        assertThat(rig.closeCodes()).containsExactly(4409);
    }

    @Test
    void registersAgainWhereTheMailboxHasForgottenIt() {
        rig.open();
        rig.push(10);
        rig.inbox.live = null;
        rig.inbox.append(20); // its delivery found no session
        rig.ack(10);
        rig.pass(Duration.ofMillis(10));
        rig.settle();
        assertThat(rig.inbox.live).isEqualTo(new Route("n1", 2));
        assertThat(rig.pushes()).containsExactly("10", "20");
        rig.deliver(
                new Delivery.Disconnect(SessionRig.DEVICE, new Route("n1", 1), CloseReason.KICKED));
        assertThat(rig.closeCodes()).containsExactly(4411);
    }

    @Test
    void isCutAfterOneAndAHalfHeartbeatsOfSilence() {
        rig.open();
        rig.pass(Duration.ofSeconds(44));
        rig.send("{\"t\":\"ping\"}");
        rig.pass(Duration.ofSeconds(44));
        rig.pass(Duration.ofMillis(1_100));
        assertThat(rig.closeCodes()).isEmpty(); // its socket is looked at once more
        rig.pass(Duration.ofMillis(1_200));
        assertThat(rig.closeCodes()).containsExactly(4408);
        assertThat(rig.channel.isOpen()).isTrue();
        rig.pass(Duration.ofMillis(1_100));
        assertThat(rig.channel.isOpen()).isFalse();
    }

    @Test
    void isNotCutForAPingThatALateLoopHasNotReadYet() {
        rig.open();
        rig.pass(Duration.ofSeconds(65)); // 20 s late
        rig.pass(Duration.ofSeconds(19));
        rig.send("{\"t\":\"ping\"}");
        rig.pass(Duration.ofSeconds(44));
        assertThat(rig.closeCodes()).isEmpty();
        rig.pass(Duration.ofMinutes(10)); // however late, another silence at most
        rig.pass(Duration.ofMillis(45_100));
        assertThat(rig.closeCodes()).containsExactly(4408);
    }

    @Test
    void isClosedWhenItsTokenExpires() {
        rig.open();
        for (int i = 0; i < 3_600; i += 30) {
            rig.send("{\"t\":\"ping\"}");
            rig.pass(Duration.ofSeconds(30));
        }
        assertThat(rig.closeCodes()).isEmpty();
        rig.pass(Duration.ofMillis(5_100));
        assertThat(rig.closeCodes()).containsExactly(4401);
    }

    @Test
    void answersPingsButNotAFloodOfThem() {
        rig.open();
        rig.frames();
        for (int i = 0; i < 100; i++) {
            rig.send("{\"t\":\"ping\"}");
        }
        assertThat(rig.frames()).hasSize(10).containsOnly(new ServerFrame.Pong());
        rig.pass(Duration.ofSeconds(1));
        rig.write(0x89, new byte[] {0, 0, 0, 7});
        assertThat(rig.channel.outboundMessages()).hasSize(1);
    }

    @Test
    void saysWhatIsWrongWithAFrameAndCloses() {
        rig.open();
        rig.frames();
        rig.send("{\"t\":\"nonsense\"}");
        rig.send("{\"t\":\"nonsense\"}");
        assertThat(rig.frames())
                .singleElement()
                .isInstanceOfSatisfying(
                        ServerFrame.Failure.class,
                        failure -> assertThat(failure.code()).isEqualTo("bad_frame"));
        assertThat(rig.closeCodes()).containsExactly(1008);
    }

    @Test
    void refusesAnAckOfWhatWasNeverSent() {
        rig.open();
        rig.push(10);
        rig.frames();
        rig.ack(11);
        assertThat(rig.frames())
                .singleElement()
                .isInstanceOfSatisfying(
                        ServerFrame.Failure.class,
                        failure -> assertThat(failure.code()).isEqualTo("bad_ack"));
        assertThat(rig.closeCodes()).containsExactly(1008);
    }

    @Test
    void refusesBinary() {
        rig.open();
        rig.write(0x82, new byte[3]);
        assertThat(rig.closeCodes()).containsExactly(1003);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        rig.open();
        rig.write(0x81, new byte[] {'{', (byte) 0xC3});
        assertThat(rig.closeCodes()).containsExactly(1007);
    }

    @Test
    void putsFragmentsTogether() {
        rig.open();
        rig.frames();
        rig.write(0x01, utf8("{\"t\":"));
        rig.write(0x89, new byte[0]);
        rig.write(0x00, utf8("\"pi"));
        rig.write(0x80, utf8("ng\"}"));
        assertThat(rig.frames()).containsExactly(new ServerFrame.Pong());
    }

    @Test
    void boundsFragmentsInNumberSizeAndTime() {
        rig.open();
        rig.write(0x01, utf8(""));
        for (int i = 0; i < FragmentAssembler.MAX_FRAGMENTS + 5; i++) {
            rig.write(0x00, utf8(""));
        }
        assertThat(rig.closeCodes()).containsExactly(1009);

        SessionRig large = new SessionRig();
        large.open();
        large.write(0x01, utf8("x".repeat(4_000)));
        large.write(0x00, utf8("x".repeat(97)));
        assertThat(large.closeCodes()).containsExactly(1009);
        large.close();

        SessionRig slow = new SessionRig();
        slow.open();
        slow.write(0x01, utf8("{"));
        slow.pass(Duration.ofMillis(10_200));
        assertThat(slow.closeCodes()).containsExactly(1008);
        slow.close();
    }

    @Test
    void answersTheClientsCloseAndCloses() {
        rig.open();
        rig.write(0x88, new byte[] {3, (byte) 0xE8, 'b', 'y', 'e'});
        assertThat(rig.closeCodes()).containsExactly(1000);
        assertThat(rig.channel.isOpen()).isFalse();
        assertThat(rig.count(AccessMeters.CLOSES, "reason", "client")).isEqualTo(1);
    }

    @Test
    void aSessionReplacedOnItsNodeClosesAndSettlesFirst() {
        rig.inbox.holdBack = true;
        rig.open();
        SessionRig other = new SessionRig();
        assertThat(rig.registry.admit(other.session)).isSameAs(rig.session);
        rig.session.close(CloseReason.REPLACED);
        assertThat(rig.registry.find(SessionRig.DEVICE)).isSameAs(other.session);
        assertThat(rig.closeCodes()).containsExactly(4409);
        other.close();
    }

    @Test
    void goesAwayWhenAskedAndIsClosedWhenItDoesNot() {
        rig.open();
        rig.frames();
        ServerFrame.Goaway goaway = new ServerFrame.Goaway("drain", 1_200);
        rig.session.goaway(goaway, Duration.ofMillis(250), Duration.ofSeconds(1));
        assertThat(rig.frames()).containsExactly(goaway);
        rig.pass(Duration.ofMillis(2_100));
        assertThat(rig.closeCodes()).isEmpty();
        rig.pass(Duration.ofMillis(300));
        assertThat(rig.closeCodes()).containsExactly(1012);
    }

    @Test
    void countsBalance() {
        rig.open();
        rig.push(10);
        rig.push(20);
        rig.deliver(new Position(10, 0), Position.NONE);
        assertThat(rig.count(AccessMeters.SENT)).isEqualTo(2);
        assertThat(rig.count(AccessMeters.DUPLICATES)).isEqualTo(1);
        rig.ack(20);
        assertThat(rig.count(AccessMeters.ACKED)).isEqualTo(2);
        assertThat(List.of(rig.metrics.connections.total())).containsExactly(1);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
