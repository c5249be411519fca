//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/Documents.java

package m365;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import support.Documents;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The ids that programs rely on, and the index by which people find them. */
class CauseIdsTest {
    static final String OF_VERSION_1_0 = """
            aadsts-number-not-listed access-denied access-token-expired access-token-in-configuration
            access-token-ran-out-in-session account-blocked account-disabled account-from-elsewhere account-locked
            account-type-does-not-fit address-with-a-code app-disabled-or-not-found app-for-personal-accounts-only
            app-for-work-accounts-only app-missing-in-tenant app-not-found app-only-login-refused
            app-only-mailbox-refused app-only-role-missing app-only-scope-needs-default app-only-sending-refused
            app-only-wrong-object-id app-switched-off approved-from-another-region are-you-trying-to-sign-in
            asked-too-often authenticated-but-not-connected authorization-pending bad-verification-code
            blocked-by-security-policy borrowed-client-id browser-could-not-come-back certificate-expired
            certificate-issuer-unknown certificate-not-registered certificate-wrong-host choose-another-account
            clock-wrong code-from-other-tenant code-of-older-attempt code-or-token-expired code-used-twice
            conditional-access-refused connection-cut connection-refused consent-by-admin-needed consent-declined
            consent-missing consent-request-form device-code-cannot-prove-device device-code-expired
            device-code-expired-early device-code-flow-blocked device-disabled-in-directory device-endpoint-opened
            device-or-place-refused device-removed device-request-already-answered device-sign-in-declined
            dropped-after-login external-account-needs-invitation fetchmail-without-oauth fewer-scopes-than-asked
            field-missing-or-wrong grant-refused grant-type-not-supported graph-token html-instead-of-json
            id-token-not-enabled imap-command-error-10 imap-command-error-11 imap-command-error-12
            imap-connection-closed-13 imap-connection-closed-14 imap-invalid-state imap-server-unavailable
            imap-temporarily-unavailable imap-throttled imap-token-refused interaction-required invalid-client
            invalid-grant invalid-request invalid-resource invalid-scope ipv6-suspected loopback-certificate-warning
            mail-port-timeout mail-program-hides-the-reason managed-device-required mfa-needed mfa-not-set-up
            mfa-phone-limit microsoft-hiccup missing-mail-scope msmtp-line-too-long msmtp-token-too-long
            must-be-marked-mobile mutt-finds-no-way-to-log-in name-does-not-resolve network-unreachable
            no-redirect-uri-registered no-refresh-token no-reply-address no-subscription no-such-user not-an-smtp-server
            not-enabled-for-consumers not-on-common nothing-came-back offlineimap-hides-the-reason
            offlineimap-never-logged-in old-shared-mailbox-name one-resource-per-token one-sign-in-solves-it
            only-an-explanation opaque-token origin-header-sent parameter-missing password-command-failed
            password-expired password-login-refused password-login-switched-off paste-incomplete permission-list-broken
            permission-not-in-registration personal-account-not-allowed personal-account-on-v1 pkce-length
            plain-server-spoken-to-in-tls pop-needs-two-lines pop-password-refused pop-server-unavailable
            pop-token-refused port-taken proxy-login-needed proxy-refused redirect-uri-mismatch refresh-token-finished
            refresh-token-never-stored refresh-token-unused-90-days request-unreadable resource-not-found
            resource-parameter-on-v2 response-type-not-supported sasl-plugin-missing scope-not-valid scopes-not-granted
            second-sign-in-asked secret-demanded secret-expired secret-mismatch secret-not-expected secret-store-locked
            secret-wrong send-as-denied service-busy session-ended sign-in-frequency sign-in-host-timeout
            sign-in-revoked signing-in-does-not-help silent-sign-in-without-session single-tenant-app slow-down
            smtp-auth-disabled-mailbox smtp-auth-disabled-tenant smtp-credentials-incorrect smtp-daily-limit
            smtp-not-authenticated smtp-password-refused smtp-security-defaults smtp-service-not-active
            smtp-temporary-error smtp-token-refused smtp-too-many-connections smtp-unrecognised-auth smtp-user-not-valid
            spa-code-outside-browser spa-token-24-hours spa-without-pkce stale-cache starttls-port-spoken-to-in-tls
            state-mismatch step-outside-sign-in tenant-does-not-exist tenant-in-national-cloud tenant-not-derivable
            tenant-restrictions tenant-throttled token-command-says-later token-command-says-settings
            token-command-wants-sign-in token-file-loose token-file-malformed token-file-missing token-file-unreadable
            token-for-itself token-malformed token-of-another-user unauthorized-client unknown-client unknown-device
            unknown-imap unknown-local unknown-network unknown-page unknown-pop unknown-redirect unknown-smtp
            unknown-text unknown-token user-code-expired user-not-assigned user-not-in-directory wrong-password
            wrong-verb-or-endpoint xoauth2-json-refusal xoauth2-not-offered""";

    static Set<String> ids() { return Failures.all().stream().map(Cause::id).collect(Collectors.toSet()); }

    @Test void of_version_1_0_are_all_there() {
        var missing = new HashSet<>(List.of(OF_VERSION_1_0.strip().split("\\s+")));
        missing.removeAll(ids());
        assertEquals(Set.of(), missing, "ids that programs may rely on");
    }

    @Nested class The_index {
        /** {@code | [some-id](page.md#some-id) | What happened. |} */
        private static final Pattern ROW = Pattern.compile("\\| \\[([^]]+)]\\(([^)#]+)#([^)]+)\\) \\| (.*) \\|");

        record Entry(String page, String anchor, String what) { }

        static Map<String, Entry> entries() {
            var entries = new HashMap<String, Entry>();
            Documents.text(Documents.root().resolve("failures/README.md")).lines().map(ROW::matcher).forEach(row -> {
                if (row.matches())
                    assertEquals(null, entries.put(row.group(1), new Entry(row.group(2), row.group(3), row.group(4))),
                            row.group(1) + " twice");
            });
            return entries;
        }

        @Test void names_every_cause_and_no_other() { assertEquals(ids(), entries().keySet()); }

        @Test void says_the_same_as_the_entry() {
            for (var cause : Failures.all()) assertEquals(cause.what(), entries().get(cause.id()).what(), cause.id());
        }

        @Test void leads_to_the_heading() throws Exception {
            for (var text : Failures.texts().entrySet())
                for (var line : text.getValue().lines().filter(line -> line.startsWith("## ")).toList()) {
                    var entry = entries().get(line.substring(3));
                    assertEquals(text.getKey() + "#" + line.substring(3), entry.page() + "#" + entry.anchor());
                }
        }
    }
}
