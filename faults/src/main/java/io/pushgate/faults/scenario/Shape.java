package io.pushgate.faults.scenario;

import java.time.Duration;

/**
 * How much load a scenario runs under, and for how long.
 *
 * @param devices connected at the start
 * @param rate messages a second over all devices
 * @param payloadBytes size of a message's data, about
 * @param length of the publishing at least; it goes on until the last step is done
 * @param shortForm whether steps are to be kept short
 */
public record Shape(
        int devices, double rate, int payloadBytes, Duration length, boolean shortForm) {
    public Shape withDevices(int newDevices) {
        return new Shape(newDevices, rate, payloadBytes, length, shortForm);
    }

    public Shape withRate(double newRate) {
        return new Shape(devices, newRate, payloadBytes, length, shortForm);
    }

    public Shape withPayload(int newPayloadBytes) {
        return new Shape(devices, rate, newPayloadBytes, length, shortForm);
    }

    public Shape withLength(Duration newLength) {
        return new Shape(devices, rate, payloadBytes, newLength, shortForm);
    }
}
