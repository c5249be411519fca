package faults;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import m365.Explanation;
import m365.Redirect;
import m365.Text;
import m365.TokenCache;

import static faults.Checks.check;
import static faults.Fuzzer.clean;
import static faults.Scrambler.STATE;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Fuzzes what reads the words of persons and browsers, and MSAL's cache. */
final class ReaderFuzz {
    private static final String CODE = "1.AXYAcodecodecode-" + "abcdEFGH0123_".repeat(20);
    private static final List<String> PASTED = List.of(
            "https://localhost:8745/?code=" + CODE + "&state=" + STATE + "&session_state=x",
            "code=" + CODE + "&state=" + STATE, CODE,
            "https://localhost:8745/?error=access_denied&error_description=AADSTS65004%3a+User+declined&state=" + STATE,
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x",
            "AADSTS50011: The redirect URI does not match",
            "'http://localhost/?state=" + STATE + "&code=" + CODE + "#'",
            "", "\"".repeat(60_000) + "x", " ".repeat(60_000) + "x");
    private static final List<String> SENT = List.of("code=" + CODE + "&state=" + STATE,
            "state=" + STATE + "&error=access_denied&error_description=no", "code=" + CODE, "null", "",
            "state=" + STATE, "code=" + CODE + "&state=" + STATE + "&state=" + STATE, "c%6fde=x&st%61te=" + STATE);
    private static final List<String> EXPLAINED = List.of("AADSTS50011", "50011",
            "AADSTS700016: Application with identifier 'x' was not found\r\n"
                    + "Trace ID: 11111111-2222-3333-4444-555555555555\r\nTimestamp: 2024-01-01",
            "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70008: expired\",\"error_codes\":[70008],"
                    + "\"suberror\":\"bad_token\"}",
            "A1 NO AUTHENTICATE failed.",
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled",
            "https://localhost/?error=access_denied&error_description=AADSTS65004%3a+x&state=y",
            "javax.net.ssl.SSLHandshakeException: PKIX path building failed", "Connection refused", "",
            "local token-file-missing", "a_".repeat(15_000), " ".repeat(31_000), "eyJ".repeat(10_000),
            "AUTH ".repeat(6_000), "error=".repeat(5_000), "\"".repeat(30_000));

    private final Lab lab;
    private final Fuzzer fuzzer;

    ReaderFuzz(Lab lab) {
        this.lab = lab;
        fuzzer = new Fuzzer(lab.effort);
    }

    void pasted(Fault fault) { fuzzer.fuzz(fault, 5_000, PASTED, ReaderFuzz::pasted); }

    private static void pasted(String line) {
        boolean hasState = line.replaceAll("\\s", "").contains("state");
        var read = Redirect.pasted(line, STATE, Map.of());
        if (read instanceof Redirect.Stray stray) clean(stray.why());
        else if (read instanceof Redirect.Declined) check(hasState, "", "declined without a state");
        else check(Text.printable(((Redirect.Code) read).code().reveal()) || hasState, "", "a code that cannot be one");
    }

    void sent(Fault fault) { fuzzer.fuzz(fault, 20_000, SENT, ReaderFuzz::sent); }

    private static void sent(String query) {
        var read = Redirect.read(query, STATE);
        if (read instanceof Redirect.Stray stray) clean(stray.why());
        else check(query.contains("state") || query.contains("%"), "", "taken without its state");
        boolean isStray = Redirect.read(query, STATE + "x") instanceof Redirect.Stray;
        check(isStray || query.contains(STATE + "x"), "", "taken for another attempt");
    }

    void explained(Fault fault) {
        var values = InThisJvm.configured();
        fuzzer.fuzz(fault, 400, EXPLAINED, text -> {
            var told = new Explanation(text, values, Map.of(), null).text(80);
            check(!told.isBlank(), "", "nothing was explained");
            clean(told);
        });
    }

    void cache(Fault fault) {
        var home = lab.home(lab.login()).signedIn();
        home.get_token("--access-token").runHere().printsToken();
        var real = Disk.read(home.cache());
        var seeds = List.of(real, real, "{}", "{\"AccessToken\":{}}", real.replace("{", "{\n  "),
                real.replaceAll("\"expires_on\":\"\\d+\"", "\"expires_on\":\"31556889864403199\""),
                real.replaceAll("\"(expires_on|cached_at)\":\"\\d+\"", "\"$1\":\"-31557014167219200\""),
                "[".repeat(100_000), "{\"a\":".repeat(20_000));
        fuzzer.fuzz(fault, 5_000, seeds, text -> TokenCache.read(text).ifPresent(cached ->
                check(Text.printable(cached.accessToken().reveal()), "", "a token that cannot be one")));
        var scrambler = new Scrambler(lab.effort.random(1));
        for (int i = 0; i < lab.effort.inputs(40); i++) {
            int n = i;
            var text = n < seeds.size() ? seeds.get(n) : scrambler.of(seeds);
            fault.attempt("cache file " + n, () -> {
                Files.write(home.cache(), text.getBytes(n % 5 == 4 ? UTF_16 : UTF_8));
                home.get_token("--status").runHere().exits(0);
                home.get_token("--status", "--json").runHere().exits(0);
                home.get_token("--access-token").runHere().exits(0);
                check(home.login.secrets().contains(home.stored()), "", "the token was lost");
            });
        }
    }
}
