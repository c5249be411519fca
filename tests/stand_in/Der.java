package stand_in;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** As much of ASN.1's distinguished encoding (ITU-T X.690) as a certificate needs. */
final class Der {
    /** BOOLEAN true. */
    static final byte[] TRUE = of(0x01, new byte[] {(byte) 0xff});
    /** NULL. */
    static final byte[] NULL = of(0x05);

    private static final DateTimeFormatter UTC_TIME =
        DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() { }

    /** A tag, the length and the parts one after the other. */
    static byte[] of(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        var all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length < 0x80) {
            all.write(length);
        } else {
            var bytes = BigInteger.valueOf(length).toByteArray();
            int zeros = bytes[0] == 0 ? 1 : 0; // toByteArray's sign
            all.write(0x80 | bytes.length - zeros);
            all.write(bytes, zeros, bytes.length - zeros);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    static byte[] sequence(byte[]... parts) {
        return of(0x30, parts);
    }

    /** A context-specific tag around other values. */
    static byte[] explicit(int number, byte[]... parts) {
        return of(0xa0 | number, parts);
    }

    /** A context-specific tag in place of a primitive value's own. */
    static byte[] implicit(int number, byte[] content) {
        return of(0x80 | number, content);
    }

    static byte[] integer(BigInteger value) {
        return of(0x02, value.toByteArray());
    }

    static byte[] octets(byte[] bytes) {
        return of(0x04, bytes);
    }

    /** @param unused how many bits of the last byte do not count */
    static byte[] bits(int unused, byte... bytes) {
        return of(0x03, new byte[] {(byte) unused}, bytes);
    }

    /** An object identifier in its dotted form. */
    static byte[] oid(String dotted) {
        var numbers = dotted.split("\\.");
        var bytes = new ByteArrayOutputStream();
        bytes.write(40 * Integer.parseInt(numbers[0]) + Integer.parseInt(numbers[1]));
        for (int i = 2; i < numbers.length; i++) {
            int number = Integer.parseInt(numbers[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (number >> shift != 0) {
                    bytes.write(0x80 | number >> shift & 0x7f);
                }
            }
            bytes.write(number & 0x7f);
        }
        return of(0x06, bytes.toByteArray());
    }

    /** UTCTime, which ends with the year 2049. */
    static byte[] time(Instant time) {
        return of(0x17, UTC_TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }
}
