package live;

import java.util.List;
import java.util.Map;

/** What the identity provider answered: a status and a JSON object, whose fields are text here. */
public record Answer(int status, Map<String, Object> fields) {

    /** The field's value, or "" without it. */
    public String text(String field) { return String.valueOf(fields.getOrDefault(field, "")); }

    public boolean ok() { return status == 200; }

    /** Whether it is a refusal with one of these AADSTS numbers. */
    boolean refuses(String error, Integer... codes) {
        return status >= 400 && status < 500 && text("error").equals(error) && List.of(codes).contains(code());
    }

    /** The AADSTS number; 0 without one. */
    int code() {
        return fields.get("error_codes") instanceof List<?> codes && !codes.isEmpty()
                && codes.get(0) instanceof Number n ? n.intValue() : 0;
    }

    /** Nothing of it is private. */
    String inShort() { return status + (ok() ? "" : " " + text("error") + " AADSTS" + code()); }
}
