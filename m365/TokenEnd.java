package m365;

import java.time.Instant;
import java.util.Base64;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * When an access token ends: of what the answer promised and what the token says of itself the earlier counts, for
 * either clock may have been wrong. Leaves it to others what time it is now. On the way to a cached token: no regular
 * expressions, lambdas or streams here, nor a JSON reader.
 */
final class TokenEnd {
    /** No policy of a tenant's lets them live longer (Microsoft: "Configurable token lifetimes"). */
    private static final long DAY = 24 * 60 * 60;
    private static final long NOT_SAID = Long.MAX_VALUE;
    private static final String EXP = "\"exp\":";

    /**
     * The end of a token. What lies beyond a day is not believed; if nothing else was said, it ended when it was given.
     *
     * @param given    when it was given
     * @param promised when it should end, by the answer that it came with
     */
    static Instant of(String accessToken, Instant given, Instant promised) {
        long latest = given.getEpochSecond() + DAY;
        long said = promised.getEpochSecond();
        long own = own(accessToken);
        long end = Math.min(said <= latest ? said : NOT_SAID, own <= latest ? own : NOT_SAID);
        return end == NOT_SAID ? given : Instant.ofEpochSecond(end);
    }

    /** The claim "exp" of a JWT (RFC 7519 section 4.1.4); those of personal accounts are opaque. */
    private static long own(String accessToken) {
        int start = accessToken.indexOf('.') + 1;
        int end = accessToken.indexOf('.', start);
        if (start == 0 || end < 0) return NOT_SAID;
        try {
            var claims = new String(Base64.getUrlDecoder().decode(accessToken.substring(start, end)), ISO_8859_1);
            int at = claims.indexOf(EXP);
            return at < 0 ? NOT_SAID : number(claims, at + EXP.length());
        } catch (IllegalArgumentException e) {
            return NOT_SAID;
        }
    }

    /** The digits from {@code at} on, of which a time has at most eleven; NOT_SAID if there are none. */
    private static long number(String text, int at) {
        while (at < text.length() && text.charAt(at) == ' ') at++;
        long number = 0;
        int from = at;
        for (; at < text.length() && at - from < 11; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) break;
            number = 10 * number + digit;
        }
        return at == from ? NOT_SAID : number;
    }

    private TokenEnd() { }
}
