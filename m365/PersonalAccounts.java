//SOURCES Settings.java
//SOURCES SettingsReader.java

package m365;

import java.net.URI;
import java.util.Locale;

/**
 * Accounts of outlook.com and its sisters. A refresh token that one of them gets through /common dies at its first
 * renewal, with AADSTS70000; through /consumers it lives (seen since June 2026: Softeria/ms-365-mcp-server#522). Only
 * the usual authority is replaced: national clouds have no such accounts, and whoever chose a tenant meant it.
 */
final class PersonalAccounts {
    /** Of all of them (Microsoft: "Access token claims reference", tid). */
    private static final String TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad";
    private static final String CONSUMERS = "https://login.microsoftonline.com/consumers";

    private PersonalAccounts() { }

    /** Where to sign in whom nothing but the address is known of. @param address null if not even that */
    static URI authority(Settings settings, String address) {
        return address != null && isAddressOfOne(address) ? consumers(settings) : settings.authority();
    }

    /** Where an account of this tenant signs in and renews. */
    static URI authorityOf(Settings settings, String homeTenant) {
        return TENANT.equals(homeTenant) ? consumers(settings) : settings.authority();
    }

    /** Whether a token from {@code realm} is of no other kind than these settings bring such an account. */
    static boolean realmFits(Settings settings, String realm, String homeTenant) {
        return TENANT.equals(homeTenant) && "consumers".equals(realm) && isUsual(settings);
    }

    /** Whether a refresh token that came from {@code realm} was never good for a renewal. */
    static boolean isDoomed(String realm, String homeTenant) {
        return TENANT.equals(homeTenant) && "common".equalsIgnoreCase(realm);
    }

    private static URI consumers(Settings settings) {
        return isUsual(settings) ? URI.create(CONSUMERS) : settings.authority();
    }

    private static boolean isUsual(Settings settings) {
        return settings.authority().toString().equals(SettingsReader.USUAL_AUTHORITY);
    }

    /**
     * outlook.com, hotmail.co.uk, live.nl … Any address can belong to a personal account; the tenant in the answer
     * tells the others.
     */
    private static boolean isAddressOfOne(String address) {
        var domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return domain.matches("(outlook|hotmail|live|msn|passport|windowslive)\\.(com|[a-z]{2}|com?\\.[a-z]{2})");
    }
}
