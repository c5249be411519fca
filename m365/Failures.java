//JAVA 17+
//FILES failures.tsv

import java.io.IOException;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Says what a failure means: the reader of {@code failures.tsv}, where the knowledge is. Loaded only when something has
 * failed. Knows nothing of settings, tokens or servers, and throws on no input.
 */
public final class failures {

    private failures() { }

    /**
     * What a failure means: one row of {@code failures.tsv}, which is read when something has failed and not before.
     * Microsoft may change numbers and texts at any time; so whatever is not known falls back to something more general,
     * and in the end to the row {@code unknown-text}. Nothing here throws on odd input.
     *
     * @param id     never changes, programs may rely on it
     * @param where  where it shows up: page redirect token device imap smtp pop network local client
     * @param signal how it is recognised, see {@link #rank}
     * @param act    what to do in one word: wait, sign-in, configuration, admin or none
     * @param why    the causes, most likely first
     * @param steps  what to type or whom to ask; {@link #fill} replaces what stands in braces
     */
    record Cause(String id, List<String> where, String signal, String act, String what, List<String> why,
            List<String> steps, List<String> examples) {

        private static final int LONGEST = 32_000;

        /** The rows in the order of the file, which decides between equals. */
        private static final class Table {
            static final List<Cause> ROWS = read();

            private static List<Cause> read() {
                try (var file = Cause.class.getResourceAsStream("/failures.tsv")) {
                    if (file != null) return new String(file.readAllBytes(), UTF_8).lines().skip(1)
                            .map(line -> line.split("\t")).filter(cells -> cells.length == 8).map(Table::row).toList();
                } catch (IOException e) { /* told below, like a missing file */ }
                return List.of(row(new String[] {"unknown-text", "local", "text ^", "none",
                        "The list of causes (failures.tsv) is missing from this program.", "It was not packed completely.",
                        "Install it again.", "failures.tsv"}));
            }

            private static Cause row(String[] cells) {
                return new Cause(cells[0], List.of(cells[1].split(" ")), cells[2], cells[3], cells[4],
                        several(cells[5]), several(cells[6]), several(cells[7]));
            }

            private static List<String> several(String cell) { return List.of(cell.split(" \\| ")); }
        }

        static List<Cause> all() { return Table.ROWS; }

        /** The cause that explains {@code seen} best; there always is one. A number decides only if the list knows it. */
        static Cause of(Signal seen) {
            for (var code : seen.codes()) {
                var known = best(seen, code);
                if (known.rank(seen, code) >= 2 * NUMBER) return known;
            }
            return best(seen, "");
        }

        private static Cause best(Signal seen, String code) {
            Cause best = Table.ROWS.get(Table.ROWS.size() - 1);
            int highest = 0;
            for (var row : Table.ROWS) {
                int rank = row.rank(seen, code);
                if (rank > highest) { highest = rank; best = row; }
            }
            return best;
        }

        /** What a number, an error text, a redirect address, an answer in JSON, a log line or a server's line means. */
        static Cause explain(String pasted) {
            var name = pasted == null ? "" : pasted.strip();
            return Table.ROWS.stream().filter(row -> row.id.equals(name)).findFirst().orElseGet(() -> of(Signal.read(pasted)));
        }

        /**
         * How well the signal fits, 0 if not at all. It reads {@code AADSTS 50011 50012}, {@code error invalid_grant},
         * {@code suberror bad_token}, {@code text <regex>}, {@code line <regex>} (the same within one line, where {@code ^}
         * is its start) or {@code local <name>}; {@code &&} joins conditions, {@code ||} alternatives. A number beats a
         * suberror, that an error, that a text; two conditions beat one of the same kind. A row called unknown-… is its
         * place's last resort.
         */
        private int rank(Signal seen, String code) {
            boolean lastResort = id.startsWith("unknown-");
            boolean here = where.contains(seen.where());
            if (lastResort && !seen.where().isEmpty() && !seen.where().equals("local")) return here ? 1 : 0;
            int highest = 0;
            for (var alternative : signal.split(" \\|\\| ")) {
                var conditions = alternative.split(" && ");
                int rank = 0;
                for (var condition : conditions) {
                    int fits = fits(condition, seen, code);
                    if (fits == 0) { rank = 0; break; }
                    rank = Math.max(rank, 2 * fits + (conditions.length > 1 ? 1 : 0));
                }
                highest = Math.max(highest, rank);
            }
            return lastResort ? Math.min(highest + (here ? 1 : 0), 1) : highest;
        }

        private static final int NUMBER = 4, SUBERROR = 3, ERROR = 2, TEXT = 1;

        private static int fits(String condition, Signal seen, String code) {
            int space = condition.indexOf(' ');
            var value = condition.substring(space + 1);
            var any = List.of(value.split(" "));
            switch (condition.substring(0, space)) {
                case "AADSTS": return any.contains(code) ? NUMBER : 0;
                case "suberror": return any.contains(seen.suberror()) ? SUBERROR : 0;
                case "error": return any.contains(seen.error()) ? ERROR : 0;
                case "local": return seen.where().equals("local") && any.contains(seen.text()) ? NUMBER : 0;
                case "text": return Pattern.compile(value, Pattern.CASE_INSENSITIVE).matcher(seen.oneLine()).find() ? TEXT : 0;
                case "line": return Pattern.compile(value, Pattern.CASE_INSENSITIVE | Pattern.MULTILINE).matcher(seen.text()).find() ? TEXT : 0;
                default: return 0;
            }
        }

        /** Puts the facts of this run (user, client_id, tenant …) into a text; what is unknown becomes a word to replace. */
        static String fill(String text, Map<String, String> facts) {
            return BRACES.matcher(text).replaceAll(braces -> Matcher.quoteReplacement(fact(braces.group(1), facts)));
        }

        private static String fact(String name, Map<String, String> facts) {
            if (facts.get(name) != null) return clean(facts.get(name));
            switch (name) {
                case "mailbox": return fact("user", facts);
                case "sign_in": return fill("jbang get_token.java {user}", facts);
                case "scope_host": return "outlook.office.com";
                case "consent_url": return fill("https://login.microsoftonline.com/{tenant}/v2.0/adminconsent?client_id={client_id}&scope=https://{scope_host}/.default", facts);
                case "port": return "993";
                case "connect_command": return fill("openssl s_client -connect {host}:{port}", facts);
                case "certificate_command": return fill("keytool -printcert -sslserver {host}:{port}", facts);
                default: return name.toUpperCase(Locale.ROOT).replace('_', '-');
            }
        }

        private static final Pattern BRACES = Pattern.compile("\\{([a-z_]+)\\}");

        /** What is typed to look at the server. That for sending begins in plain text, where keytool has nothing to look at. */
        private static Map<String, String> withCommands(Signal seen, Map<String, String> known) {
            if (!SENDING.matcher(seen.oneLine()).find()) return known;
            var facts = new LinkedHashMap<>(known);
            if (!known.containsKey("port")) // a mail program's words, not a failure of ours
                facts.putAll(Map.of("host", known.getOrDefault("smtp_host", "smtp.office365.com"), "port", "587"));
            var command = fact("connect_command", facts) + " -starttls smtp";
            facts.putAll(Map.of("connect_command", command, "certificate_command", command));
            return facts;
        }

        private static final Pattern SENDING = Pattern.compile("(?i)^(?!.*\\bimap).*\\bm?smtp\\b(?!\\.Send)");

        /** The whole answer for a terminal. */
        String tell(Signal seen, Map<String, String> known) {
            var facts = withCommands(seen, known);
            var out = new StringBuilder(wrap("", "", fill(what, facts)));
            var why = fitting(this.why, facts);
            out.append(why.size() > 1 ? "\nWhy, most likely first:\n" : "\nWhy:\n");
            for (int i = 0; i < why.size(); i++)
                out.append(wrap(why.size() > 1 ? "  " + (i + 1) + ". " : "  ", why.size() > 1 ? "     " : "  ", fill(why.get(i), facts)));
            out.append("\nWhat to do:\n");
            for (var step : fitting(steps, facts)) out.append(wrap("  - ", "    ", fill(step, facts)));
            return out.append(forAdministrator(seen, facts)).toString();
        }

        /** Leaves out what is known not to be the case: the fact {@code not} lists the words before a text's first colon. */
        private static List<String> fitting(List<String> texts, Map<String, String> facts) {
            var not = List.of(facts.getOrDefault("not", "").split(", "));
            return texts.stream().filter(text -> text.indexOf(": ") < 1 || !not.contains(text.substring(0, text.indexOf(": ")))).toList();
        }

        /** What an administrator needs to find the sign-in in the log; empty when there is nothing to send. */
        private String forAdministrator(Signal seen, Map<String, String> facts) {
            var known = new LinkedHashMap<String, String>();
            known.put("code", seen.code().isEmpty() ? id : shorten(clean(seen.code())) + " (" + id + ")");
            known.put("correlation id", seen.correlationId());
            known.put("trace id", seen.traceId());
            known.put("timestamp", seen.timestamp());
            boolean found = !seen.code().isEmpty() || !seen.correlationId().isEmpty() || facts.containsKey("said");
            if (!act.equals("admin") && !found) return "";
            known.put("user", clean(facts.getOrDefault("user", "")));
            known.put("app", clean(facts.getOrDefault("client_id", "")));
            known.put("tenant", clean(facts.getOrDefault("tenant", "")));
            var text = seen.where().equals("local") ? facts.getOrDefault("said", "") : seen.text();
            if (text.length() > 20) known.put("text", shorten(clean(scrub(text))));
            var out = new StringBuilder(act.equals("admin") ? "\nSend this to your administrator:\n"
                    : "\nIf that does not help, send this to your administrator:\n");
            known.forEach((name, value) -> {
                if (!value.isEmpty()) out.append(String.format("  %-15s ", name)).append(value).append('\n');
            });
            return out.toString();
        }

        private static String shorten(String text) { return text.length() > 300 ? text.substring(0, 300) + "…" : text; }

        /** Control characters must not reach a terminal. */
        private static String clean(String text) { return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\s]+", " ").strip(); }

        /** Lines of up to 80 columns; what stands between backticks is to be copied and stays in one piece. */
        private static String wrap(String first, String next, String text) {
            var out = new StringBuilder(first);
            int column = first.length();
            boolean fresh = true;
            for (var words = WORD.matcher(text); words.find(); fresh = false) {
                if (!fresh && column + 1 + words.group().length() > 80) {
                    out.append('\n').append(next);
                    column = next.length();
                } else if (!fresh) { out.append(' '); column++; }
                out.append(words.group());
                column += words.group().length();
            }
            return out.append('\n').toString();
        }

        private static final Pattern WORD = Pattern.compile("[^\\s`]*`[^`]*`[^\\s`]*|\\S+");

        /** Text that may be shown or sent on: everything that opens a mailbox becomes dots. */
        static String scrub(String text) {
            var clean = text == null ? "" : text;
            for (var secret : SECRETS) clean = secret.matcher(clean).replaceAll("$1••••");
            return clean;
        }

        /** Group 1 stays. First what has a name, then what gives itself away by its shape. No pattern can run wild. */
        private static final List<Pattern> SECRETS = Stream.of(
                // 'client_secret': '…', refresh_token=…, oauth2_refresh_token = …, %3D for an address inside an address
                "(?i)((?:secret|(?:refresh|access|id)_token|assertion|code_verifier|device_code|password|passwd|passphrase|remotepass)"
                        + "(?:_?value)?[\"']?\\s{0,9}(?:[:=]|%3d)\\s{0,9})(?:\"[^\"\\n]*+\"|'[^'\\n]*+'|[^\\s\"'&,;]++)",
                "(?i)((?:(?<![a-z_])|(?<=%3f|%26))code(?:=|%3d))[^\\s\"'&]{12,}+",
                "(?i)((?<![a-z_])[\"']code[\"']\\s{0,9}:\\s{0,9}[\"'])[^\"'\\s]{40,}+",
                "(?i)(\\bbearer\\s{1,9})(?=[^\\s]{0,99}\\d)[\\w~+/.=-]{8,}+",
                "(\\bAUTH(?:ENTICATE)? {1,9}(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|NTLM) {1,9})[^\\s'\"]{4,}+",
                "(?m)(^(?:[CS]: ?|[<>] ?)?\\w{1,9} LOGIN (?!failed)(?:\"[^\"\\n]*+\"|\\S++) )\\S.*+$",
                "(?m)(^(?:[CS]: ?|[<>] ?)?PASS )\\S.*+$",
                // base64 of user= and n,a= ; a JWT, but not a server's {"status"…}; Microsoft's own formats
                "()\\b(?:dXNlcj[0-3]|bixhP)[A-Za-z0-9+/=]{8,}+",
                "()\\beyJ(?!zdGF0dXMi)[\\w-]{12,}+(?:\\.[\\w-]*+){0,4}",
                "()\\bEw[A-Z][\\w+/=%-]{24,}+",
                "()(?<![\\w.])[01]\\.A[\\w.-]{20,}+",
                "()\\bM\\.[A-Z]\\d{1,4}[_.][\\w.!*$%-]{12,}+",
                "()(?<![\\w.~-])[\\w.~-]{3}\\dQ~[\\w.~-]{30,}+",
                // any other long run in which digits, small and capital letters mix
                "()(?<![\\w+/=-])(?=[a-z0-9+/_=-]*+[A-Z])(?=[A-Za-z+/_=-]*+\\d)(?=[A-Z0-9+/_=-]*+[a-z])[\\w+/=-]{60,}+")
                .map(Pattern::compile).toList();

        /**
         * What was seen of a failure. {@code null} is taken for empty.
         *
         * @param where one of the places of {@link Cause}, or empty when that is not known
         * @param codes AADSTS numbers, the decisive one first; when none are given they are looked for in the text
         */
        record Signal(String where, String error, String suberror, List<String> codes, String text) {

            Signal {
                where = where == null ? "" : where;
                error = error == null ? "" : error;
                suberror = suberror == null ? "" : suberror;
                text = bounded(text == null ? "" : text);
                codes = codes == null || codes.isEmpty() ? numbers(text) : List.copyOf(codes);
            }

            /** A line of a server or the text of an exception. */
            static Signal of(String where, String text) { return new Signal(where, "", "", List.of(), text); }

            /** A condition that this program itself has found, by its name in {@code failures.tsv}. */
            static Signal local(String name) { return of("local", name); }

            /** Makes the most of what somebody has pasted. */
            static Signal read(String pasted) {
                var text = bounded(pasted == null ? "" : pasted);
                if (text.startsWith("local ")) return local(text.substring(6).strip());
                if (ENCODED.matcher(text).find()) text = decoded(text);
                var error = first(ERROR, text);
                var suberror = first(SUBERROR, text);
                if (error.isEmpty()) error = mentioned("error", text);
                if (suberror.isEmpty() && error.isEmpty()) suberror = mentioned("suberror", text);
                return new Signal("", error, suberror, List.of(), text);
            }

            /** The AADSTS number or else the OAuth error, as it should be quoted. */
            String code() { return codes.isEmpty() ? error : "AADSTS" + codes.get(0); }

            String correlationId() { return first(CORRELATION, text); }

            String traceId() { return first(TRACE, text); }

            String timestamp() { return first(TIMESTAMP, text); }

            /** One line, in which a text row looks for its words; the place in front helps to tell a server from another. */
            private String oneLine() {
                return (where.isEmpty() ? "" : where + ": ") + SPACES.matcher(text).replaceAll(" ").strip().replace('\u2019', '\'');
            }

            private static final Pattern SPACES = Pattern.compile("\\s+|\\\\[nrt](?=[ A-Z\\\\])");
            private static final Pattern ENCODED = Pattern.compile("[?&](?:error|code|error_description)=|%20|AADSTS\\d+%3[aA]");
            private static final Pattern NUMBER = Pattern.compile(
                    "(?i)AADSTS ?(\\d{4,8})|error[ _]?codes?[\"']?[ :=]{1,3}\\[?\\s{0,9}(\\d{5,8})\\b|^\\s{0,99}#?(\\d{5,8})\\.?\\s{0,99}$");
            private static final Pattern ERROR = Pattern.compile("(?i)(?<![a-z_])[\"']?error[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?([a-z]{4,20}(?:_[a-z]{3,20}){1,4})\\b");
            private static final Pattern SUBERROR = Pattern.compile("(?i)suberror[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?([a-z_]{4,60})");
            private static final Pattern WORDS = Pattern.compile("(?<![\\w.])[a-z]{3,20}(?:_[a-z]{2,20}){1,4}(?![\\w.])");
            private static final String GUID = "([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})";
            private static final Pattern CORRELATION = Pattern.compile("(?i)correlation[ _-]?id[\"']?[ :=]{1,3}[\"']?" + GUID);
            private static final Pattern TRACE = Pattern.compile("(?i)(?:trace|request)[ _-]?id[\"']?[ :=]{1,3}[\"']?" + GUID);
            private static final Pattern TIMESTAMP = Pattern.compile(
                    "(?i)timestamp[\"']?[ :=]{1,3}[\"']?(\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z?)");

            private static String first(Pattern pattern, String text) {
                var match = pattern.matcher(text);
                return match.find() ? match.group(1) : "";
            }

            private static List<String> numbers(String text) {
                return NUMBER.matcher(text).results().limit(9).map(match -> match.group(1) != null ? match.group(1)
                        : match.group(2) != null ? match.group(2) : match.group(3)).distinct().toList();
            }

            /** The first word of the text that the list knows as an error or suberror. */
            private static String mentioned(String kind, String text) {
                var names = Table.ROWS.stream().flatMap(row -> Stream.of(row.signal.split(" (?:&&|\\|\\|) ")))
                        .filter(condition -> condition.startsWith(kind + " "))
                        .flatMap(condition -> Stream.of(condition.split(" ")).skip(1)).collect(Collectors.toSet());
                return WORDS.matcher(text).results().map(MatchResult::group).filter(names::contains).findFirst().orElse("");
            }

            private static String decoded(String text) {
                try {
                    return URLDecoder.decode(text, UTF_8);
                } catch (IllegalArgumentException e) {
                    return text; // a lone % sign
                }
            }

            /** Whoever pastes a whole log has the error at its beginning or at its end. */
            private static String bounded(String text) {
                return text.length() <= LONGEST ? text
                        : text.substring(0, LONGEST / 2) + "\n" + text.substring(text.length() - LONGEST / 2);
            }
        }
    }
}
