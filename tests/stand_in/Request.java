package stand_in;

import java.util.Map;

/** One request as it arrived: parameters of query and body together, header names in lower case. */
public record Request(String endpoint, String method, String path, Map<String, String> headers,
                      Map<String, String> parameters) {
    /** The parameter's value, or "" if it was not sent. */
    public String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** The header's value, or "" if it was not sent. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    String tenant() {
        var parts = path.split("/");
        return parts.length > 1 ? parts[1] : "";
    }
}
