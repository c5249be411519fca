package stand_in;

/** What the identity provider says no with ("Microsoft Entra authentication error codes"). */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    final int status;
    final String error;
    /** 0 if there is none. */
    final int aadsts;
    /** "" if there is none. */
    final String suberror;

    Refusal(int status, String error, int aadsts, String description, String suberror) {
        super(description);
        this.status = status;
        this.error = error;
        this.aadsts = aadsts;
        this.suberror = suberror;
    }

    Refusal(String error, int aadsts, String description, String suberror) {
        this(error.equals("invalid_client") ? 401 : 400, error, aadsts, description, suberror);
    }

    Refusal(String error, int aadsts, String description) {
        this(error, aadsts, description, "");
    }

    static Refusal missing(String parameter) {
        return new Refusal("invalid_request", 900144,
            "The request body must contain the following parameter: '" + parameter + "'.");
    }

    static Refusal malformed(String error) {
        return new Refusal(error, 9002313, "Invalid request. Request is malformed or invalid.");
    }

    static Refusal wrongGrant() {
        return new Refusal("invalid_grant", 70000, "Provided grant is invalid or malformed.");
    }

    static Refusal alreadyRedeemed() {
        return new Refusal("invalid_grant", 54005, "OAuth2 Authorization code was already redeemed, please retry "
            + "with a new valid code or use an existing refresh token.");
    }

    static Refusal declined() {
        return new Refusal("access_denied", 65004, "User declined to consent to access the app.");
    }

    static Refusal noFlowToken() {
        return new Refusal("invalid_request", 90014,
            "The required field 'flowToken' is missing from the credential.");
    }

    static Refusal badDeviceCode(String error) {
        return new Refusal(error, 70018, "Bad verification code.");
    }

    /** The description with its number. */
    String describe() {
        return aadsts == 0 ? getMessage() : "AADSTS" + aadsts + ": " + getMessage();
    }
}
