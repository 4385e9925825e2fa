package io.pushgate.console;

import io.pushgate.runtime.telemetry.MeterName;

/** The console's meters. */
public enum ConsoleMeters implements MeterName {
    REQUESTS("pushgate.console.requests", "HTTP requests answered, by route and status"),
    REQUEST_TIME("pushgate.console.request.time", "How long HTTP requests took"),
    IN_FLIGHT("pushgate.console.in.flight", "HTTP requests being served"),
    CONNECTIONS("pushgate.console.connections", "Open HTTP connections"),
    PUSHES("pushgate.console.pushes", "Push requests that came over HTTP, by outcome"),
    INDEXED("pushgate.console.receipts.indexed", "Receipts kept for questions about messages"),
    INDEX_FAILURES(
            "pushgate.console.index.failures", "Writes to the index that failed, by what it was"),
    WEBHOOKS(
            "pushgate.console.webhooks",
            "Receipts for webhooks: delivered, dropped after all tries; and calls that failed"),
    WEBHOOKS_OPEN(
            "pushgate.console.webhooks.open", "Endpoints that are left alone, as they failed");

    private final String meterName;
    private final String description;

    ConsoleMeters(String meterName, String description) {
        this.meterName = meterName;
        this.description = description;
    }

    @Override
    public String meterName() {
        return meterName;
    }

    @Override
    public String description() {
        return description;
    }
}
