//SOURCES Fit.java

package m365;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an answer has to add where a text does not say that it is about a mailbox of Microsoft 365: the same words come
 * from other servers, and the same numbers from Microsoft's other services.
 */
final class AboutMicrosoft {

    /** Names of Microsoft's, other than its programs that have nothing to do with mail; and its mail servers' words. */
    private static final Pattern MICROSOFT = Pattern.compile("(?i)AADSTS|outlook|office ?365|hotmail"
            + "|microsoft(?![ .](?:corporation|visual|word|excel|windows|sql|ole|odbc|jdbc|ace|access|jet|edge|build"
            + "|\\.?net|asp|data|csharp|win32|powershell|(?:c# )?compiler|internet info|iis|remote|store|update)|_)"
            + "|(?<!key.)(?<!token |code |no )(?<!kex_|ssh_)exchange(?! ?rate| student"
            + "|NotAvail|\\w{0,3} (?:the |an? |this )?"
            + "(?:code|token|key)|: ')|\\bmsal\\b|\\blive\\.com|\\bm365|sharepoint|one ?drive|STOREDRV"
            + "|SmtpClientAuth|azure|5\\.7\\.(?:139|57|64|[567]\\d\\d)\\b|5\\.(?:1\\.90|2\\.252)\\b|4\\.7\\.66\\b"
            + "|SendAsDenied|Suggested Backoff|NoLicenseAssigned|\\[RAOP\\]|Need admin approval|TenantAttribution"
            + "|RESOLVER\\.|bad outbound sender|\\bAS\\(\\d|aka\\.ms"
            + "|InvalidAuthenticationToken|NotEnabledForRESTAPI"
            + "|BasicAuthBlocked|authenticated but not connected|\\bS31[45]0\\b|exceeded threshold|AccessTokenExpired"
            + "|entra\\b|\\bo365|\\bowa\\b|msn\\.com|adal\\b|conditional access|public client flow|single[ -]tenant"
            + "|organi[sz]ation's directory");
    private static final Pattern MAIL = Pattern.compile("(?i)imap|smtp|\\bpop3?\\b|mail|outlook|\\bews\\b"
            + "|(?<!kex_|ssh_)exchange|thunderbird|mbsync|isync|\\bmutt|\\bscan(?:ner)?\\b"
            + "|courriel|correo|\\bposta\\b|poczt|postfach|postvak"
            + "|\u90ae\u7bb1|\u90ae\u4ef6|\u30e1\u30fc\u30eb|\uba54\uc77c|\u043f\u043e\u0447\u0442");
    private static final Pattern ELSEWHERE = Pattern.compile("(?i)(terraform|storage account|blob storage"
            + "|blob\\.core\\.windows|container registry|azurecr\\.io|key ?vault|\\baz login\\b|azure ?cli|powershell"
            + "|sharepoint|onedrive|\\bteams\\b|skype|dynamics|power ?bi|devops|databricks|kubernetes|cosmos"
            + "|service ?bus|\\bsql\\b|xbox|minecraft|defender|pkgs\\.dev\\.azure|nuget|EntityFramework"
            + "|Microsoft\\.(?:Compute|Storage|Network|Resources|Web)/|playwright|(?:mcr|packages)\\.microsoft)");

    /** A number beside these is Microsoft's; any printer has error codes of its own. */
    private static final Pattern NUMBERED =
            Pattern.compile("(?i)(?:correlation|request|trace)[ _-]?id|sign|anmeld|connect|acces|local ");

    /** Any product's sign-in is the same. */
    private static final Pattern SIGN_IN = Pattern.compile("(?i)login\\.microsoft|\\bmsal|\\badal");

    /** Whether anything of Microsoft's is named. */
    static boolean names(String text) { return MICROSOFT.matcher(text).find(); }

    /** Whether mail is spoken of, whoever's it is. */
    static boolean speaksOfMail(String text) { return MAIL.matcher(text).find(); }

    /**
     * @param tier by what the cause was recognised
     * @return a sentence to go with the cause
     */
    static Optional<String> remark(String text, Fit.Tier tier) {
        if (text.strip().indexOf(' ') < 0) return Optional.empty();
        boolean named = tier == Fit.Tier.NUMBER && NUMBERED.matcher(text).find();
        if (!named && !names(text))
            return Optional.of("There is nothing of Microsoft 365 in the text: it may be about "
                    + "something else, for instance another server.");
        return elsewhere(text).map(product -> "The text is about " + product
                + ", not about a Microsoft 365 mailbox; the cause is the same.");
    }

    /** Which of Microsoft's other products the text is about, if it does not speak of mail. */
    static Optional<String> elsewhere(String text) {
        var product = ELSEWHERE.matcher(text);
        boolean ours = speaksOfMail(text) || SIGN_IN.matcher(text).find();
        return !ours && product.find() ? Optional.of(product.group(1)) : Optional.empty();
    }

    private AboutMicrosoft() { }
}
