package m365;

import java.util.regex.Pattern;

/**
 * Takes out of a text what it says not to be the case: "has not expired", "Disabled : False", "0 blocked", "will be
 * switched off in March", and whole questions as "Does my app need admin consent?". What is left may tell a failure.
 */
final class Denials {

    private static final String BAD = "(?:expired|disabled|deactivated|(?:switch(?:ed)?|turn(?:ed)?|shut) off|blocked"
            + "|locked|revoked|wrong|incorrect|refused|rejected|required|needed|necessary|fail(?:ed)?)\\b";
    private static final String MICROSOFTS = "(?:error )?AADSTS\\d{4,8}";

    /** What is over, was given, is somebody else's, or was sent to catch a password. */
    private static final Pattern BEHIND = Pattern.compile("(?i)"
            + MICROSOFTS + "[^.!?]{0,40} (?:was|is|has been|got) (?:now )?(?:fixed|solved|resolved|gone)\\b"
            + "|" + MICROSOFTS + ", (?:solved|fixed|done|gel\u00f6st|behoben|erledigt)\\b"
            + "|(?:last (?:week|month|year)|yesterday|previously|earlier)\\b[^.!?]{0,80}" + MICROSOFTS
            + "(?=.{0,300}\\b(?:now|today|since then|this time)\\b)"
            + "|\\b(?:I|we|ich|wir|s?he|friend|colleague|kolleg\\w{1,3}|others) "
            + "(?:had|has|have|hatten?|gets?|got|sees?) " + MICROSOFTS
            + "(?=.{0,300}\\b(?:now|today|jetzt|maintenant|ahora|adesso|nu|don't|not my)\\b)"
            + "|(?:in contrast to|unlike|other than|\\bread about) " + MICROSOFTS
            + "|" + MICROSOFTS + "(?:\\? no\\b|[^.!?]{0,40} (?:don't|do not) have\\b)"
            + "|\\b(?:was|were|got) (?:\\w{1,12} )?locked\\b"
            + "(?=[^.!?]{0,60}(?:in 20\\d\\d|last |ago|sorted|solved|unlocked)|[.;,] (?:it's |it is )?unlocked)"
            + "|\\badmin(?:istrator)?s? (?:has |have |had |already )(?:already )?"
            + "(?:approved|consented|granted|allowed)\\b"
            + "|\\bconsent (?:has been|was|is) (?:already )?(?:given|granted)"
            + "|\\b(?:mfa|2fa|multi-?factor\\w{0,15}) (?:prompt |request )?(?:is |was |has been )?"
            + "(?:fine|ok|okay|passed|done|works|gone|completed|approved)\\b"
            + "|(?:after|when|once) (?:I )?(?:complet|pass|enter|do|approv|confirm)\\w* (?:the |my )?"
            + "(?:mfa|2fa|\\w{1,3}-factor)"
            + "|\\b(?:mfa|2fa) enabled and .{0,20}without\\b"
            + "|(?<=^|[.!?] )[^.!?]{0,80}, I know\\b"
            + "|\\b(?:got|received|get|erhielt|bekam|re.u|lleg.|recib.|ricevuto|kreeg|ontving) (?:\\w{1,5} )?"
            + "(?:e-?mail|mail|correo)\\b\\W{0,3}[\"\u00ab\u201c\u201e]"
            + "[^\"\u00bb\u201d\u201c]{3,200}[\"\u00bb\u201d\u201c]");

    private static final Pattern DENIED = Pattern.compile("(?i)"
            + "\\bno (?:\\w{1,15} ){0,2}(?:prompts?|challenges?)\\b"
            + "|(?:\\bnot|n't|\\bnever) (?:been |being )?(?:asked|prompted)\\b(?: for [^.,;]{1,30})?|"
            + "(?:\\bnot|n't|\\bno longer|instead of|rather than|\\bnever|would)"
            + " (?:(?:get|getting|got|see|seeing|saw|have|be|an?|the) ){0,3}" + MICROSOFTS
            + "|" + MICROSOFTS + " (?:does not|doesn't|no longer) (?:occur|appear)"
            + "|(?:\\b(?:not|never|no longer|nobody|nothing)|n't)"
            + " (?:(?:been|yet|really|currently|ever|it|is|was|has|have|at all) ){0,3}" + BAD
            + "|(?-i:\\b[Nn]o) (?:login|sign-in|user|account)s? (?:has |have )?" + BAD
            + "|(?:\\b(?:do|does|did) not|n't|\\bnever) (?:want|ask|require|need|demand)s?\\b"
            + "|\\bwill (?:soon |then )?(?:be )?(?:" + BAD + "|retired|require|disable)"
            + "|(?:disabled|expired|locked|blocked|failed|failures?|errors|required)\\w{0,9}[\"']? ?"
            + "(?:[:=] ?[\"']?| )(?:\\$?false|\\$false)\\b"
            + "|(?<![a-z])(?:disabled|expired|locked|blocked|failed|failures?|errors|required)"
            + "[\"']? ?[:=] ?(?:0|no|none)(?=$|[,;.)])"
            + "|(?<![\\d.])\\b(?:0|no) (?:were )?(?:blocked|failed|locked|expired)\\b"
            // German, Dutch
            + "|\\b(?:nicht|nie) (?:(?:mehr|noch|\\w{1,3}) )?(?:abgelaufen|abgeschaltet|ausgeschaltet|deaktiviert"
            + "|gesperrt|blockiert|n.tig|erforderlich|falsch|verlangt)\\b|\\bblo(?:ckiert nichts|kkeert niets)"
            + "|\\bniet (?:verlopen|uitgeschakeld|geblokkeerd|vergrendeld|nodig|vereist)\\b"
            // French, Spanish, Italian, Portuguese, Polish
            + "|\\bn(?:'|e )\\S{1,12} (?:pas|jamais|rien) (?:(?:\u00e9t\u00e9|encore) )?(?:expir|d.sactiv|bloqu"
            + "|verrouill|n.cessaire|requis)\\S*|\\bn(?:'|e )(?:exige|bloque|demande)\\S{0,3} (?:pas|rien)"
            + "|\\bno (?:se |ha |han |est.n? |es |bloquea |exige )?(?:sido )?(?:caducad|desactivad|bloquead|necesari"
            + "|necesita|vencid|expirad|nada)\\S*"
            + "|\\bnon (?:\u00e8 |ha |sono )?(?:stat[aoie] )?(?:scadut|disattivat|disabilitat|bloccat|necessari)\\S*"
            + "|\\bn.o (?:est. |foi |\u00e9 )?(?:expirou|expirad|desativad|bloquead|necess.ri)\\S*"
            + "|\\bnie (?:jest |zosta\\S{1,3} )?(?:zablokowan|wy..czon|wygas|wymagan)\\S*");

    /** To be answered with yes or no, or with how and when; why something fails is no question whether it does. */
    private static final Pattern QUESTION = Pattern.compile("(?im)(?:^|(?<=[.!?] ))"
            + "(?:is|are(?! you )|was|do|does|did|has|have|can|could|should|would|will|how|when|where|which"
            + "|ist|sind|hat|wird|wie|wann|kann|braucht|muss|est-ce|heeft|hoe|wanneer|moet|\u00bf\\S+|come|\u00e8) "
            + "(?![^.?!\\n]{0,200}(?:fix|solve|resolv|get rid|l.s|behe"
            + "|no longer|any ?more|nicht mehr|niet meer|plus|ya no|pi\u00f9))[^.?!:\"'\\d\\n]{3,200}\\?");

    /** Stands for what is not the case; a question leaves its mark. */
    static final String GAP = "\u22ef";

    /** The rest of a line. A server's NO is no denial. */
    static String without(String line) {
        var rest = BEHIND.matcher(line).replaceAll(" " + GAP + " ");
        rest = DENIED.matcher(rest).replaceAll(" " + GAP + " ");
        return QUESTION.matcher(rest).replaceAll(" ? ").strip();
    }

    private Denials() { }
}
