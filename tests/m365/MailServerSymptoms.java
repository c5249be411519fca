//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Symptom.java

package m365;

import java.io.IOException;
import java.util.List;
import stand_in.Conversation;
import stand_in.FakeMail;
import support.Tool;

import static m365.Symptom.Kept.RENEWED;

/** What the mail servers say when they refuse. */
final class MailServerSymptoms {
    private static Symptom imap(String name, String cause, int status, FakeMail server) {
        return new Symptom("IMAP: " + name, cause, status, RENEWED, desk -> desk.imap(server).check());
    }

    private static Symptom login(String cause, int status, String... replies) {
        return imap(String.join(", ", replies), cause, status, FakeMail.imap(Tool.ca()).onXoauth2(replies));
    }

    static List<Symptom> imaps() {
        var ca = Tool.ca();
        return List.of(
            login("imap-token-refused", 69, "NO AUTHENTICATE failed."),
            login("password-login-refused", 69, "NO LOGIN failed."),
            login("password-login-switched-off", 69, "NO Basic authentication is disabled."),
            login("account-blocked", 69,
                "NO LOGIN failed. Account is blocked. Login to your account via a web browser to verify your "
                    + "identity."),
            login("imap-throttled", 75, "NO Request is throttled. Suggested Backoff Time: 299961 milliseconds"),
            login("imap-server-unavailable", 75, "NO Server Unavailable. 15"),
            login("imap-temporarily-unavailable", 75, "NO [UNAVAILABLE] Temporary problem, please try again later"),
            login("imap-command-error-10", 69, "BAD Command Error. 10"),
            login("imap-command-error-11", 69, "BAD Command Argument Error. 11"),
            login("imap-command-error-12", 69, "BAD Command Error. 12"),
            login("imap-invalid-state", 69, "BAD Command received in Invalid state."),
            login("unknown-imap", 69, "NO Words that nobody has seen before."),
            imap("authenticated but not connected", "authenticated-but-not-connected", 69,
                FakeMail.authenticatedButNotConnected(ca)),
            imap("the first command fails, then BYE", "authenticated-but-not-connected", 69, FakeMail.imap(ca)
                .on("LIST *", "BAD User is authenticated but not connected.", "* BYE Connection closed. 14",
                    FakeMail.HANG_UP)),
            imap("throttled in the mailbox", "imap-throttled", 75, FakeMail.throttled(ca, 50)),
            imap("AccessTokenExpired in the mailbox", "access-token-ran-out-in-session", 75, FakeMail.imap(ca)
                .on("LIST *", "* BYE Session invalidated - AccessTokenExpired", FakeMail.HANG_UP)),
            imap("hangs up at LIST", "dropped-after-login", 69, FakeMail.imap(ca).on("LIST *", FakeMail.HANG_UP)),
            imap("hangs up at EXAMINE", "dropped-after-login", 69, FakeMail.imap(ca).on("EXAMINE *", FakeMail.HANG_UP)),
            imap("hangs up at the login", "connection-cut", 75, FakeMail.imap(ca).onXoauth2(FakeMail.HANG_UP)),
            imap("refuses in the mailbox, then resets", "authenticated-but-not-connected", 69, FakeMail.imap(ca)
                .on("LIST *", thenResets("BAD User is authenticated but not connected.", "* BYE"))),
            imap("BYE after the greeting", "imap-connection-closed-14", 69, FakeMail.byeAfterGreeting(ca)),
            imap("Connection is closed. 13", "imap-connection-closed-13", 75, FakeMail.imap(ca)
                .onXoauth2("* BYE Connection is closed. 13", FakeMail.HANG_UP)),
            imap("no XOAUTH2", "xoauth2-not-offered", 69, FakeMail.withoutXoauth2(ca)),
            imap("PREAUTH", "xoauth2-not-offered", 69, FakeMail.imap(ca).greeting("* PREAUTH you are in already")),
            imap("a challenge in JSON", "xoauth2-json-refusal", 69, FakeMail.jsonChallenge(ca)));
    }

    /** Says its refusal and is gone with what came after it unread, so that the system resets the connection. */
    private static Conversation thenResets(String... replies) {
        return client -> {
            for (var reply : replies) client.say(reply.startsWith("BAD") ? client.tagged(reply) : reply);
            client.pause(300);
            throw new IOException("gone");
        };
    }

    private static Symptom smtp(String name, String cause, int status, FakeMail server) {
        return new Symptom("SMTP: " + name, cause, status, RENEWED, desk -> desk.smtp(server).check("--smtp"));
    }

    private static Symptom smtpLogin(String cause, int status, String reply) {
        return smtp(reply, cause, status, FakeMail.smtp(Tool.ca()).onXoauth2(reply));
    }

    static List<Symptom> smtps() {
        var ca = Tool.ca();
        return List.of(
            smtpLogin("smtp-token-refused", 69,
                "535 5.7.3 Authentication unsuccessful [AM0PR01CA0123.eurprd01.prod.exchangelabs.com]"),
            smtpLogin("smtp-auth-disabled-mailbox", 69,
                "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be "
                    + "authenticated successfully."),
            smtpLogin("smtp-password-refused", 69,
                "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."),
            smtpLogin("smtp-security-defaults", 69,
                "535 5.7.139 Authentication unsuccessful, user is locked by your organization's "
                    + "security defaults policy."),
            smtpLogin("smtp-temporary-error", 75, "451 4.7.0 Temporary server error. Please try again later. PRX4"),
            smtpLogin("smtp-unrecognised-auth", 69, "504 5.7.4 Unrecognized authentication type"),
            smtpLogin("smtp-user-not-valid", 69,
                "501 5.5.124 Invalid XOAUTH2 auth data - User address provided is not valid"),
            smtpLogin("unknown-smtp", 69, "599 5.9.9 Words that nobody has seen before"),
            smtp("disabled for the tenant", "smtp-auth-disabled-tenant", 69, FakeMail.smtpAuthDisabled(ca)),
            smtp("not allowed to send as", "send-as-denied", 69, FakeMail.smtp(ca)
                .on("MAIL FROM:*",
                    "554 5.2.252 SendAsDenied; jan@uva.example not allowed to send as library@uva.example")),
            smtp("not authenticated", "smtp-not-authenticated", 69, FakeMail.smtp(ca)
                .on("MAIL FROM:*", "530 5.7.57 Client not authenticated to send mail.")),
            smtp("not allowed to send as, then resets", "send-as-denied", 69, FakeMail.smtp(ca)
                .on("MAIL FROM:*",
                    thenResets("550 5.7.60 SMTP; Client does not have permissions to send as this sender"))),
            smtp("wrong credentials, as for a password", "smtp-token-refused", 69, FakeMail.smtp(ca)
                .onXoauth2("535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.")),
            smtp("too many at a time", "smtp-too-many-connections", 75, FakeMail.smtp(ca)
                .on("MAIL FROM:*", "432 4.3.2 Concurrent connections limit exceeded")),
            smtp("the day's limit", "smtp-daily-limit", 75, FakeMail.smtp(ca)
                .on("MAIL FROM:*", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException")),
            smtp("going away", "smtp-service-not-active", 75, FakeMail.smtp(ca)
                .on("MAIL FROM:*", "421 4.3.2 Service not active", FakeMail.HANG_UP)));
    }

    private static Symptom pop(String cause, int status, String reply) {
        return new Symptom("POP: " + reply, cause, status, RENEWED, desk ->
            desk.pop(FakeMail.pop(Tool.ca()).onXoauth2(reply)).check("--pop"));
    }

    static List<Symptom> pops() {
        return List.of(
            pop("pop-token-refused", 69, "-ERR Authentication failure: unknown user name or bad password."),
            pop("pop-password-refused", 69, "-ERR Logon failure: unknown user name or bad password."),
            pop("pop-server-unavailable", 75, "-ERR Server Unavailable. 21"),
            pop("pop-needs-two-lines", 69, "-ERR Protocol error. Connection is closed. 10"),
            pop("unknown-pop", 69, "-ERR Words that nobody has seen before."));
    }

    private MailServerSymptoms() { }
}
