#!/usr/bin/env bash
# Every way to start the commands that the documents name: from the clone, through a link, by the catalog's aliases (in
# a folder and over http), by JBang itself, what `jbang export` makes, and what install.java installs. In each of them
# the help, a failure and advice name both commands as they can be typed there, and a printed configuration names one
# that starts from anywhere. Over http there are no globs: the heads must list every file.
set -euo pipefail

clone=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
mkdir "$work/elsewhere" "$work/config"
cd "$work/elsewhere"
# JBang's and Maven's caches are shared with whoever runs this; nothing else of a home is.
home=(HOME="$HOME" PATH="$PATH" XDG_CACHE_HOME="${XDG_CACHE_HOME:-$HOME/.cache}" JBANG_DIR="${JBANG_DIR:-$HOME/.jbang}"
    JBANG_REPO="${JBANG_REPO:-$HOME/.m2/repository}" MAVEN_OPTS="${MAVEN_OPTS-}" XDG_CONFIG_HOME="$work/config")
export XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data
unset M365_TOKEN_FILE M365_SETTINGS
declare -A known=()
passed=0 failed=0

right() { passed=$((passed + 1)); }
wrong() { # WHAT [FILE]
    failed=$((failed + 1))
    echo "FAILED $1" >&2
    [ $# -lt 2 ] || sed 's/^/    /' "$2" >&2
}

# The commands that a text names: after a prompt, at the end of a hint, or in backticks, which a line break may part.
named_in() {
    {
        sed -nE 's/^    \$ //p; s/^(Next|.*(sign in|look it up)): ([^`]*)$/\3/p' "$1"
        # shellcheck disable=SC2016 # backticks are what is looked for
        tr '\n' ' ' <"$1" | sed -E 's/ +/ /g' | grep -o '`[^`]*`' | tr -d '`'
    } | sed -nE "s/((get_token|check_imap)(\.java|@[^ ]+)?'?)( .*)?\$/\1/p" | sort -u
}

# hints WHAT COMMAND...: all that $work/said names can be typed here, as COMMAND was just now, and both are among it
hints() {
    local what=$1 command place seen=
    shift
    named_in "$work/said" >"$work/named"
    while read -r command; do
        [[ $command =~ (get_token|check_imap)(\.java|@[^\ ]+)?\'?$ ]] && seen+=${BASH_REMATCH[1]}
        [ "$command" != "$*" ] || continue
        place="$PWD $PATH $command"
        if [ -z "${known[$place]-}" ]; then
            known[$place]=$(eval "$command --version" 2>"$work/err" </dev/null) || known[$place]=$(cat "$work/err")
        fi
        if [[ ${known[$place]} == @(get_token|check_imap)\ [0-9]* ]]; then right; else
            wrong "$what names a command that does not work: $command: ${known[$place]}"
        fi
    done <"$work/named"
    case $seen in
        *get_token*check_imap* | *check_imap*get_token*) right ;;
        *) wrong "$what does not name both" "$work/said" ;;
    esac
}

# token_way WHAT COMMAND...
token_way() {
    local what=$1 command
    shift
    { "$@" --help && ! "$@" --no-browser --timeout=1; } >"$work/said" 2>&1 </dev/null || wrong "$what" "$work/said"
    hints "$what" "$@"
    "$@" --config-for mutt jan@uva.nl >"$work/muttrc" 2>"$work/err" || wrong "$what: --config-for" "$work/err"
    command=$(sed -nE '/imap_oauth_refresh_command/{s/.* = "(.*)"$/\1/; s/\\(.)/\1/g; p}' "$work/muttrc")
    (cd / && env -i "${home[@]}" sh -c "$command") >"$work/out" 2>"$work/err" && wrong "$what: a token from nowhere"
    if grep -q '^get_token: error: ' "$work/err" && grep -q '^hint: sign in: .*get_token' "$work/err"; then right; else
        wrong "$what prints a configuration whose command fails: $command" "$work/err"
    fi
}

# check_way WHAT COMMAND... Needs what stands in failures/, its words included.
check_way() {
    local what=$1
    shift
    { "$@" --help && "$@" --explain "my mail: the authorization was inactive"; } >"$work/said" 2>&1 </dev/null || wrong "$what" "$work/said"
    hints "$what" "$@"
}

jbang=$clone/jbang
token_way "./jbang get_token.java" "$jbang" "$clone/get_token.java"
check_way "./jbang check_imap.java" "$jbang" "$clone/check_imap.java"
token_way "./get_token.java" "$clone/get_token.java"
ln -s "$clone/get_token.java" "$work/linked"
token_way "a symbolic link from elsewhere" "$work/linked"
ln -s "$clone/check_imap.java" "$work/linked_check"
check_way "a symbolic link to check_imap.java" "$work/linked_check"
token_way "the catalog's alias" "$jbang" "get_token@$clone/jbang-catalog.json"
check_way "the catalog's alias of check_imap" "$jbang" "check_imap@$clone/jbang-catalog.json"
cd "$clone"
token_way "./jbang in the clone" ./jbang get_token.java
check_way "./check_imap.java in the clone" ./check_imap.java
cd "$work/elsewhere"

# JBang itself, which tells a script nothing about how it was started.
mkdir "$work/real"
cat >"$work/real/jbang" <<END
#!/usr/bin/env bash
output=\$(JBANG_RUNTIME_SHELL=bash java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \\
    -cp "${XDG_CACHE_HOME:-$HOME/.cache}/m365-mail/jbang-0.132.1/*" dev.jbang.Main "\$@")
status=\$?
[ \$status -ne 255 ] || eval "exec \$output"
printf '%s' "\$output"
exit \$status
END
chmod +x "$work/real/jbang"
check_way "JBang itself, of check_imap" "$work/real/jbang" "check_imap@$clone/jbang-catalog.json"
# Somebody else's scripts in the current directory are neither advice nor what a mail program is told to run.
mkdir "$work/shared"
for name in get_token.java check_imap.java jbang; do printf '#!/bin/sh\necho not ours\n' >"$work/shared/$name"; done
chmod +x "$work/shared/jbang"
[ "$(id -u)" != 0 ] || chown nobody "$work/shared"/*
cd "$work/shared"
token_way "JBang itself, among somebody else's files" "$work/real/jbang" "$clone/get_token.java"
! grep -F "$work/shared/get_token" "$work/muttrc" || wrong "--config-for names what lies here" "$work/muttrc"
cd "$work/elsewhere"

for kind in portable local; do
    "$jbang" --quiet export $kind --force -O "$work/$kind/get_token.jar" "$clone/get_token.java"
    "$jbang" --quiet export $kind --force -O "$work/$kind/check_imap.jar" "$clone/check_imap.java"
    mv "$work/$kind" "$work/it's moved, $kind" # wherever it is copied to
    token_way "jbang export $kind" java -jar "$work/it's moved, $kind/get_token.jar"
    check_way "jbang export $kind of check_imap" java -jar "$work/it's moved, $kind/check_imap.jar"
done

"$jbang" --quiet export maven --force -O "$work/project" "$clone/get_token.java"
mvn -B -q -f "$work/project/pom.xml" compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath -Dmdep.outputFile="$work/classpath"
token_way "jbang export maven" java -cp "$work/project/target/classes:$(cat "$work/classpath")" get_token

bin="$work/it's installed"
"$jbang" --quiet "$clone/install.java" "$bin" 2>"$work/said" || wrong "install.java" "$work/said"
command=$(sed -n 's/^Next: \(.*\) jan@uva.nl$/\1/p' "$work/said")
if [[ $(eval "$command --version") == "get_token "* ]]; then right; else wrong "install.java: Next" "$work/said"; fi
token_way "the installed command, not on PATH" "$bin/get_token"
check_way "the installed check_imap, not on PATH" "$bin/check_imap"
usual=$PATH PATH=$bin:$PATH
token_way "the installed command" get_token
check_way "the installed check_imap" check_imap
PATH=$usual
"$jbang" --quiet "$clone/install.java" --uninstall 2>"$work/err" || wrong "install.java --uninstall" "$work/err"
find "$bin" "$work/data" -type f >"$work/left" # folders that are the system's own, as bash's, stay
if [ -s "$work/left" ]; then wrong "--uninstall leaves some" "$work/left"; else right; fi

# What git has, and nothing that lies about here: a file that is not committed would be missing on a code forge.
git -C "$clone" archive --prefix=served/ HEAD | tar -x -C "$work"
python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$work/served" >"$work/http.log" 2>&1 &
server=$!
for _ in $(seq 50); do
    port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/http.log")
    [ -z "$port" ] || break
    sleep 0.1
done
token_way "a catalog read from a URL" "$jbang" "get_token@http://127.0.0.1:$port/jbang-catalog.json"
check_way "check_imap from a URL" "$jbang" "check_imap@http://127.0.0.1:$port/jbang-catalog.json"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
