package m365;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Finds the secrets that have a name in front: settings, options, forms, JSON, headers, addresses and protocol commands
 * as programs log and people paste them. Shows nothing; no pattern can run wild.
 */
final class LabelledSecrets {

    /**
     * One way to write a secret down.
     *
     * @param needle  one of these must be there, in small letters; else the pattern is not tried
     * @param pattern group 1 stays, the rest is the secret
     */
    private record Form(List<String> needle, Pattern pattern) {
        Form(String needle, String pattern) { this(List.of(needle.split(" ")), Pattern.compile(pattern)); }
    }

    private static final String QUOTED_OR_WORD = "(?:\"[^\"\\n]*+\"?|'[^'\\n]*+'?|[^\\s\"'&,;<]++)";
    private static final String IS =
            "(?:_?value)?\\\\?[\"'\\])]{0,2}\\s{0,9}(?::=|[:=]>?|->|\u2192|%3d)\\s{0,9}\\\\?";
    private static final String NAMES = "(?:secret|assertion|code_?verifier|device_?code|passwor[dt]\\d?|passwd"
            + "|passphrase|remotepass|(?<![a-z])(?:\\w{1,9}_)?pass|pwd|kennwort|wachtwoord|mot de passe"
            + "|contrase\u00f1a|senha|has\u0142o)";

    private static final List<Form> FORMS = List.of(
            // 'client_secret': '…', Password = "…", 'password' => '…', %3D in an address inside an address
            new Form("secret assertion verifier device pass pwd kennwort wachtwoord contrase senha has\u0142o",
                    "(?i)(" + NAMES + IS + ")" + QUOTED_OR_WORD),
            // but not "/home/jan/refresh_token: No space left on device"
            new Form("token", "(?i)((?:refresh|access|id)_?token" + IS + ")"
                    + "(?!(?<=: )[A-Za-z]{1,15}[ .])" + QUOTED_OR_WORD),
            new Form("token", "(?i)(\\b(?:refresh|access|id)[ -]token[\"']?\\s{0,9}[:=]\\s{0,9}[\"']?)"
                    + "(?=\\S{0,99}\\d)(?![/~])[^\\s\"',;]{16,}+"),
            // --password2 x, --client-secret=x, -pass pass:x, curl -u user:x
            new Form("--", "(?i)(--[a-z-]{0,20}(?:pass|password|passwd|secret|token)\\d?(?:[ =]|\\s{1,9}))(?!-)"
                    + QUOTED_OR_WORD),
            new Form("pass:", "(?i)(\\bpass:)\\S++"),
            new Form("-u --user", "(?i)((?<![\\w-])(?:-u|--user)[ =][\"']?[^\\s:\"']{1,99}:)[^\\s\"']++"),
            // "my password is x", -Password x, ["--password", "x"], setPassword("x"), name="Password" value="x"
            new Form("password passwort kennwort wachtwoord passe contrase senha", "(?i)((?:password|passwort|kennwort"
                    + "|wachtwoord|mot de passe|contrase\u00f1a|senha)\\s{1,9}(?:is|ist|lautet|est|es|to|was)\\s{1,9})"
                    + "(?!(?:not|no|nicht|niet|in|un|a|the|too|wrong|expired?|required|correct|abgelaufen|falsch)"
                    + "\\w{0,12}\\b)" + QUOTED_OR_WORD),
            // "pw x": a word with a digit
            new Form("pw passw kennwort wachtwoord passe contrase senha has\u0142o",
                    "(?i)(\\b(?:pwd?|passwor[dt]|passwd|kennwort|wachtwoord|mot de passe|contrase\u00f1a|senha"
                    + "|has\u0142o)\\s{1,3})(?=[^\\s\\d]{0,40}\\d)\\S++"),
            new Form("-pass -string", "(?i)((?<![\\w-])-(?:pass(?:word|phrase)?|storepass|string)\\s{1,9})"
                    + QUOTED_OR_WORD),
            new Form("pass secret", "(?i)(--[a-z-]{0,20}(?:pass\\w{0,6}|secret)\\d?[\"']\\s{0,9},\\s{0,9})"
                    + QUOTED_OR_WORD),
            new Form("password( secret(", "(?i)((?:password|secret)\\(\\s{0,9})(?:\"[^\"\\n]*+\"?|'[^'\\n]*+'?)"),
            new Form("password secret", "(?i)((?:password|secret)[\"'>][^\\n<]{0,40}\\bvalue[\"']?\\s{0,9}[:=]\\s{0,9})"
                    + QUOTED_OR_WORD),
            new Form("password secret", "(?i)([\"'](?:password|secret)[\"']\\s{0,9},\\s{0,9})" + QUOTED_OR_WORD),
            new Form("password", "(?im)(^\\s{0,20}(?:ENV|setx|export)\\s{1,9}\\w{0,30}PASSWORD\\s{1,9})"
                    + QUOTED_OR_WORD),
            // lines of msmtp, netrc, fetchmail, mbsync; the command that prints it
            new Form("pass", "(?im)(^[\\s>]{0,20}pass(?:word|wd)?[ \\t]{1,9})" + QUOTED_OR_WORD + "(?=\\s*$)"),
            new Form("pass", "(?i)(\\b(?:login|user(?:name)?|is)\\s{1,9}\\S{1,99}\\s{1,9}"
                    + "(?:(?:there|with|has)\\s{1,9}){0,3}pass(?:word)?\\s{1,9})" + QUOTED_OR_WORD),
            new Form("echo printf", "(?i)((?:pass|token|secret)[^\\n]{0,60}\\b(?:echo|printf)\\s{1,9}"
                    + "(?:-\\w{1,3}\\s{1,9})?)[^\\n|]++"),
            // addresses: a code, a password before the host
            new Form("code", "(?i)((?:(?<![a-z_])|(?<=%3f|%26))code(?:=|%3d))[^\\s\"'&]{12,}+"),
            new Form("code", "(?i)((?<![a-z_])[\"']code[\"']\\s{0,9}:\\s{0,9}[\"'])[^\"'\\s]{40,}+"),
            new Form("://", "(://[^\\s/:\"'<>]{1,120}:)(?!\\d{1,5}[/?#\\s])[^\\s\"'<>]{1,200}(?=@[\\w.\\[])"),
            // headers and protocol commands
            new Form("bearer basic", "(?i)((?<![a-z])(?:bearer|basic)(?:\\s{1,9}|%20))(?=[^\\s]{0,99}[\\d=])"
                    + "[\\w~+/.=-]{8,}+"),
            new Form("authorization", "(?i)(authorization[\"']?\\s{0,9}[:=]\\s{0,9}[\"']?(?:\\w{1,20}\\s{1,9})?)"
                    + "[\\w~+/.=-]{6,}+"),
            new Form("auth", "(\\bAUTH(?:ENTICATE)?[ ,'\"]{1,9}(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|NTLM|CRAM-MD5)"
                    + "[ ,'\"]{1,9})(?!(?:and|as|authentication|but|command|error|failed|"
                    + "is|login|mechanism|method|not|only|over|rejected|requires?|response|returned|then|to|"
                    + "unsuccessful|was|with)\\b)[^\\s'\"]{4,}+"),
            new Form("login", "(?m)(^(?:[CS]: ?|[<>] ?)?\\w{1,9} LOGIN (?!failed)(?:\"[^\"\\n]*+\"|\\S++) )\\S.*+$"),
            new Form("login", "(\\b[A-Za-z]{0,9}\\d{1,9} LOGIN (?!failed)(?:\"[^\"\\n]*+\"|\\S++) )"
                    + "(?:\"[^\"\\n]*+\"?|[^\\s\"']++)"),
            new Form("login( authenticate( credential(",
                    "(?i)((?:login|authenticate|credentials?)\\(\\s{0,9}[\"'][^\"'\\n]{0,99}[\"']"
                    + "\\s{0,9},\\s{0,9})(?:\"[^\"\\n]*+\"?|'[^'\\n]*+'?)"),
            new Form("pass", "(?m)((?:^|[<>:'\"\\]|\u2192-] ?)PASS )(?!(?:command|failed|is|or|and)\\b)"
                    + "[^\\s'\"].*+$"),
            new Form("apop", "(\\bAPOP \\S{1,99} )\\S++"),
            new Form("<", "(?i)(<(?:pass(?:word)?|secret|clientsecret|(?:access|refresh)token)>)[^<\\n]++"));

    /** @return the characters that are secret */
    static BitSet in(String text) {
        var found = new BitSet();
        var small = text.toLowerCase(Locale.ROOT);
        for (var form : FORMS) {
            if (form.needle().stream().noneMatch(small::contains)) continue;
            for (var match = form.pattern().matcher(text); match.find();) found.set(match.end(1), match.end());
        }
        return found;
    }

    private LabelledSecrets() { }
}
