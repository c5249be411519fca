//SOURCES Html.java
//SOURCES Platform.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java

package stand_in;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Entra's errors: JSON where programs ask, a page where people look ("Handling errors", code flow page). */
final class ErrorAnswers {
    private static final Set<String> FOR_PEOPLE =
        Set.of("authorize", "login", "consent", "deviceauth", "deviceconfirm", "other");

    private final Platform platform;

    ErrorAnswers(Platform platform) {
        this.platform = platform;
    }

    Reply answer(Request request, Refusal refusal) {
        var trace = UUID.randomUUID().toString();
        var correlation = request.headers().getOrDefault("client-request-id",
            request.parameters().getOrDefault("client-request-id", UUID.randomUUID().toString()));
        var time = platform.clock().timestamp();
        return FOR_PEOPLE.contains(request.endpoint()) ? page(refusal, trace, correlation, time)
            : json(refusal, trace, correlation, time);
    }

    private static Reply page(Refusal refusal, String trace, String correlation, String time) {
        return Reply.page(refusal.status, Html.page("Sorry, but we’re having trouble signing you in.",
            "<p class=\"message\">" + Html.escape(refusal.describe()) + "</p><h2>Troubleshooting details</h2><dl>"
            + "<dt>Error code</dt><dd>" + refusal.aadsts + "</dd><dt>Request Id</dt><dd>" + trace
            + "</dd><dt>Correlation Id</dt><dd>" + Html.escape(correlation) + "</dd><dt>Timestamp</dt><dd>" + time
            + "</dd></dl>"));
    }

    private Reply json(Refusal refusal, String trace, String correlation, String time) {
        var body = new LinkedHashMap<String, Object>();
        body.put("error", refusal.error);
        body.put("error_description", refusal.describe() + " Trace ID: " + trace + " Correlation ID: " + correlation
            + " Timestamp: " + time);
        if (refusal.aadsts != 0) {
            body.put("error_codes", List.of(refusal.aadsts));
        }
        body.put("timestamp", time);
        body.put("trace_id", trace);
        body.put("correlation_id", correlation);
        if (refusal.aadsts != 0) {
            body.put("error_uri", errorUri(refusal));
        }
        if (!refusal.suberror.isEmpty()) {
            body.put("suberror", refusal.suberror);
        }
        return Reply.json(refusal.status, body);
    }

    /** What the browser carries back to the application. */
    Map<String, String> redirectFields(Refusal refusal) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("error", refusal.error);
        if (!refusal.suberror.isEmpty()) {
            fields.put("suberror", refusal.suberror);
        }
        // Line ends in the redirect, spaces in JSON: so seen since 2023 (MicrosoftDocs/azure-docs#114009).
        fields.put("error_description", refusal.describe() + "\r\nTrace ID: " + UUID.randomUUID()
            + "\r\nCorrelation ID: " + UUID.randomUUID() + "\r\nTimestamp: " + platform.clock().timestamp());
        fields.put("error_uri", errorUri(refusal));
        return fields;
    }

    private String errorUri(Refusal refusal) {
        return platform.base() + "/error?code=" + refusal.aadsts;
    }
}
