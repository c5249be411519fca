//SOURCES AboutMicrosoft.java

package m365;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says whether a failure is about something else than Microsoft 365: another mail provider, or no mail at all. Goes by
 * names of hosts and programs; what the failure means is left to others.
 */
final class OtherService {

    /** Whose hosts and words stand in the text. */
    private static final Map<String, Pattern> PROVIDERS = table("""
            Gmail (Google): (?<![@\\w-])(?:gmail(?!\\.(?:tokens?|py|json|conf|txt)\\b)|googlemail)(?![\\w-])
            Gmail (Google): (?<![@\\w-])(?:accounts\\.google|google\\.com)(?![\\w-])|googleapis
            Gmail (Google): Invalid credentials \\(Failure\\)|log in via your web browser
            Gmail (Google): Application-specific password|WEBALERT|\\bgsmtp\\b
            Gmail (Google): Username and Password not accepted|534[ -]5\\.7\\.9
            Gmail (Google): oauth2-google|Provider.{1,2}Google\\b|\\bgoogle[._]auth
            Gmail (Google): error_description"\\s?:\\s?"Bad Request"|Token has been expired or revoked|\\bgcloud\\b
            Gmail (Google): \\bGoogle\\b(?! (?:Authenticator|Chrome|Play|Pixel))|["']google["']
            Gmail (Google): email account that you tried to reach is over quota
            Yahoo: (?<!@)\\byahoo(?:apis)?\\b
            AOL: (?<!@)\\baol\\.com
            iCloud (Apple): (?<!@)\\bicloud\\b|mail\\.me\\.com
            Fastmail: (?<!@)\\bfastmail\\b
            Zoho: (?<!@)\\bzoho\\b
            GMX or WEB.DE: \\bGMX\\b|(?<!@)\\b(?:gmx|web)\\.(?:de|net|com)\\b
            Proton Mail: (?<!@)\\bproton(?:mail)?\\b
            Yandex: (?<!@)\\byandex\\b
            Mail.ru: (?<!@)\\bmail\\.ru\\b
            QQ or NetEase mail: (?<!@)\\b(?:qq|163|126)\\.com\\b
            Amazon SES: Authentication Credentials Invalid|\\bAmazon SES\\b
            Amazon SES: email address is not verified|amazonses|email-smtp\\.[a-z0-9-]{1,30}\\.amazonaws
            Brevo: \\bbrevo\\b|sendinblue
            a mail server that is not Microsoft's: \\bDovecot (?:\\([\\w ]{1,20}\\) )?ready|\\bcourier\\b|Cyrus IMAP
            a mail server that is not Microsoft's: \\b(?:hMailServer|MDaemon|Kerio Connect|IceWarp|SmarterMail)\\b
            SendGrid: \\bsendgrid\\b
            Mailgun: \\bmailgun\\b
            IONOS or Strato: \\b(?:ionos|1und1)\\.|\\bstrato\\b
            OVH: \\bovh\\.(?:net|com)\\b
            Mailbox.org: \\bmailbox\\.org\\b
            Comcast: comcast\\.net
            Aruba: \\baruba\\.it\\b|\\baruba pec\\b
            AOL: (?<!@)\\bAOL\\b(?!\\.)
            Posteo: (?<!@)\\bposteo\\b
            Zimbra: \\bzimbra\\b
            Kopano: \\bkopano\\b
            WP.pl: \\bwp\\.pl\\b
            """);

    /** Whose account it is, if nothing else is named: an address elsewhere may be any recipient's. */
    private static final Map<String, Pattern> ACCOUNTS = table("""
            Gmail (Google): \\b(?:mailbox|account|user|username|login)[ :='\"]{1,3}\\S{1,60}@(?:gmail|googlemail)\\.com
            another mail server: \\b535[ -]5\\.7\\.8\\b
            another mail server (Exim): 535 Incorrect authentication data
            Yahoo: \\b(?:mailbox|account|user|username|login)[ :='\"]{1,3}\\S{1,60}@yahoo\\.
            """);

    /** Who speaks in the decisive line, whomever it speaks of. */
    private static final Map<String, Pattern> OWN = table("""
            a mail server of your own (Postfix): 5\\.7\\.8 Error: authentication failed|\\bsaslauthd\\b
            a mail server of your own (Postfix): \\bNOQUEUE: reject|rejected due to: SPF
            a mail server of your own (Dovecot): \\bdovecot(?:\\[\\d+\\])?: (?:imap|pop3|auth|submission)(?:-\\w+)?\\b
            a mail server of your own (Postfix): postfix/(?:[a-z-]{1,20}/)?smtpd\\[
            a mail server of your own (Dovecot): \\bauth(?:-worker)?(?:\\(\\d+\\))?: (?:[EI]\\w+: )?(?:passwd|pam|sql)
            a mail server of your own (Dovecot): \\b(?:imap|pop3|submission)-login: (?:Disconnected|Aborted login)
            """);

    /** Microsoft's too, but with registrations and rights of their own. */
    private static final Map<String, Pattern> NEIGHBOURS = table("""
            NuGet: \\bNU1\\d{3}\\b|pkgs\\.dev\\.azure
            Azure Communication Services: azurecomm\\.net|communication\\.azure\\.com
            """);

    /** Who speaks in the decisive line. */
    private static final Map<String, Pattern> PROGRAMS = table("""
            PostgreSQL: \\bpostgres|\\bpsql\\b|pg_hba|FATAL: {1,3}password authentication
            PostgreSQL: \\bport 5432\\b|:5432\\b
            MySQL or MariaDB: \\bmysql|\\bmariadb|\\(using password: |:3306\\b
            MongoDB: mongo|:27017\\b
            Redis: -ERR (?:wrong number of arg|value is not|Protocol error: |unknown command `)
            Redis: \\bredis\\b|\\bWRONGPASS\\b|:6379\\b|NOAUTH Auth
            Elasticsearch: elasticsearch|:9200\\b
            SQLite: \\bsqlite
            Microsoft SQL Server: \\bsqlcmd\\b|Login failed for user
            Oracle's database: \\bORA-\\d{5}\\b
            SSH: \\b(?:kex|ssh)_exchange|Failed password for|\\bpublickey\\b|\\bport 22\\b
            SSH: \\bsshd?\\b(?! session|'d|'ed|ed)
            Docker: \\bdocker(?:d|\\.sock)?\\b|\\bregistry-1\\b|\\b(?:gcr|ghcr|quay)\\.io\\b
            Kubernetes: \\bkubectl|\\bkubelet|\\bkubernetes|:6443\\b
            Git hosting: \\bgit@|fatal: .{0,80}git(?:hub|lab)\\.com|\\bgit (?:push|clone|pull)\\b
            Git hosting: remote: (?:invalid|support for password)|\\bto merge\\b|pull request
            npm: \\bnpm (?:err|http)|registry\\.npmjs
            Python packages: \\bpip\\b.{0,40}(?:install|index)|pypi\\.org|files\\.pythonhosted
            Maven: repo\\.maven|maven\\.apache|gradle
            apt: \\bapt(?:-get)?:|archive\\.ubuntu|deb\\.debian
            LDAP: \\bldap(?:s?(?:_|\\b)|err|js)
            Kerberos: \\bkinit\\b|\\bKDC\\b|krb5
            Samba (SMB): NT_STATUS_|\\bsmbclient\\b|mount error
            FTP: \\b(?:vsftpd|sftp|ftps?)\\b|530 Login (?:incorrect|auth)
            FTP: 530 Please login with USER|550 (?:Failed to change dir|No such file)|Could not create file
            MQTT: mosquitto|\\bmqtt\\b
            a VPN: openvpn|wireguard|\\bipsec\\b|\\bAUTH_FAILED\\b
            sudo or PAM: \\bpam_[a-z]+|\\bsu(?:do)?:
            WordPress: not registered on this site|\\bwp-login\\b
            Amazon Web Services: amazonaws\\.com|\\baws\\b
            RabbitMQ: rabbitmq|\\bamqp\\b|:5672\\b
            nginx: \\bnginx\\b
            Wi-Fi: wpa_supplicant
            a printer: \\bcups
            Slack: \\bslack\\b
            code signing: \\b(?:jarsigner|signtool|codesign)\\b
            Telegram: api\\.telegram
            GitHub: (?:api|docs)\\.github\\.com|"Bad credentials"|registrationId=github
            Dropbox: \\bdropbox\\b
            Spotify: \\bspotify\\b
            DocuSign: \\bdocusign\\b
            Discord: \\bdiscord\\b
            Jenkins: \\bjenkins\\b
            Kafka: \\bkafka\\b|:9092\\b
            Keycloak: \\bkeycloak\\b
            Okta or Auth0: \\bokta(?:preview)?\\b|\\bauth0\\b
            QuickBooks (Intuit): \\bintuit|quickbooks
            Salesforce: salesforce|expired access/refresh token
            Zoom: \\bzoom\\.us\\b
            """);

    /** Where people have accounts and devices that are no mailbox. */
    private static final Pattern NO_MAILBOX = Pattern.compile("(?i)\\b(?:apple id|amazon|netflix|paypal|ebay|moodle"
            + "|zimbra|windows (?:log|sign|anmeld)|banks?|nas|wi-?fi|credit card|website)\\b");

    /** Who is said to refuse something, whoever else is named beside. */
    private static final Pattern SPEAKS = Pattern.compile("(?i)\\b(Gmail|Google|Yahoo|GMX|AOL|iCloud|Apple"
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
        return !AboutMicrosoft.speaksOfMail(text) ? named(PROGRAMS, text)
                : MAIL_HOST.matcher(text).results().map(host -> "the server " + host.group()).findFirst();
    }

    /** Whether a sentence is about another account or provider, and not about one where it works. */
    static boolean tells(String sentence) {
        return NO_MAILBOX.matcher(sentence).find() || !AboutMicrosoft.names(sentence)
                && named(PROVIDERS, WORKS_THERE.matcher(sentence).replaceAll("")).isPresent();
    }

    /**
     * @param line the one that was found to tell the failure
     * @return whom it is about, if not Microsoft 365
     */
    static Optional<String> in(String line, String wholeText) {
        var decisive = WORKS_THERE.matcher(line).replaceAll("");
        var text = WORKS_THERE.matcher(wholeText).replaceAll("");
        var own = named(OWN, decisive).or(() -> named(NEIGHBOURS, text)).or(() -> speaking(decisive));
        if (own.isPresent()) return own;
        // The program called Outlook reads mail of any provider.
        var elsewhere = AboutMicrosoft.names(OUTLOOK.matcher(decisive).replaceAll("")) ? Optional.<String>empty()
                : named(PROVIDERS, decisive);
        if (elsewhere.isPresent() || AboutMicrosoft.names(decisive)) return elsewhere;
        // Mail is mail, whatever container it runs in.
        var program = AboutMicrosoft.speaksOfMail(decisive) ? Optional.<String>empty() : named(PROGRAMS, decisive);
        var named = program.or(() -> named(PROVIDERS, decisive));
        if (named.isPresent() || AboutMicrosoft.names(text)) return named;
        return named(PROVIDERS, text).or(() -> named(ACCOUNTS, text));
    }

    private static Optional<String> speaking(String line) {
        return SPEAKS.matcher(line).results()
                .map(who -> who.group(1) != null ? who.group(1) : who.group(2)).findFirst();
    }

    private static Optional<String> named(Map<String, Pattern> services, String text) {
        return services.entrySet().stream().filter(service -> service.getValue().matcher(text).find())
                .map(Map.Entry::getKey).findFirst();
    }

    /** A name, a colon and an expression in each line; a name may have several. */
    private static Map<String, Pattern> table(String rows) {
        var expressions = new LinkedHashMap<String, String>();
        rows.lines().forEach(row -> {
            int colon = row.indexOf(": ");
            expressions.merge(row.substring(0, colon), row.substring(colon + 2), (a, b) -> a + "|" + b);
        });
        var patterns = new LinkedHashMap<String, Pattern>();
        expressions.forEach((name, regex) -> patterns.put(name, Pattern.compile(regex, Pattern.CASE_INSENSITIVE)));
        return patterns;
    }

    private OtherService() { }
}
