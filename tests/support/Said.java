//JAVA 17+

package support;

/** What one program said. */
public record Said(String program, String out, String err) {
    @Override public String toString() {
        return "`" + program + "`\n--- stdout\n" + out + "--- stderr\n" + err + "---";
    }
}
