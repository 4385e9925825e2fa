package io.pushgate.loadtest;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** Kafka's exceptions in words for the person who started the load test. */
public final class KafkaTrouble {
    private KafkaTrouble() {}

    public static LoadTestException of(String bootstrap, String topic, KafkaException e) {
        String what =
                e instanceof TimeoutException
                        ? "no answer, or no topic " + topic
                        : String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        return new LoadTestException("Kafka at " + bootstrap + ": " + what, e);
    }
}
