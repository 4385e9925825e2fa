package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;

import java.util.zip.CRC32C;

/**
 * Which shard a device, user or audience belongs to, and how the keys of shards are called. The
 * mapping is stored data: it may never change.
 */
final class Shards {
    private static final String[] PARTS = {
        "sessions", "devices", "lastseen", "due", "attempts", "expiry", "outbox"
    };
    private static final int SESSIONS = 0;
    private static final int DEVICES = 1;
    private static final int LASTSEEN = 2;
    private static final int OUTBOX = 6;
    private static final int GROUP_PARTS = 4;
    private static final int APP_PARTS = 64;

    private final int count;
    private final byte[][][] keys;

    Shards(int count) {
        this.count = count;
        this.keys = new byte[count][][];
        for (int shard = 0; shard < count; shard++) {
            keys[shard] = new byte[PARTS.length][];
            for (int part = 0; part < PARTS.length; part++) {
                keys[shard][part] = Bytes.of(tag(shard) + PARTS[part]);
            }
        }
    }

    int count() {
        return count;
    }

    int of(DeviceKey device) {
        return hash(device.toString());
    }

    int of(LogKey log) {
        return hash(log.toString());
    }

    /**
     * The keys every script of a shard is given, in this order.
     *
     * @throws IllegalArgumentException if there is no such shard
     */
    byte[][] keys(int shard) {
        if (shard < 0 || shard >= count) {
            throw new IllegalArgumentException("shard " + shard + " of " + count);
        }
        return keys[shard];
    }

    byte[] sessions(int shard) {
        return keys(shard)[SESSIONS];
    }

    byte[] devices(int shard) {
        return keys(shard)[DEVICES];
    }

    byte[] lastSeen(int shard) {
        return keys(shard)[LASTSEEN];
    }

    byte[] outbox(int shard) {
        return keys(shard)[OUTBOX];
    }

    byte[] logTails(int shard) {
        return Bytes.of(tag(shard) + "logtails");
    }

    /** Written only to be waited for until replicas have it. */
    byte[] mark(int shard) {
        return Bytes.of(tag(shard) + "mark");
    }

    /** The shard of what is known of a message by its id. */
    int ofMessage(String app, String id) {
        return hash(app + "/" + id);
    }

    /** Whom a message went to, and whether it was recalled. */
    byte[] note(String app, String id) {
        return Bytes.of(tag(ofMessage(app, id)) + "to:" + app + "/" + id);
    }

    /** Which device acked a message first. */
    byte[] first(String app, String id) {
        return Bytes.of(tag(ofMessage(app, id)) + "first:" + app + "/" + id);
    }

    /** Which way a message to a group goes. */
    byte[] way(String app, String id, String group) {
        return Bytes.of(tag(ofMessage(app, id)) + "way:" + app + "/" + id + "/" + group);
    }

    byte[] inbox(DeviceKey device) {
        return Bytes.of(tag(of(device)) + "inbox:" + device);
    }

    byte[] user(String app, String user) {
        String name = app + "/" + user;
        return Bytes.of("{u" + hash(name) + "}user:" + name);
    }

    /** The groups of the shard's devices. */
    byte[] groups(int shard) {
        return Bytes.of(tag(shard) + "groups");
    }

    /** How many sets an audience is spread over. */
    static int parts(Audience audience) {
        return switch (audience) {
            case Audience.Group _ -> GROUP_PARTS;
            case Audience.App _ -> APP_PARTS;
        };
    }

    /** Which of them holds the device. */
    static int part(Audience audience, String device) {
        return (int) (crc(device) % parts(audience));
    }

    byte[] audience(Audience audience, int part) {
        String name =
                switch (audience) {
                    case Audience.Group g -> "group:" + part + ":" + g.app() + "/" + g.group();
                    case Audience.App a -> "app:" + part + ":" + a.app();
                };
        return Bytes.of("{g" + hash(name) + "}" + name);
    }

    byte[] expansion(String name) {
        return Bytes.of("{x" + hash(name) + "}expansion:" + name);
    }

    private static String tag(int shard) {
        return "{s" + shard + "}";
    }

    private int hash(String name) {
        return (int) (crc(name) % count);
    }

    private static long crc(String name) {
        CRC32C crc = new CRC32C();
        crc.update(Bytes.of(name));
        return crc.getValue();
    }
}
