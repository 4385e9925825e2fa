package io.pushgate.faults;

import io.pushgate.faults.load.Account;

import java.util.List;
import java.util.Locale;

/** The table of a run, in Markdown, and what went wrong, with how to repeat it. */
final class Report {
    private static final String HEAD =
            """
            | scenario | seed | published | delivered | other final receipts | lost | doubled | out of order | wire repeats | recover p50 | recover max | |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|
            """;

    private Report() {}

    static String table(List<Result> results) {
        StringBuilder table = new StringBuilder(HEAD);
        results.forEach(result -> table.append(row(result)).append('\n'));
        return table.toString();
    }

    private static String row(Result result) {
        Account.Totals t = result.totals();
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %d | %d | %d | %d (%.2f%%) | %s | %s | %s |",
                result.scenario(),
                result.seed(),
                t.published(),
                t.delivered(),
                t.ended(),
                t.lost(),
                t.doubled(),
                t.outOfOrder(),
                t.repeated(),
                t.published() == 0 ? 0 : 100.0 * t.repeated() / t.published(),
                Recovery.seconds(result.recoverP50Nanos()),
                Recovery.seconds(result.recoverMaxNanos()),
                result.outcome());
    }

    /** Everything about one run that the table has no room for. */
    static String details(Result result) {
        StringBuilder text = new StringBuilder();
        text.append(
                "%s: %s after %d s\n"
                        .formatted(result.scenario(), result.outcome(), result.took().toSeconds()));
        result.notes().forEach(note -> text.append("  ").append(note).append('\n'));
        result.failures()
                .forEach(failure -> text.append("  FAILED: ").append(failure).append('\n'));
        result.offences().forEach(life -> text.append("    ").append(life).append('\n'));
        if (!result.isGood()) {
            text.append("  again: ./pushgate faults --scenario ")
                    .append(result.scenario())
                    .append(" --seed ")
                    .append(result.seed())
                    .append('\n');
        }
        return text.toString();
    }
}
