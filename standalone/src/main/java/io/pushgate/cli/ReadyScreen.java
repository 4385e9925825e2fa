package io.pushgate.cli;

import io.pushgate.standalone.RunningStandalone;
import io.pushgate.standalone.SigningKeys.DeviceClaims;
import io.pushgate.standalone.Standalone;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/** What a person needs to see the first push arrive. */
final class ReadyScreen {
    private static final String APP = "demo";
    private static final String DEVICE = "demo-1";
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);
    private static final double MILLIS_PER_SECOND = 1000;

    private ReadyScreen() {}

    static void print(PrintWriter out, Standalone standalone, Duration took) {
        RunningStandalone running = standalone.running();
        String token =
                standalone
                        .keys()
                        .sign(
                                new DeviceClaims(APP, DEVICE, null, "web", Set.of()),
                                Instant.now().plus(TOKEN_LIFE));
        String device = "--app " + APP + " --device " + DEVICE;
        out.print(
                """

                Pushgate %s is ready after %s s.

                  devices     %s
                  console     %s  (the page and the HTTP API; sign in with the key below)
                  Kafka       %s  (push.requests in; push.receipts, push.rejected out)
                  Redis       %s
                  management  %s/metrics, /health/ready, /health/live
                  data        %s%s
                  log         %s

                API key of an administrator, for development:
                %s

                Token of device %s in app %s, good for 24 hours:
                %s

                See a push arrive. In a second terminal:
                  ./pushgate listen %s
                in a third:
                  ./pushgate send %s --data '{"hello":"world"}'
                or listen in a browser's console:
                  ws = new WebSocket("%s?token=%s", "pushgate.v1.json"); ws.onmessage = e => { const f = JSON.parse(e.data); console.log(f); if (f.t === "push") ws.send(JSON.stringify({t: "ack", pos: f.pos})) }

                Ctrl-C drains and stops.
                """
                        .formatted(
                                VersionCommand.number(),
                                String.format(
                                        Locale.ROOT, "%.1f", took.toMillis() / MILLIS_PER_SECOND),
                                running.url(),
                                running.console() + "/",
                                running.kafka(),
                                running.redis(),
                                running.management(),
                                running.data(),
                                standalone.isTemporary()
                                        ? "  (temporary: gone at the end; --data DIR keeps it)"
                                        : "",
                                running.dataFolder().resolve(Logging.FILE_NAME),
                                standalone.adminKey(),
                                DEVICE,
                                APP,
                                token,
                                device,
                                device,
                                running.url(),
                                token));
        out.flush();
    }
}
