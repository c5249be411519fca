#!/usr/bin/env bash
# Lists everything the scripts bring onto a machine, with licences: tests/dependencies.sh [--tests]
#
# The //DEPS lines say what is asked for, JBang what that resolves to, and each POM, or the nearest parent that says so,
# the licence. Fails when a version is not pinned or a licence is missing. With --tests, what the tests need as well.

set -u
cd "$(dirname "$0")/.." || exit

scripts=(*.java m365/*.java)
case ${1-} in
'') ;;
--tests) scripts+=(tests/*.java tests/*/*.java) ;;
*)
    echo "usage: tests/dependencies.sh [--tests]" >&2
    exit 64
    ;;
esac
failed=0

complain() {
    echo "dependencies.sh: $*" >&2
    failed=1
}

work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT

# A POM on one line and without comments, so that grep can tell its elements apart.
flat() {
    tr -s '[:space:]' ' ' <"$1" | awk '{
        while (start = index($0, "<!--")) {
            rest = substr($0, start)
            $0 = substr($0, 1, start - 1) (index(rest, "-->") ? substr(rest, index(rest, "-->") + 3) : "")
        }
        print
    }'
}

# element NAME: the text of the first such element on stdin
element() { grep -o "<$1>[^<]*</$1>" | head -n 1 | sed 's/<[^>]*>//g; s/^ *//; s/ *$//'; }

# licence REPOSITORY POM: its licences, or its parent's
licence() {
    local pom=$2 text names parent artifact version
    while [ -r "$pom" ]; do
        text=$(flat "$pom")
        names=$(grep -o '<licenses>.*</licenses>' <<<"$text" | grep -o '<name>[^<]*</name>' |
            sed 's/<[^>]*>//g; s/^ *//; s/ *$//' | paste -sd ';' - | sed 's/;/ or /g')
        [ -z "$names" ] || { echo "$names"; return; }
        parent=$(grep -o '<parent>.*</parent>' <<<"$text") || return
        artifact=$(element artifactId <<<"$parent")
        version=$(element version <<<"$parent")
        pom=$1/$(element groupId <<<"$parent" | tr . /)/$artifact/$version/$artifact-$version.pom
    done
}

for script in "${scripts[@]}"; do
    case $script in tests/*) user=tests ;; *) user=${script%.java} ;; esac
    asked=$(sed -n 's|^//DEPS  *||p' "$script" | tr ',' ' ' | tr -s ' ' '\n')
    while read -r dependency; do
        version=$(cut -d : -f 3 <<<"$dependency")
        version=${version%@*}
        case $version in
        '' | *RELEASE | *LATEST* | *SNAPSHOT* | *[!A-Za-z0-9._-]*) complain "$script: not pinned: $dependency" ;;
        esac
    done < <(sed '/^$/d' <<<"$asked")

    # What the rooms ask for, the scripts bring: their heads name each file (HouseTest).
    case $script in m365/* | tests/*/* | *Test.java) continue ;; esac
    ./jbang --quiet info tools "$script" >"$work/info" 2>"$work/err" ||
        { complain "$script: JBang cannot resolve it"; cat "$work/err" >&2; continue; }
    listed() { sed -n "/\"$1\": \[/,/]/s/^ *\"\(.*\)\",*\$/\1/p" "$work/info"; }

    # Where the repository is shows in the path of any dependency whose coordinates are known.
    IFS=: read -r group artifact version _ < <(listed dependencies)
    [ -n "${group-}" ] || continue
    known=${group//./\/}/$artifact/${version%@*}/
    repository=$(listed resolvedDependencies | grep -F "/$known" | head -n 1)
    repository=${repository%"/$known"*}

    while read -r jar; do
        folder=${jar%/*}
        path=${folder#"$repository"/}
        version=${path##*/} path=${path%/*}
        artifact=${path##*/} group=${path%/*}
        case $version in *SNAPSHOT) complain "$script: not pinned: ${group//\//.}:$artifact:$version" ;; esac
        printf '%s\t%s\t%s\n' "${group//\//.}:$artifact:$version" \
            "$(licence "$repository" "$folder/$artifact-$version.pom")" "$user"
    done < <(listed resolvedDependencies) >>"$work/table"
    group=
done

touch "$work/table"
while IFS=$'\t' read -r dependency licence _; do
    [ -n "$licence" ] || complain "no licence: $dependency"
done < <(sed 's/\t\t/\t \t/' "$work/table" | sort -u -k 1,1)

sort -u "$work/table" | awk -F '\t' '
    { if (!($1 in licence)) order[++n] = $1
      licence[$1] = $2
      users[$1] = users[$1] (users[$1] == "" ? "" : ", ") $3
      if (length($1) > wide) wide = length($1)
      if (length($2) > wider) wider = length($2) }
    END {
        row = "%-" wide "s  %-" wider "s  %s\n"
        for (i = 1; i <= n; i++) printf row, order[i], licence[order[i]], users[order[i]]
    }'
exit "$failed"
