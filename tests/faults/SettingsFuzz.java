package faults;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import m365.AuthorizationRequest;
import m365.ExitStatus;
import m365.IdentityProvider;
import m365.Problem;
import m365.ProblemReport;
import m365.SettingsReader;
import m365.TokenRequest;
import m365.TokenStores;

import static faults.Checks.check;

/** Fuzzes the settings: refused in words that hold no secret, or usable by all that comes after them. */
final class SettingsFuzz {
    private final Lab lab;
    private final String secret;
    private final String password;
    private final Map<String, String> values = InThisJvm.configured();

    SettingsFuzz(Lab lab) {
        this.lab = lab;
        secret = lab.secret("Zq8~planted-secret-of_the-fuzzer");
        password = lab.secret("planted-proxy-password");
    }

    /** Each setting with a usual value and some that are nearly right; the rest is up to the scrambler. */
    private Map<String, List<String>> seeds() {
        var seeds = new TreeMap<String, List<String>>();
        seeds.put("M365_CLIENT_ID", List.of(values.get("M365_CLIENT_ID"), "9e5f94bc"));
        seeds.put("M365_CLIENT_SECRET", List.of(secret, ""));
        seeds.put("M365_AUTHORITY", List.of(values.get("M365_AUTHORITY"), "https://login.microsoftonline.com/adfs",
                "https://localhost:99999/common", "https://a.b2clogin.com/tfp", "https://a.ciamlogin.com/x",
                "https://[::1]/common", "https://u:p@host/x", "https://host/", "https://host", "https://host/..",
                "https://host/a/b", "mailto:x", "https://host:/x", "https://host:-1/x"));
        seeds.put("M365_SCOPES", List.of(values.get("M365_SCOPES"), "https://outlook.office.com/.default",
                "offline_access", "https://a/b https://c/d", "https://h/%00", "https://h:99999/x"));
        seeds.put("M365_REDIRECT_URI", List.of(values.get("M365_REDIRECT_URI"), "http://127.0.0.1",
                "http://localhost:0/", "https://localhost:65536/", "http://localhost:-5/", "http://[::1]/",
                "http:localhost"));
        seeds.put("M365_TOKEN_FILE", List.of("refresh_token", "{user}.token", "~/x", "/", "..", ".", "a/b/c", "~/",
                "x".repeat(5000)));
        seeds.put("M365_TOKEN_READ_COMMAND", List.of("cat x", "pass show 'a b'", "\"", "'", "\\", "a {user}"));
        seeds.put("M365_TOKEN_WRITE_COMMAND", List.of("tee x", "\\\""));
        for (var server : List.of("IMAP", "SMTP", "POP")) {
            seeds.put("M365_" + server + "_HOST", List.of("outlook.office365.com", "::1", "-", ".", ":"));
            seeds.put("M365_" + server + "_PORT", List.of("993", "0", "65536", "00993", "\u0661\u0662"));
        }
        var ca = lab.ca.pemFile().toString();
        seeds.put("M365_CA_FILE", List.of("/etc/hostname", "/", ca, "/dev/null"));
        seeds.put("M365_CLIENT_CERTIFICATE", List.of("/etc/hostname", ca));
        seeds.put("HTTPS_PROXY", List.of("http://proxy:3128", "http://u:" + password + "@proxy", "proxy",
                "socks5://proxy", "http://u:" + password + "@pro xy", "http://proxy:99999"));
        seeds.put("NO_PROXY", List.of("*", ".example", ",,", "login.microsoftonline.com"));
        seeds.put("XDG_RUNTIME_DIR", List.of("/tmp", "/nowhere", "\0"));
        seeds.put("HOME", List.of("/root", "\0", ""));
        return seeds;
    }

    void fuzz(Fault fault) {
        var seeds = seeds();
        var names = new ArrayList<>(seeds.keySet());
        var random = lab.effort.random(2);
        var scrambler = new Scrambler(random);
        new Fuzzer(lab.effort).fuzz(fault, 6_000, List.of(""), ignored -> {
            var env = new HashMap<String, String>();
            env.put("XDG_CONFIG_HOME", "/nowhere");
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                var name = scrambler.one(names);
                boolean scrambled = random.nextInt(3) == 0;
                env.put(name, scrambled ? scrambler.of(seeds.get(name)) : scrambler.one(seeds.get(name)));
            }
            usableOrRefused(env, env.containsKey("M365_AUTHORITY") || random.nextInt(20) == 0);
        });
    }

    private void usableOrRefused(Map<String, String> env, boolean wholly) {
        try {
            use(env, wholly);
        } catch (Problem problem) {
            var told = ProblemReport.tell(problem, "get_token", 80);
            Fuzzer.clean(told);
            check(problem.status() != ExitStatus.BUG, told, "a bug");
            check(!told.contains(secret.substring(4)) && !told.contains(password), "", "a secret was told");
        } catch (RuntimeException e) {
            throw new AssertionError(e + " with " + Scrambler.shown(env.toString()) + " at "
                    + List.of(e.getStackTrace()).stream().limit(5).toList());
        }
    }

    /** What the settings let through must do for what comes after them. */
    private void use(Map<String, String> env, boolean wholly) {
        var settings = SettingsReader.read(values, env);
        TokenStores.of(settings, "jan@uva.nl");
        new TokenRequest(false, null).answer(values, env, new PrintStream(new ByteArrayOutputStream()));
        if (!wholly) return;
        var provider = new IdentityProvider(settings, line -> { }, 0);
        provider.authorizeUrl(AuthorizationRequest.fresh(settings.redirect()), null);
    }
}
