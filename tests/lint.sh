#!/usr/bin/env bash
# Static analysis: every warning of javac's, of all scripts and tests; SpotBugs with find-sec-bugs over what users run.
# Fails on any warning, and on any finding of medium or high confidence that tests/spotbugs-exclude.xml does not name
# together with the reason why it is none.
set -euo pipefail
cd "$(dirname "$0")/.."

spotbugs=4.10.4
findsecbugs=1.14.0
sources=(config.java get_token.java check_imap.java m365/*.java)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/analyser.java" <<SCRIPT
//DEPS com.github.spotbugs:spotbugs:$spotbugs
//DEPS com.h3xstream.findsecbugs:findsecbugs-plugin:$findsecbugs
//DEPS org.slf4j:slf4j-nop:1.7.36
class analyser { public static void main(String... args) { } }
SCRIPT
# Without the jar of the script itself, which is not there yet.
libraries_of() { ./jbang info classpath "$1" | tr ':' '\n' | grep '/repository/' | paste -sd :; }

analyser=$(libraries_of "$work/analyser.java")
plugin=$(tr ':' '\n' <<<"$analyser" | grep '/findsecbugs-plugin-')
libraries=$(libraries_of check_imap.java)

compile() { # CLASSPATH FOLDER FILE...
    mkdir "$2"
    javac -J-XX:TieredStopAtLevel=1 -g -Xlint:all -Werror --release 17 -encoding UTF-8 -cp "$1" -d "$2" "${@:3}"
}
compile "$libraries" "$work/classes" "${sources[@]}"
compile "$work/classes:$(libraries_of tests/run_tests.java)" "$work/tests" install.java tests/*.java tests/*/*.java

# -exitcode: 0 for no findings, 1 for some, more if classes were missing or the analyser itself failed
java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx1g -cp "$analyser" edu.umd.cs.findbugs.FindBugs2 \
    -effort:max -medium -longBugCodes -exitcode -exclude tests/spotbugs-exclude.xml \
    -pluginList "$plugin" -auxclasspath "$libraries" "$work/classes"
echo "SpotBugs $spotbugs with find-sec-bugs $findsecbugs: nothing found in ${#sources[@]} files"
