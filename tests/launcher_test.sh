#!/usr/bin/env bash
# Proves the launcher with real runs: tests/launcher_test.sh. Needs Maven, a JDK and Maven Central; takes a minute.
#
# Every run has an empty home of its own and sees only the commands linked into $work/tools, so that neither an
# installed JBang nor a filled cache can help it. Stand-ins (for java, mvn, curl) are used where only the launcher's
# own part is in question.

set -u
cd "$(dirname "$0")/.." || exit
source_dir=$PWD
version=$(sed -n 's/^version=//p' jbang)
work=$(mktemp -d "${TMPDIR:-/tmp}/launcher test.XXXXXX")
m2=$(mktemp -d /tmp/launcher-m2.XXXXXX) # no space in it: Maven splits MAVEN_OPTS there
trap 'rm -rf "$work" "$m2" 2>/dev/null || { sleep 2; rm -rf "$work" "$m2"; }' EXIT

passed=0 failed=0

# check NAME CONDITION...: a line per case; a failure shows what the last run said
check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok    $name"
    else
        failed=$((failed + 1))
        echo "FAIL  $name"
        sed 's/^/      stdout: /' "$work/out"
        sed 's/^/      stderr: /' "$work/err"
        echo "      status: $status"
    fi
}

# ---- a machine of our own --------------------------------------------------------------------------------------------

tools() { # FOLDER COMMAND...: links to those of the commands that exist
    mkdir -p "$1"
    local command
    for command in "${@:2}"; do
        ! type -P "$command" >/dev/null || ln -sf "$(type -P "$command")" "$1/$command"
    done
}
plain=(sh bash env cat cp dirname basename uname ls mkdir mktemp mv rm sed diff find readlink sync tr tty expr touch
    sha256sum shasum perl sleep chmod timeout script)
tools "$work/tools" "${plain[@]}" java javac mvn
tools "$work/bare" "${plain[@]}"

checkout="$work/check out"
mkdir -p "$checkout/tests" "$work/elsewhere"
cp jbang jbang.sha256 jbang-catalog.json "$checkout"

program() { printf 'class %s { public static void main(String[] args) throws Exception { %s } }\n' "$1" "$2"; }
program get_token 'for (var a : args) System.out.println("[" + a + "]");' >"$checkout/get_token.java"
program check_imap 'System.in.transferTo(System.out); System.exit(75);' >"$checkout/check_imap.java"
program demo 'System.out.println(System.console() == null ? "no terminal" : "terminal");' >"$checkout/tests/demo.java"

fake() { # FILE, its lines on stdin
    mkdir -p "$(dirname "$1")"
    { echo '#!/bin/sh' && cat; } >"$1"
    chmod +x "$1"
}

# in_machine NAME [VARIABLE=value...] COMMAND...: runs it with a home called NAME; Maven's downloads are shared
in_machine() {
    local home=$work/machines/$1
    shift
    mkdir -p "$home"
    env -i PATH="$work/tools" HOME="$home" LANG=C.UTF-8 TMPDIR="${TMPDIR:-/tmp}" \
        JBANG_DIR="$home/.jbang" JBANG_REPO="$work/m2" XDG_CACHE_HOME="$home/cache" \
        MAVEN_OPTS="-Duser.home=$m2 -Dmaven.repo.local=$m2/repository" "$@"
}

run() { # like in_machine; leaves $work/out, $work/err and $status
    in_machine "$@" >"$work/out" 2>"$work/err"
    status=$?
}

status_is() { [ "$status" -eq "$1" ]; }
out_is() { [ "$(cat "$work/out")" = "$1" ]; }
out_has() { grep -qF -- "$1" "$work/out"; }
err_has() { grep -qF -- "$1" "$work/err"; }
silent() { [ ! -s "$work/err" ]; }
one_line() { [ "$(wc -l <"$work/err")" -eq 1 ]; }
installed() { ls "$work/machines/$1/cache/m365-mail/jbang-$version/jbang-cli-$version.jar" >/dev/null 2>&1; }
no_leftovers() { ! ls -d "$work/machines/$1/cache/m365-mail"/new.* >/dev/null 2>&1; }
all() { # CONDITION [ARGUMENT...] and CONDITION...: every one of them holds
    local condition=()
    for word in "$@" and; do
        if [ "$word" = and ]; then "${condition[@]}" || return; condition=(); else condition+=("$word"); fi
    done
}

# ---- installing ------------------------------------------------------------------------------------------------------

SECONDS=0
run first "$checkout/jbang" version
check "a fresh install runs JBang $version (${SECONDS} s)" all status_is 0 and out_is "$version" and installed first
check "it says so in one line, and nothing else" all one_line and err_has "installing JBang $version"
check "it leaves nothing half done behind" no_leftovers first

run first "$checkout/jbang" version
check "a warm run is silent" all status_is 0 and out_is "$version" and silent

fake "$work/counting/bin/java" <<END
echo x >>"$work/starts"
exec "$(type -P java)" "\$@"
END
run first JAVA_HOME="$work/counting" "$checkout/jbang" version
check "a warm run starts one JVM" all out_is "$version" and [ "$(wc -l <"$work/starts")" -eq 1 ]

# ---- what passes through it ------------------------------------------------------------------------------------------

# shellcheck disable=SC2016 # not to be expanded is the point
awkward=('two  words' "it's" '"quoted"' '*' '$HOME' '`id`' 'back\slash' '!!' '~' '--verbose' '-x=y;z' 'é'
    $'two\nlines' '&')
printf '[%s]\n' "${awkward[@]}" >"$work/expected"
run first "$checkout/jbang" "$checkout/get_token.java" "${awkward[@]}"
check "arguments reach the script untouched" cmp -s "$work/out" "$work/expected"

# JBang loses an empty argument of a script (it forgets the quotes), so this looks at what JBang is given.
fake "$work/showing/bin/java" <<'END'
while [ "$1" != dev.jbang.Main ]; do shift; done
shift
for argument; do printf '[%s]\n' "$argument"; done
END
run first JAVA_HOME="$work/showing" "$checkout/jbang" get_token a
check "a name in our catalog reaches JBang as the script, so that it asks no other catalog" \
    out_is "[$checkout/get_token.java]"$'\n[a]'
awkward+=('' 'trailing ' '')
printf '[%s]\n' "${awkward[@]}" >"$work/expected"
run first JAVA_HOME="$work/showing" "$checkout/jbang" "${awkward[@]}"
check "arguments reach JBang untouched, empty ones too" cmp -s "$work/out" "$work/expected"

run first "$checkout/jbang" "$checkout/check_imap.java" < <(printf 'one\ntwo')
check "stdin and exit status 75 are the script's" all status_is 75 and out_is $'one\ntwo'
run first "$checkout/jbang" no_such_script.java
check "JBang's own failures keep their status" all status_is 2 and err_has no_such_script

if [ -x "$work/tools/script" ] && [ "$(uname)" = Linux ]; then # elsewhere script(1) takes its arguments otherwise
    run first script -qec "'$checkout/jbang' '$checkout/tests/demo.java'" /dev/null </dev/null
    check "a terminal stays a terminal" out_has $'terminal\r'
fi

# ---- where it is called from -----------------------------------------------------------------------------------------

ln -s "check out/jbang" "$work/link"
mkdir "$work/links"
ln -s ../link "$work/links/jbang"
run first "$work/links/jbang" version
check "works through a link to a link" all status_is 0 and out_is "$version" and silent

cd "$checkout" || exit
run first ./jbang get_token a
check "an alias works in the checkout" all status_is 0 and out_is '[a]'
cd "$work/elsewhere" || exit
run first "$checkout/jbang" catalog add --name m365 "$checkout"
run first "$checkout/jbang" demo@m365
check "an alias works anywhere once the catalog is added" all status_is 0 and out_is 'no terminal'

mkdir -p "$work/second"
cp "$checkout/jbang" "$checkout/jbang.sha256" "$work/second/"
cd "$checkout" || exit
run first PATH="::.:$checkout:$work/links:$work/second:$work/tools" timeout 20 jbang version
check "finds neither itself, nor a link, nor another checkout's launcher on PATH" all status_is 0 and out_is "$version"
run first PATH="$work/second:$checkout:$work/tools" sh jbang version
check "works as sh jbang" all status_is 0 and out_is "$version"

# ---- what lies in folders that others can write to -------------------------------------------------------------------

# Somebody's agent, alias and build file in the current directory and above it, as in /tmp. First the proof that the
# traps are real: JBang itself falls into them.
shared="$work/shared/folder"
theirs=$m2/theirs # no space in it: JBang and Maven would split the option there
mkdir -p "$shared" "$theirs" "$work/shared/.jbang" "$work/.jbang"
cat >"$theirs/Theirs.java" <<END
public class Theirs {
    public static void premain(String options) throws Exception { new java.io.File("$theirs/ran").createNewFile(); }
    public static void main(String[] args) { System.out.println("a script of theirs"); }
}
END
(
    cd "$theirs" && javac Theirs.java && echo 'Premain-Class: Theirs' >manifest &&
        jar cfm agent.jar manifest Theirs.class
)
agent() { printf 'javaagent=%s=x\n' "$theirs/agent.jar"; }
fake "$work/real jbang/jbang" <<END
output=\$(JBANG_RUNTIME_SHELL=bash \\
    java -cp "$work/machines/first/cache/m365-mail/jbang-$version/*" dev.jbang.Main "\$@")
status=\$?
[ \$status -ne 255 ] || eval "exec \$output"
printf '%s' "\$output"
exit \$status
END
agent_ran() { rm "$theirs/ran" 2>/dev/null; }
ours() { status_is 0 && out_is '[a]' && ! agent_ran; }

cd "$shared" || exit
for place in jbang.properties ../jbang.properties ../.jbang/jbang.properties; do
    agent >"$place"
    run first "$work/real jbang/jbang" "$checkout/get_token.java" a
    check "JBang alone runs the agent of $place" agent_ran
    run first "$checkout/jbang" "$checkout/get_token.java" a
    check "the launcher does not" ours
    run first PATH="$work/real jbang:$work/tools" "$checkout/jbang" "$checkout/get_token.java" a
    check "nor does it with an installed JBang" ours
    run first PATH="$work/tools:$checkout" bash jbang "$checkout/get_token.java" a
    check "nor as bash jbang, found on PATH" ours
    rm "$place"
done
catalog() { # ALIAS...: a catalog in which each is a script of theirs
    printf '{ "aliases": { "x": { "script-ref": "x" }'
    printf ', "%s": { "script-ref": "'"$theirs"'/Theirs.java" }' "$@"
    printf ' } }'
}
catalog get_token >jbang-catalog.json
run first "$work/real jbang/jbang" get_token a
check "JBang alone runs an alias of theirs in the current directory" out_is "a script of theirs"
run first "$checkout/jbang" get_token a
check "to the launcher the name means ours" ours
cd "$checkout" || exit
for name in get_token.java jbang-get_token; do # the first replaces what our own alias stands for, the second the alias
    catalog "$name" >../jbang-catalog.json
    run first "$work/real jbang/jbang" get_token a
    check "JBang alone runs $name of a catalog above the checkout" out_is "a script of theirs"
    run first ./jbang get_token a
    check "the launcher runs ours" ours
    rm ../jbang-catalog.json
done
agent >../.jbang/jbang.properties
run first ./jbang get_token a
check "nor does it look into .jbang above the checkout" ours
mkdir -p sub
cd sub || exit
run first ../jbang get_token a
check "nor from a folder inside the checkout, where the aliases work" ours
cd "$shared" || exit

printf -- '--javaagent=%s b\n' "$theirs/agent.jar" >arguments
run first "$checkout/jbang" "$checkout/get_token.java" @arguments
check "a file of arguments gives arguments to the script, none to JBang" \
    all status_is 0 and out_is "[--javaagent=$theirs/agent.jar]"$'\n[b]'
printf '//SOURCES %s\n' "$theirs/Theirs.java" >build.jbang
run first "$checkout/jbang" "$checkout/get_token.java" a
check "a build.jbang is not read" ours
agent >"$work/machines/first/.jbang/jbang.properties"
run first "$checkout/jbang" "$checkout/get_token.java" a
check "the person's own configuration, in ~/.jbang, is still obeyed" agent_ran
rm "$work/machines/first/.jbang/jbang.properties"

mkdir -p "$work/machines/maven/.mvn"
printf -- '-javaagent:%s=x\n' "$theirs/agent.jar" >"$work/machines/maven/.mvn/jvm.config"
(cd "$work/machines/maven" && echo '<project/>' >pom.xml && mvn -v >"$work/out" 2>"$work/err")
check "Maven alone obeys a .mvn above its project" agent_ran
run maven "$checkout/jbang" version
check "when it installs, it does not look above the cache" \
    all out_is "$version" and installed maven and [ ! -e "$theirs/ran" ]

# ---- a cache that others can write to --------------------------------------------------------------------------------

cache="$work/machines/first/cache/m365-mail"
check "what is installed is its owner's alone" \
    [ -z "$(find "$cache" -perm -001 -o -perm -002 -o -perm -004 -o -perm -020 -o -perm -040)" ]
check "and has its class-data archive" [ -s "$cache/jbang-$version/jbang.jsa" ]
refuses() { # MODE FILE
    chmod "$1" "$2"
    run first "$checkout/jbang" version
    check "a cache with $1 for ${2##*/} is refused" \
        all status_is 78 and out_is '' and err_has "$cache is not yours alone"
    chmod "go-w" "$2"
}
refuses g+w "$cache/jbang-$version/picocli-4.7.7.jar"
refuses o+w "$cache/jbang-$version/jbang.jsa"
refuses o+w "$cache/jbang-$version"
refuses g+w "$cache"
if [ "$(id -u)" -eq 0 ]; then
    chown 65534 "$cache"
    run first "$checkout/jbang" version
    check "somebody else's cache is refused" all status_is 78 and out_is '' and err_has "$cache is not yours alone"
    chown 0 "$cache"
fi
run first "$checkout/jbang" version
check "and when it is right again it is used" all status_is 0 and out_is "$version" and silent

# ---- an installed JBang ----------------------------------------------------------------------------------------------

fake "$work/has jbang/jbang" <<'END'
printf '[%s]' "$@"
cat
exit 42
END
run first PATH="$checkout:$work/has jbang:$work/tools" "$checkout/jbang" a '' '*' 'b c' < <(printf input)
check "an installed jbang on PATH is preferred, and given everything" \
    all status_is 42 and out_is '[a][][*][b c]input' and silent
mkdir -p "$work/machines/official/.jbang"
cp -R "$work/has jbang" "$work/machines/official/.jbang/bin"
run official "$checkout/jbang" x </dev/null
check "an installed jbang in JBANG_DIR is found" all status_is 42 and out_is '[x]'
run official env -u JBANG_DIR "$checkout/jbang" x </dev/null
check "an installed jbang in ~/.jbang is found" all status_is 42 and out_is '[x]'

# ---- JBang's own installer, played by a stand-in ---------------------------------------------------------------------

cp -R "$work/bare" "$work/curl"
fake "$work/curl/curl" <<'END'
while [ $# -gt 1 ]; do case $1 in -o) file=$2 ;; esac; shift; done
[ "$1" = https://sh.jbang.dev ] || exit 9
cat >"$file" <<'INSTALLER'
mkdir -p "$JBANG_DIR/bin"
printf '#!/bin/sh\nprintf "%%s " %s "$@"; cat\n' "$JBANG_DOWNLOAD_VERSION" >"$JBANG_DIR/bin/jbang"
chmod +x "$JBANG_DIR/bin/jbang"
echo "noise on stdout"
INSTALLER
END
run curl PATH="$work/curl" "$checkout/jbang" a 'b c' < <(printf input)
check "without a JDK, JBang's installer fetches the pinned version" \
    all status_is 0 and out_is "$version a b c input" and err_has "installing JBang $version"
check "and it says that nothing checks this, and what to install instead" \
    all err_has "checked by nothing" and err_has "apt install default-jdk-headless maven"
fake "$work/offline/curl" <<<'exit 6'
run offline PATH="$work/offline:$work/bare" "$checkout/jbang" version
check "if it cannot be downloaded, it names the packages, too" \
    all status_is 75 and err_has "cannot download https://sh.jbang.dev" and err_has "can be done without: apt install"
fake "$work/broken/curl" <<'END'
while [ $# -gt 1 ]; do case $1 in -o) echo "echo its own words >&2; exit 1" >"$2" ;; esac; shift; done
END
run broken PATH="$work/broken:$work/bare" "$checkout/jbang" version
check "and if it fails" all status_is 75 and err_has "its own words" and err_has "can be done without: apt install"
run nothing PATH="$work/bare" "$checkout/jbang" version
check "without anything, it says what to install" \
    all status_is 127 and err_has JDK and err_has Maven and err_has https://www.jbang.dev
run nothing env -u HOME -u XDG_CACHE_HOME -u JBANG_DIR "$checkout/jbang" version
check "without HOME, it says so" all status_is 78 and err_has HOME
run first JAVA_HOME=/nowhere "$checkout/jbang" version
check "a wrong JAVA_HOME is named and passed over" all status_is 0 and out_is "$version" and err_has /nowhere

# ---- refusing --------------------------------------------------------------------------------------------------------

sed '7s/^..../0000/' "$source_dir/jbang.sha256" >"$checkout/jbang.sha256"
run refused "$checkout/jbang" version
check "a wrong checksum is refused" \
    all status_is 76 and err_has 'expected 0000' and err_has 'nothing installed' and out_is ''
check "and nothing is installed" all no_leftovers refused and [ -z "$(ls "$work/machines/refused/cache/m365-mail")" ]
sed 7d "$source_dir/jbang.sha256" >"$checkout/jbang.sha256"
run refused "$checkout/jbang" version
check "a jar that is not listed is refused" all status_is 76 and err_has received and no_leftovers refused
rm "$checkout/jbang.sha256"
run refused "$checkout/jbang" version
check "missing checksums are refused" all status_is 78 and err_has jbang.sha256
cp "$source_dir/jbang.sha256" "$checkout/"
cp -R "$work/tools" "$work/failing"
rm "$work/failing/mvn"
fake "$work/failing/mvn" <<<'echo "no route to the repository"; exit 1'
run refused PATH="$work/failing" "$checkout/jbang" version
check "what Maven says is shown when it fails" all status_is 75 and err_has 'no route' and no_leftovers refused

# ---- two at once, and none to the end --------------------------------------------------------------------------------

in_machine twins "$checkout/jbang" version >"$work/twin" 2>&1 &
twin=$!
run twins "$checkout/jbang" version
wait "$twin"
twin_status=$?
check "two at once both succeed" \
    all status_is 0 and [ "$twin_status" -eq 0 ] and out_is "$version" and grep -qx "$version" "$work/twin"
check "and leave one install" \
    all installed twins and no_leftovers twins and [ "$(ls "$work/machines/twins/cache/m365-mail")" = "jbang-$version" ]

set -m # so that each has a process group, and a kill reaches its Maven too
for try in 1 2 3 4 5 6; do
    rm -rf "$work/machines/killed/cache/m365-mail/jbang-$version"
    in_machine killed "$checkout/jbang" version >/dev/null 2>&1 &
    victim=$!
    sleep "$((RANDOM % 6)).$((RANDOM % 10))"
    if [ $((try % 2)) -eq 0 ]; then kill -9 -- "-$victim"; else kill -9 "$victim"; fi 2>/dev/null
    wait "$victim" 2>/dev/null
done 2>/dev/null
in_machine stopped "$checkout/jbang" version >/dev/null 2>&1 &
victim=$!
for _ in $(seq 1200); do # its first file is written when the folder is already guarded
    left=$(ls "$work/machines/stopped/cache/m365-mail"/new.*/pom.xml 2>/dev/null) && break
    sleep 0.1
done
kill -TERM -- "-$victim"
wait "$victim" 2>/dev/null
for _ in $(seq 100); do no_leftovers stopped && break; sleep 0.1; done
set +m

run killed "$checkout/jbang" "$checkout/get_token.java" a
check "after six kills at random moments a run works" all status_is 0 and out_is '[a]' and installed killed
check "an install told to stop takes its folder with it" all [ -n "$left" ] and no_leftovers stopped

mkdir -p "$work/machines/first/cache/m365-mail/new.old/x" "$work/machines/first/cache/m365-mail/new.young"
touch -t 202001010000 "$work/machines/first/cache/m365-mail/new.old"
run first "$checkout/jbang" version
check "old leftovers are removed, young ones are someone's" all out_is "$version" and silent and \
    [ ! -e "$work/machines/first/cache/m365-mail/new.old" ] and [ -e "$work/machines/first/cache/m365-mail/new.young" ]

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
