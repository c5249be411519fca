#!/usr/bin/env bash
# Every way to start the commands that the documents name: from the clone, through a link, by the catalog's aliases (in a
# folder and over http), and what `jbang export` makes. Over http there are no globs: the heads must list every file.
set -euo pipefail

clone=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
mkdir "$work/elsewhere"
cd "$work/elsewhere"
export XDG_CONFIG_HOME=$work/config
passed=0 failed=0

# starts WHAT COMMAND...: it says its version, prints a template and knows a cause, so sources, libraries and data are there
starts() {
    local what=$1 said
    shift
    if said=$("$@" --version 2>"$work/err") && [[ $said == "get_token "* ]] &&
        said=$("$@" --config-for 2>"$work/err" </dev/null) && [[ $said == *mbsync* ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $what: $said" >&2
        cat "$work/err" >&2
    fi
}

explains() {
    local what=$1 said
    shift
    if said=$("$@" --explain AADSTS50011 2>"$work/err") && [[ $said == *redirect-uri-mismatch* ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $what: $said" >&2
        cat "$work/err" >&2
    fi
}

jbang=$clone/jbang
starts "./jbang get_token.java" "$jbang" "$clone/get_token.java"
starts "./get_token.java" "$clone/get_token.java"
ln -s "$clone/get_token.java" "$work/linked"
starts "a symbolic link from elsewhere" "$work/linked"
ln -s "$clone/check_imap.java" "$work/linked_check"
explains "a symbolic link to check_imap.java" "$work/linked_check"
starts "the catalog's alias" "$jbang" "get_token@$clone/jbang-catalog.json"
explains "the catalog's alias of check_imap" "$jbang" "check_imap@$clone/jbang-catalog.json"

for kind in portable local; do
    "$jbang" --quiet export $kind --force -O "$work/$kind/get_token.jar" "$clone/get_token.java"
    starts "jbang export $kind" java -jar "$work/$kind/get_token.jar"
    "$jbang" --quiet export $kind --force -O "$work/$kind/check_imap.jar" "$clone/check_imap.java"
    explains "jbang export $kind of check_imap" java -jar "$work/$kind/check_imap.jar"
done

"$jbang" --quiet export maven --force -O "$work/project" "$clone/get_token.java"
# shellcheck disable=SC2086 # options are to be split at spaces
mvn -B -q ${MAVEN_OPTS-} -f "$work/project/pom.xml" compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath -Dmdep.outputFile="$work/classpath"
starts "jbang export maven" java -cp "$work/project/target/classes:$(cat "$work/classpath")" get_token

# What git has, and nothing that lies about here: a file that is not committed would be missing on a code forge.
git -C "$clone" archive --prefix=served/ HEAD | tar -x -C "$work"
python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$work/served" >"$work/http.log" 2>&1 &
server=$!
for _ in $(seq 50); do
    port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/http.log")
    [ -z "$port" ] || break
    sleep 0.1
done
starts "a catalog read from a URL" "$jbang" "get_token@http://127.0.0.1:$port/jbang-catalog.json"
explains "check_imap from a URL" "$jbang" "check_imap@http://127.0.0.1:$port/jbang-catalog.json"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
