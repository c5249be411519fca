//SOURCES Checkup.java
//SOURCES CleanOutput.java
//SOURCES Json.java
//SOURCES MailboxCounts.java
//SOURCES MarkedLine.java
//SOURCES ProblemReport.java
//SOURCES Steps.java

package m365;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came out of checkups, as a table for people or as JSON for programs. */
public final class CheckReport {

    /** A line for each user, and how many are fine. */
    public static void table(List<Checkup> checkups, CleanOutput out) {
        int width = checkups.stream().mapToInt(checkup -> checkup.user().length()).max().orElseThrow();
        for (var checkup : checkups)
            MarkedLine.print(out, checkup.user() + " ".repeat(width + 2 - checkup.user().length()),
                    checkup.problem().isEmpty() ? Steps.Mark.OK : Steps.Mark.FAILED, "", checkup.verdict());
        out.println(checkups.stream().filter(checkup -> checkup.problem().isEmpty()).count() + " of " + checkups.size()
                + " fine");
    }

    /** Of several checkups the highest. */
    public static int exitStatus(List<Checkup> checkups) {
        return checkups.stream().mapToInt(Checkup::exitStatus).max().orElseThrow();
    }

    /** The fields are documented in docs/administrators.md; a change of meaning raises schema_version. */
    public static String json(List<Checkup> checkups) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schema_version", 1);
        document.put("ok", checkups.stream().allMatch(checkup -> checkup.problem().isEmpty()));
        document.put("exit_status", exitStatus(checkups));
        document.put("checks", checkups.stream().map(CheckReport::fields).toList());
        return Json.write(document);
    }

    private static Map<String, Object> fields(Checkup checkup) {
        var problem = checkup.problem();
        var counts = checkup.counts();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("user", checkup.user());
        fields.put("mailbox", checkup.mailbox());
        fields.put("ok", problem.isEmpty());
        fields.put("exit_status", checkup.exitStatus());
        fields.put("cause", problem.map(ProblemReport::causeId).filter(id -> !id.isEmpty()).orElse(null));
        fields.put("message", problem.map(Throwable::getMessage).orElse(null));
        fields.put("folders", counts.map(MailboxCounts::folders).orElse(null));
        fields.put("messages", counts.map(MailboxCounts::messages).orElse(null));
        fields.put("unread", counts.map(MailboxCounts::unread).filter(unread -> unread >= 0).orElse(null));
        fields.put("steps", checkup.steps().all().stream().map(CheckReport::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(Steps.Step step) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("name", step.name());
        fields.put("mark", step.mark().name().toLowerCase(Locale.ROOT));
        fields.put("words", step.words());
        fields.put("millis", step.millis());
        fields.put("cause", step.cause().isEmpty() ? null : step.cause());
        return fields;
    }

    private CheckReport() { }
}
