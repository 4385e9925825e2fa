package io.pushgate.mailbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.lettuce.core.ScriptOutputType;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The reports of all processes, for consoles. One that reports no more is left out after {@link
 * #HOLDS}.
 *
 * <p>Keys, see {@code report.lua}: <code>{stats}index</code> and <code>{stats}reports</code>. Any
 * thread may call; stages complete on Lettuce's threads.
 */
public final class ProcessReports {
    /** How long a report holds. */
    public static final Duration HOLDS = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(ProcessReports.class);
    private static final LuaScript REPORT = LuaScript.load(ProcessReports.class, "report.lua");
    private static final byte[] INDEX = Bytes.of("{stats}index");
    private static final byte[] REPORTS = Bytes.of("{stats}reports");

    private final RedisConnection redis;
    private final RedisReads reads;

    // Processes of another version may know fields that this one doesn't.
    private final ObjectMapper json =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    public ProcessReports(RedisConnection redis) {
        this.redis = redis;
        this.reads = new RedisReads(redis);
    }

    /** Takes the place of the process's last one. */
    public CompletionStage<Void> report(ProcessReport report) {
        byte[] value;
        try {
            value = json.writeValueAsBytes(report);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("report can't be written as JSON", e);
        }
        return REPORT.<Long>run(
                        redis,
                        ScriptOutputType.INTEGER,
                        new byte[][] {INDEX, REPORTS},
                        Bytes.of(report.id()),
                        value,
                        Bytes.of(HOLDS.toMillis()))
                .thenAccept(_ -> {});
    }

    /** Those that hold, in no particular order. */
    public CompletionStage<List<ProcessReport>> all() {
        return reads.fields(REPORTS)
                .thenApply(
                        values -> {
                            List<ProcessReport> reports = new ArrayList<>(values.size());
                            for (byte[] value : values.values()) {
                                try {
                                    reports.add(json.readValue(value, ProcessReport.class));
                                } catch (IOException e) {
                                    log.warn("a process's report left out: {}", e.getMessage());
                                }
                            }
                            return reports;
                        });
    }
}
