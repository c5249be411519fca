//SOURCES Clean.java Code.java Findings.java Person.java Provider.java

package live;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import m365.RandomText;
import m365.Scrub;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The assumptions about the browser's part: which redirects are accepted, and what comes back. Redeems no code. */
public final class SignIns {
    private final Provider provider;
    private final Person person;
    private final Findings findings;
    private final Clean clean;
    private final String user;

    public SignIns(Provider provider, Person person, Findings findings, Clean clean, String user) {
        this.provider = provider;
        this.person = person;
        this.findings = findings;
        this.clean = clean;
        this.user = user;
    }

    /** With the redirect that we begin with; failing that, tells whether it is the port that is minded. */
    public Optional<Code> overHttp() throws IOException {
        var accepted = "http://localhost is accepted as redirect, and its port is ignored";
        var ended = signIn("http://localhost:8745");
        if (ended.isEmpty()) findings.notTried(accepted, "");
        else findings.that(accepted, ended.get().code().isPresent(), ended.get().inShort());
        if (ended.isEmpty() || ended.get().code().isPresent()) return ended.flatMap(this::looked);
        var withoutPort = signIn("http://localhost");
        if (withoutPort.isPresent())
            findings.that("without a port it is refused as well", withoutPort.get().code().isEmpty(), "accepted");
        return withoutPort.flatMap(Ended::code);
    }

    /** With the one that we go on with after AADSTS50011. */
    public Optional<Code> overHttps() throws IOException {
        var ended = signIn("https://localhost:8745/");
        var accepted = "https://localhost is accepted as redirect, with any port and a slash at its end";
        if (ended.isEmpty()) findings.notTried(accepted, "");
        else findings.that(accepted, ended.get().code().isPresent(), ended.get().inShort());
        return ended.flatMap(Ended::code);
    }

    public void toAnotherPath() throws IOException {
        var ended = signIn("http://localhost:8745/not/registered");
        var refused = "another path is refused, in the browser, with AADSTS50011";
        if (ended.isEmpty()) findings.notTried(refused, "");
        else findings.that(refused, ended.get().page().contains("AADSTS50011"), ended.get().inShort());
    }

    /** How the browser came back: with fields, or with a page in the words of which there is an error. */
    private record Ended(Map<String, String> fields, String page, String state, String verifier, String redirect) {

        Optional<Code> code() {
            return Optional.ofNullable(fields.get("code")).map(code -> new Code(code, verifier, redirect));
        }

        String inShort() {
            var number = page.replaceAll("(?s).*?(AADSTS\\d+).*", "$1");
            return fields.getOrDefault("error", number.startsWith("AADSTS") ? number : "no code came back");
        }
    }

    private Optional<Ended> signIn(String redirect) throws IOException {
        var state = RandomText.of(16);
        var verifier = RandomText.of(32);
        var address = provider.signInAddress(Map.of("redirect_uri", redirect, "state", state, "login_hint", user,
                "code_challenge", challenge(verifier)));
        var end = person.signIn(address, URI.create(redirect)).strip();
        if (end.isEmpty()) return Optional.empty();
        Map<String, String> fields = end.startsWith(redirect) ? fields(end) : Map.of();
        return Optional.of(new Ended(fields, end, state, verifier, redirect));
    }

    private Optional<Code> looked(Ended ended) {
        var fields = ended.fields();
        findings.that("response_mode=query is obeyed: the code stands in the address", fields.containsKey("code"), "");
        findings.that("the state comes back as it was", ended.state().equals(fields.get("state")), "another one");
        var code = fields.get("code");
        clean.never(code);
        findings.that("a code is recognised by its shape in logs", !Scrub.secrets("x " + code).contains(code),
                code.length() + " characters that begin otherwise");
        return ended.code();
    }

    private static String challenge(String verifier) {
        try {
            return RandomText.base64url(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e); // every Java has it
        }
    }

    private static Map<String, String> fields(String address) {
        var fields = new LinkedHashMap<String, String>();
        // Microsoft ends the address with "#".
        for (var field : address.substring(address.indexOf('?') + 1).replaceFirst("#.*", "").split("&")) {
            var pair = field.split("=", 2);
            if (pair.length == 2) fields.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        return fields;
    }
}
