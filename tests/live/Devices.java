//SOURCES Answer.java Clean.java Findings.java Provider.java

package live;

import java.io.IOException;
import java.util.Map;

/** The assumptions about signing in on another device. Nobody needs to sign in there: what is examined comes before. */
public final class Devices {
    private final Provider provider;
    private final Findings findings;
    private final Clean clean;

    public Devices(Provider provider, Findings findings, Clean clean) {
        this.provider = provider;
        this.findings = findings;
        this.clean = clean;
    }

    public void examine() throws IOException {
        var device = provider.deviceCode();
        findings.that("the app may sign in with a code on another device", device.ok(), device.inShort());
        if (!device.ok()) return;
        clean.never(device.text("device_code"));
        clean.never(device.text("user_code"));
        findings.that("the user code has 8 or 9 letters and digits", device.text("user_code").matches("[A-Z0-9]{8,9}"),
                device.text("user_code").length() + " characters");
        findings.that("it is good for 15 minutes", device.text("expires_in").equals("900"), device.text("expires_in"));
        findings.that("it is asked for every 5 seconds", device.text("interval").equals("5"), device.text("interval"));
        var message = device.text("message");
        findings.that("the message has the code and the address", message.contains(device.text("user_code"))
                && message.contains(device.text("verification_uri")), "it has not");
        findings.that("there is no verification_uri_complete", device.text("verification_uri_complete").isEmpty(),
                "there is one");
        var pending = ask(device.text("device_code"));
        findings.that("until somebody signs in, the answer is authorization_pending, AADSTS70016",
                pending.refuses("authorization_pending", 70016), pending.inShort());
        var unknown = ask("unknown");
        findings.that("an unknown device code is bad_verification_code, AADSTS70018",
                unknown.refuses("bad_verification_code", 70018), unknown.inShort());
    }

    private Answer ask(String deviceCode) throws IOException {
        return provider.token(Map.of("grant_type", "urn:ietf:params:oauth:grant-type:device_code",
                "device_code", deviceCode));
    }
}
