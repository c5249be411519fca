//SOURCES Refusal.java
//SOURCES User.java

package stand_in;

import java.util.Set;

/** The directories of the identity provider: one of an organisation, and the one that holds every personal account. */
final class Tenants {
    /** The tenant all work accounts live in: its domain … */
    static final String DOMAIN = "uva.example";
    /** … and its directory (tenant) id. */
    static final String WORK = "a6c6ad91-64c3-4b2f-9a52-2f6d1e6d0b11";
    /** The tenant of every personal account; the value is Microsoft's ("Access token claims reference", tid). */
    static final String PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";

    private Tenants() { }

    /** The directory id of the tenant that the account lives in. */
    static String of(User user) {
        return user.personal() ? PERSONAL : WORK;
    }

    /** What the metadata say as issuer for a tenant of an address. */
    static String issuer(String tenant) {
        return switch (tenant) {
            case "common", "organizations" -> "{tenantid}";
            case "consumers" -> PERSONAL;
            case DOMAIN -> WORK;
            default -> tenant;
        };
    }

    /** Whether the address stands for many tenants, so that an application alone cannot be looked up in it. */
    static boolean isShared(String tenant) {
        return Set.of("common", "organizations", "consumers").contains(tenant);
    }

    static void check(String tenant) throws Refusal {
        if (!isShared(tenant) && !Set.of(DOMAIN, WORK, PERSONAL).contains(tenant)) {
            // "invalid_tenant" is what the metadata answer; that the token endpoint says so too is a guess.
            throw new Refusal("invalid_tenant", 90002, "Tenant '" + tenant + "' not found. Check to make sure you "
                + "have the correct tenant ID and are signing into the correct cloud. Check with your subscription "
                + "administrator, this may happen if there are no active subscriptions for the tenant.");
        }
    }

    /** Refuses accounts that cannot sign in at this tenant. */
    static void checkAccount(User user, String tenant) throws Refusal {
        var fits = switch (tenant) {
            case "common" -> true;
            case "consumers", PERSONAL -> user.personal();
            default -> !user.personal();
        };
        if (!fits) {
            throw new Refusal("invalid_grant", 50020, "User account '" + user.name() + "' from identity provider '"
                + (user.personal() ? "live.com" : "https://sts.windows.net/" + WORK + "/") + "' does not exist in "
                + "tenant '" + tenant + "' and cannot access the application in that tenant. The account needs to be "
                + "added as an external user in the tenant first. Sign out and sign in again with a different "
                + "account.");
        }
    }
}
