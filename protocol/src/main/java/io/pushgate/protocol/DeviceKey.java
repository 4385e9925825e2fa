package io.pushgate.protocol;

/** A device of an app: what a mailbox, a session and a Kafka key belong to. */
public record DeviceKey(String app, String device) {
    public DeviceKey {
        if (!Names.isApp(app)) {
            throw new IllegalArgumentException("not an app name: " + app);
        }
        if (!Names.isAddress(device)) {
            throw new IllegalArgumentException("not a device name: " + device);
        }
    }

    /** Reads what {@link #toString} wrote. */
    public static DeviceKey parse(String text) throws InvalidInputException {
        int slash = text.indexOf('/');
        try {
            return new DeviceKey(text.substring(0, Math.max(slash, 0)), text.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("not app/device: " + JsonReader.quoted(text), e);
        }
    }

    /** {@code app/device}; neither part can hold a slash. */
    @Override
    public String toString() {
        return app + "/" + device;
    }
}
