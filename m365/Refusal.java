//SOURCES ExitStatus.java
//SOURCES Failures.java
//SOURCES Problem.java
//SOURCES Signal.java
//SOURCES Text.java

package m365;

import java.util.List;
import java.util.Map;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.SETTINGS;
import static m365.ExitStatus.SIGN_IN;

/**
 * The identity provider's refusal, in the fields of its JSON error body (RFC 6749 section 5.2 and Microsoft's own), and
 * which exit status it means. Causes and advice are left to the knowledge in failures/.
 */
record Refusal(int httpStatus, String error, String suberror, String description, List<String> codes, String traceId,
        String correlationId, String timestamp) {
    private static final int LONGEST = 4000;

    /** Whoever answers, patterns are looked for in what he says: so there must not be too much of it. */
    Refusal {
        error = bounded(error);
        suberror = bounded(suberror);
        description = bounded(description);
    }

    private static String bounded(String text) { return text.length() > LONGEST ? text.substring(0, LONGEST) : text; }

    static Refusal of(int httpStatus, Map<String, Object> body) {
        var codes = body.get("error_codes") instanceof List<?> list
                ? list.stream().map(String::valueOf).filter(Refusal::isCode).toList() : List.<String>of();
        return new Refusal(httpStatus, text(body, "error"), text(body, "suberror"), text(body, "error_description"),
                codes, text(body, "trace_id"), text(body, "correlation_id"), text(body, "timestamp"));
    }

    private static boolean isCode(String text) { return text.length() < 10 && Text.madeOf(Text.DIGITS, text); }

    private static String text(Map<String, Object> body, String name) {
        return body.get(name) instanceof String text ? text : "";
    }

    /** In the address that the browser was sent to, where there are but two fields (RFC 6749 section 4.1.2.1). */
    static Refusal inRedirect(String error, String description) {
        return new Refusal(0, error, "", description, List.of(), "", "", "");
    }

    /**
     * Behaviour follows the OAuth error; Microsoft may change its AADSTS numbers at any time.
     *
     * @param where as in failures/: redirect, token or device
     */
    Problem problem(String where) {
        if (byThePerson())
            return new Problem(SIGN_IN, "you cancelled the sign-in; nothing was changed", "to sign in: {sign_in}");
        var seen = new Signal(where, error, suberror, codes, forTheLog());
        var act = Failures.of(seen).act();
        var status = act.equals("wait") ? LATER : status();
        var words = description.replaceFirst("(?s)\\s*Trace ID:.*", "").strip();
        return new Problem(status, "Microsoft refused: " + error + (suberror.isEmpty() ? "" : " (" + suberror + ")")
                + (words.isEmpty() ? "" : ": " + words),
                status == SIGN_IN && act.equals("sign-in") ? "sign in: {sign_in}" : "", seen);
    }

    /** Who pressed Cancel knows why: a work account's page says AADSTS65004 then, a personal one's no number. */
    boolean byThePerson() {
        boolean unexplained = !description.contains("AADSTS") || description.contains("AADSTS65004");
        return error.equals("authorization_declined") || error.equals("access_denied") && unexplained;
    }

    private ExitStatus status() {
        return switch (error) {
            case "temporarily_unavailable", "server_error" -> LATER;
            case "invalid_client", "unauthorized_client", "invalid_scope", "invalid_resource", "invalid_request",
                    "unsupported_grant_type", "unsupported_response_type" -> SETTINGS;
            default -> httpStatus == 429 || httpStatus >= 500 ? LATER : SIGN_IN;
        };
    }

    /** The description, with the identifiers that Entra puts at its end but others only in fields of their own. */
    private String forTheLog() {
        if (description.contains("Trace ID")) return description;
        return description + (traceId.isEmpty() ? "" : " Trace ID: " + traceId)
                + (correlationId.isEmpty() ? "" : " Correlation ID: " + correlationId)
                + (timestamp.isEmpty() ? "" : " Timestamp: " + timestamp);
    }
}
