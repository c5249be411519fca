//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Desk.java
//SOURCES ../support/Result.java

package m365;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import stand_in.FakeLogin;
import support.Result;

/**
 * Something that goes wrong, and what must come of it.
 * @param cause as in failures/
 * @param status of the program's exit
 */
record Symptom(String name, String cause, int status, Kept kept, Scene scene) {

    /** What must be in the token file afterwards. */
    enum Kept { OLD, RENEWED }

    /** Makes it go wrong. @return what the program said */
    interface Scene {
        Result play(Desk desk) throws Exception;
    }

    /** Symptoms out of a table: cause | exit status | error | AADSTS | description | suberror, which may lack. */
    static List<Symptom> rows(String table, Function<String[], Scene> scene) {
        return table.lines().filter(line -> !line.isBlank()).map(line -> {
            var cells = Stream.of(line.split("\\|")).map(String::strip).toArray(String[]::new);
            var name = cells[2] + (cells[3].equals("0") ? "" : " AADSTS" + cells[3])
                + (cells.length > 5 ? " " + cells[5] : "") + ": " + cells[4];
            return new Symptom(name, cells[0], Integer.parseInt(cells[1]), Kept.OLD, scene.apply(cells));
        }).toList();
    }

    /** Lets the next request to an endpoint fail as a row of such a table says. */
    static void refuse(FakeLogin login, String endpoint, String[] cells) {
        login.failNext(endpoint, cells[2].equals("invalid_client") ? 401 : 400, cells[2], Integer.parseInt(cells[3]),
            cells[4], cells.length > 5 ? cells[5] : "");
    }
}
