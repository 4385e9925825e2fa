package io.pushgate.console.api;

import io.pushgate.console.http.Answer;
import io.pushgate.console.http.Call;
import io.pushgate.console.http.Problem;
import io.pushgate.console.http.Replies;
import io.pushgate.mailbox.Recall;
import io.pushgate.mailbox.RecallReport;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code DELETE /v1/messages/{app}/{id}}: takes a message back. */
final class RecallApi {
    private final Recall recall;

    RecallApi(Recall recall) {
        this.recall = recall;
    }

    /** What it came to at one device; {@code ended} is how it had ended before. */
    private record Device(String device, String state, @Nullable String ended) {}

    /**
     * @param known whether a request with this id was taken lately; if not, one that comes within a
     *     day is recalled on arrival
     * @param states how many devices gave which answer
     * @param devices the first 1,000
     */
    private record Recalled(
            String app,
            String id,
            boolean known,
            boolean scheduled,
            boolean fromLog,
            Map<String, Long> states,
            List<Device> devices) {}

    Answer recall(Call call) throws Problem, InterruptedException {
        String app = call.app();
        String id = call.messageId();
        RecallReport report = Replies.await(recall.recall(app, id));
        Map<String, Long> states = new TreeMap<>();
        report.counts().forEach((state, count) -> states.put(word(state), count));
        return Answer.ok(
                new Recalled(
                        app,
                        id,
                        report.known(),
                        report.scheduled(),
                        report.fromLog(),
                        states,
                        report.devices().stream().map(RecallApi::device).toList()));
    }

    private static Device device(RecallReport.Answer answer) {
        return new Device(
                answer.device().device(),
                word(answer.state()),
                answer.ended().isEmpty() ? null : answer.ended());
    }

    private static String word(RecallReport.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
