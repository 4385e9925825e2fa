package io.pushgate.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;

import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;

import java.io.IOException;
import java.util.Map;

/**
 * Checks objects by the types that Kubernetes generates from its API: fields, and which must be.
 */
final class KubernetesModel {
    private static final Map<String, Check> KINDS =
            Map.of(
                    "v1/ConfigMap", V1ConfigMap::validateJsonElement,
                    "v1/Service", V1Service::validateJsonElement,
                    "apps/v1/Deployment", V1Deployment::validateJsonElement,
                    "autoscaling/v2/HorizontalPodAutoscaler",
                            V2HorizontalPodAutoscaler::validateJsonElement,
                    "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
                    "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement,
                    // A custom resource of the Prometheus operator; the chart's own test looks at
                    // it.
                    "monitoring.coreos.com/v1/ServiceMonitor", _ -> {});

    @FunctionalInterface
    private interface Check {
        void check(JsonElement object) throws IOException;
    }

    private KubernetesModel() {}

    /**
     * Checks one object.
     *
     * @throws IllegalArgumentException where a field is unknown, missing, or of another type
     */
    static void check(JsonNode object) throws IOException {
        String kind = object.path("apiVersion").asText() + "/" + object.path("kind").asText();
        Check check = KINDS.get(kind);
        if (check == null) {
            throw new IllegalArgumentException(kind + " is nothing that this test knows");
        }
        check.check(JsonParser.parseString(object.toString()));
    }
}
