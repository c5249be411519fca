//SOURCES AboutMicrosoft.java
//SOURCES OtherNames.java

package m365;

import java.util.Optional;
import java.util.regex.Pattern;

import static m365.OtherNames.Kind.ACCOUNT;
import static m365.OtherNames.Kind.BESIDE;
import static m365.OtherNames.Kind.PROGRAM;
import static m365.OtherNames.Kind.PROVIDER;
import static m365.OtherNames.Kind.SPEAKS;
import static m365.OtherNames.find;

/**
 * Says whether a failure is about something else than Microsoft 365: another mail provider, or no mail at all. Goes by
 * names of hosts and programs; what the failure means is left to others.
 */
final class OtherService {

    /** Where people have accounts and devices that are no mailbox. */
    private static final Pattern NO_MAILBOX = Pattern.compile("(?i)\\b(?:apple id|amazon|netflix|paypal|ebay|moodle"
            + "|zimbra|windows (?:log|sign|anmeld)|banks?|nas|wi-?fi|credit card|website)\\b");

    /** Who is said to refuse something, whoever else is named beside. */
    private static final Pattern SAID = Pattern.compile("(?i)\\b(Gmail|Google|Yahoo|GMX|AOL|iCloud|Apple"
            + "|Netflix|PayPal|Amazon|SAP|Moodle|Zimbra|Strato|SendGrid|Mailgun|Posteo|Fastmail|Elster"
            + "|AnyConnect|Kopano|Ziggo)"
            + "(?: (?:side|account|mailbox|server))? (?:now |still |then |always )?(?:says|asks|wants|refuses|complains"
            + "|demands|answers|sagt|verlangt|meldet|demande|vraagt|zegt|pide|dice|chiede)\\b"
            + "|\\b(Gmail|Yahoo|GMX|AOL|iCloud|Zoho|Strato|SendGrid|Mailgun|Posteo|Fastmail): [\"']?"
            + "(?:[45]\\d\\d\\b|-ERR)");

    private static final Pattern OUTLOOK = Pattern.compile("(?i)\\boutlook\\b(?![.@-])");

    /** What is said to work is not what fails: "with gmail it works well"; nor where mail goes to, nor one of two. */
    private static final Pattern WORKS_THERE = Pattern.compile("(?i)"
            + "\\b(?:gmail|googlemail|yahoo|gmx|icloud)\\b\\S{0,10} (?:\\([^)]{0,60}\\) )?(?:\\w+ ){0,3}"
            + "works?\\b(?! not)"
            + "|\\bwork(?:s|ing)? (?:\\w+ ){0,3}(?:gmail|googlemail|yahoo|gmx|icloud)\\b\\S{0,10}"
            + "|\\b(?:to|by) (?:my |our |a |the )?(?:gmail|yahoo|gmx|aol)\\b"
            + "|\\b(?:google|gmail|yahoo)(?:,| and| or| und| et| en| y|/| &) ?(?=outlook|office|microsoft|hotmail)");

    /** A mail server's name, or the address of its owner's help. */
    private static final Pattern MAIL_HOST = Pattern.compile("(?<![\\w@.-])"
            + "(?:smtp|imap|pop3?|e?mail|mx|relay|webmail|support)[a-z0-9-]{0,20}(?:\\.[a-z0-9-]{1,40}){1,3}"
            + "\\.(?:[a-z]{2}|com|net|org|edu|gov|info|biz|cloud|email|online|example)(?![\\w(.-])");

    /**
     * Of a text that names nothing of Microsoft's and whose cause nobody knows.
     *
     * @return the program or the mail server that it names
     */
    static Optional<String> named(String text) {
        if (AboutMicrosoft.names(text)) return Optional.empty();
        return !AboutMicrosoft.speaksOfMail(text) ? find(PROGRAM, text)
                : MAIL_HOST.matcher(text).results().map(host -> "the server " + host.group()).findFirst();
    }

    /** Whether a sentence is about another account or provider, and not about one where it works. */
    static boolean tells(String sentence) {
        return NO_MAILBOX.matcher(sentence).find() || !AboutMicrosoft.names(sentence)
                && find(PROVIDER, WORKS_THERE.matcher(sentence).replaceAll("")).isPresent();
    }

    /**
     * @param line the one that was found to tell the failure
     * @return whom it is about, if not Microsoft 365
     */
    static Optional<String> in(String line, String wholeText) {
        var decisive = WORKS_THERE.matcher(line).replaceAll("");
        var text = WORKS_THERE.matcher(wholeText).replaceAll("");
        var own = find(SPEAKS, decisive).or(() -> find(BESIDE, text)).or(() -> speaking(decisive));
        if (own.isPresent()) return own;
        // The program called Outlook reads mail of any provider.
        var elsewhere = AboutMicrosoft.names(OUTLOOK.matcher(decisive).replaceAll("")) ? Optional.<String>empty()
                : find(PROVIDER, decisive);
        if (elsewhere.isPresent() || AboutMicrosoft.names(decisive)) return elsewhere;
        // Mail is mail, whatever container it runs in.
        var program = AboutMicrosoft.speaksOfMail(decisive) ? Optional.<String>empty() : find(PROGRAM, decisive);
        var named = program.or(() -> find(PROVIDER, decisive));
        if (named.isPresent() || AboutMicrosoft.names(text)) return named;
        return find(PROVIDER, text).or(() -> find(ACCOUNT, text));
    }

    private static Optional<String> speaking(String line) {
        return SAID.matcher(line).results()
                .map(who -> who.group(1) != null ? who.group(1) : who.group(2)).findFirst();
    }

    private OtherService() { }
}
