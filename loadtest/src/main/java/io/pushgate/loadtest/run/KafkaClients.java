package io.pushgate.loadtest.run;

import java.util.HashMap;
import java.util.Map;

/** Settings of the run's Kafka clients. */
final class KafkaClients {
    private KafkaClients() {}

    /**
     * @param own what this client needs; the person's properties win
     */
    static Map<String, Object> properties(RunConfig.Target target, Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(own);
        all.putAll(target.kafkaProperties());
        all.put("bootstrap.servers", target.kafkaBootstrap());
        return all;
    }
}
