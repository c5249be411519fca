package faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Everything that the tool ever let out: on a screen, on a page, to a child. */
final class Emissions {

    private record Emission(String where, String text) { }

    /** What was let out: how many texts, how many characters, and where a secret was found in one of them. */
    record Search(int secrets, int texts, long characters, List<String> found) { }

    private final ConcurrentLinkedQueue<Emission> all = new ConcurrentLinkedQueue<>();

    /** Something that the tool let out, and where. */
    void add(String where, String text) { all.add(new Emission(where, text)); }

    Search search(Set<String> secrets) {
        var needles = new Needles(secrets);
        long characters = 0;
        var found = new ArrayList<String>();
        for (var emission : all) {
            characters += emission.text().length();
            needles.in(emission.text()).ifPresent(where -> found.add(emission.where() + ": " + where));
        }
        return new Search(secrets.size(), all.size(), characters, found);
    }
}
