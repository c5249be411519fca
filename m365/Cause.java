package m365;

import java.util.List;

/** A cause of failures as failures/ describes it. */
record Cause(String id, List<String> places, String recognised, String act, String what, List<String> why,
        List<String> steps, List<String> examples) { }
