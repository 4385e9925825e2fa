package io.pushgate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Orders of a shop as JSON, such as a till is sent: for tests and measurements of compression. What
 * differs between real orders (numbers, times, names, amounts, notes) differs here, and the same
 * seed gives the same orders. One thread only.
 */
public final class Orders {
    private static final List<String> FIRST =
            List.of(
                    "Anna", "Ben", "Chloé", "David", "Elif", "Farid", "Grace", "Hugo", "Ines",
                    "Jonas", "Kim", "Lena", "Marek", "Nora", "Omar", "Paula", "Quentin", "Rosa",
                    "Sven", "Tomás", "Uma", "Viktor", "Wanda", "Yusuf", "Zoë");
    private static final List<String> LAST =
            List.of(
                    "Abel",
                    "Bauer",
                    "Costa",
                    "Dvořák",
                    "Eriksen",
                    "Fischer",
                    "García",
                    "Hansen",
                    "Ivanova",
                    "Jensen",
                    "Kowalski",
                    "Lindqvist",
                    "Moreau",
                    "Novak",
                    "Okafor",
                    "Petrov",
                    "Rossi",
                    "Schmidt",
                    "Tanaka",
                    "Vogel",
                    "Weber",
                    "Yılmaz");
    private static final List<String> STREETS =
            List.of(
                    "Lindenallee",
                    "Hauptstraße",
                    "Rue de Lyon",
                    "Via Roma",
                    "High Street",
                    "Bahnhofplatz",
                    "Calle Mayor",
                    "Kirkegata",
                    "Parkweg",
                    "Mill Lane");
    private static final List<String> CITIES =
            List.of("Berlin", "Lyon", "Porto", "Leeds", "Graz", "Oslo", "Brno", "Turin", "Gent");
    private static final List<String> KINDS =
            List.of(
                    "Espresso",
                    "Flat white",
                    "Oat milk",
                    "Croissant",
                    "Bagel",
                    "Soup of the day",
                    "Caesar salad",
                    "Lasagne",
                    "Margherita",
                    "Lemonade",
                    "Cheesecake",
                    "Brownie");
    private static final List<String> OPTIONS =
            List.of("large", "small", "extra hot", "no onions", "to go", "gluten-free", "decaf");
    private static final List<String> NOTES =
            List.of(
                    "please ring at the back door",
                    "leave it with the neighbour on the second floor",
                    "birthday, add a candle",
                    "allergic to nuts",
                    "call before you come",
                    "no cutlery needed");
    private static final List<String> STATES =
            List.of("placed", "paid", "accepted", "preparing", "ready", "handed_over", "refunded");

    private final Random random;

    public Orders(long seed) {
        random = new Random(seed);
    }

    /** The next order, with at least one item and as many as fit into about so many bytes. */
    public byte[] next(int bytes) {
        StringBuilder json = new StringBuilder(bytes + 256);
        head(json);
        if (bytes >= 600) {
            customer(json);
        }
        json.append(",\"items\":[");
        int line = 1;
        do {
            json.append(line == 1 ? "" : ",");
            item(json, line++);
        } while (json.length() < bytes - 200);
        return json.append("]}").toString().getBytes(UTF_8);
    }

    /** The next order of any size from 0.3 to 4 KB, small ones as often as large ones. */
    public byte[] next() {
        return next(300 + random.nextInt(3_700));
    }

    private void head(StringBuilder json) {
        Instant at = Instant.ofEpochMilli(1_763_700_000_000L + random.nextInt(86_400_000));
        json.append("{\"type\":\"order\",\"order\":")
                .append(4_000_000 + random.nextInt(900_000))
                .append(",\"store\":\"st-")
                .append(100 + random.nextInt(400))
                .append("\",\"till\":")
                .append(1 + random.nextInt(8))
                .append(",\"state\":\"")
                .append(pick(STATES))
                .append("\",\"at\":\"")
                .append(at)
                .append("\",\"currency\":\"EUR\",\"total\":")
                .append(amount(25_000));
    }

    private void customer(StringBuilder json) {
        json.append(",\"customer\":{\"id\":\"")
                .append(hex())
                .append("\",\"name\":\"")
                .append(pick(FIRST))
                .append(' ')
                .append(pick(LAST))
                .append("\",\"phone\":\"+49")
                .append(1_500_000_000L + random.nextInt(200_000_000))
                .append("\",\"address\":{\"street\":\"")
                .append(pick(STREETS))
                .append(' ')
                .append(1 + random.nextInt(180))
                .append("\",\"zip\":\"")
                .append(10_000 + random.nextInt(89_999))
                .append("\",\"city\":\"")
                .append(pick(CITIES))
                .append("\"}},\"payment\":{\"method\":\"")
                .append(random.nextBoolean() ? "card" : "cash")
                .append("\",\"reference\":\"")
                .append(hex())
                .append("\"}");
        if (random.nextInt(3) == 0) {
            json.append(",\"note\":\"").append(pick(NOTES)).append('"');
        }
    }

    private void item(StringBuilder json, int line) {
        int kind = random.nextInt(KINDS.size());
        json.append("{\"line\":")
                .append(line)
                .append(",\"sku\":\"SKU-")
                .append(10_000 + kind * 37)
                .append("\",\"name\":\"")
                .append(KINDS.get(kind))
                .append("\",\"quantity\":")
                .append(1 + random.nextInt(4))
                .append(",\"unit_price\":")
                .append(amount(1_500))
                .append(",\"tax_rate\":")
                .append(random.nextInt(3) == 0 ? "0.07" : "0.19")
                .append(",\"discount\":")
                .append(random.nextInt(8) == 0 ? amount(300) : "0.00")
                .append(",\"options\":[");
        if (random.nextInt(3) == 0) {
            json.append('"').append(pick(OPTIONS)).append('"');
        }
        json.append("],\"station\":\"")
                .append(kind < 3 ? "bar" : "kitchen")
                .append("\",\"printed\":")
                .append(random.nextBoolean())
                .append('}');
    }

    private String amount(int maxCents) {
        return String.format(Locale.ROOT, "%.2f", (50 + random.nextInt(maxCents)) / 100.0);
    }

    private String hex() {
        return String.format("%016x", random.nextLong());
    }

    private String pick(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
