#!/usr/bin/env bash
# Debian's mail programs, each with exactly what get_token --config-for printed, against the stand-in for Microsoft 365
# and against Dovecot: tests/real_programs.sh. Installs what is missing if root. Two minutes at most.
#
# Mail must arrive with a cached token, again after the access token expired, and from Dovecot. Everything is on
# loopback, TLS is verified, and every path has in it what quoting can get wrong. The programs run with an empty
# environment, as from cron, and never as root (getmail refuses to).

set -u
cd "$(dirname "$0")/../.." || exit
checkout=$PWD

packages=(offlineimap3 isync libsasl2-modules-kdexoauth2 neomutt mutt msmtp getmail6 fetchmail git git-email
    libmailtools-perl gnupg dovecot-imapd bsdutils openssl python3)
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    [ "$(id -u)" = 0 ] || { echo "real_programs.sh: not installed, and only root could: ${missing[*]}" >&2; exit 69; }
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || exit
fi

work=$(mktemp -d /tmp/rp.XXXXXX) || exit
chmod 711 "$work" # Dovecot runs as somebody else
nasty=$work/"it's \"50%\" of \$x é"
mkdir -p "$nasty" "$work/out" "$work/home"
as=() owner=$(id -un) group=$(id -gn)
if [ "$(id -u)" = 0 ]; then owner=nobody group=nogroup as=(runuser -u nobody --); fi
user=jan@uva.example
passed=0 failed=0
pids=()

clean_up() {
    [ ! -d "$work/gnupg" ] || GNUPGHOME=$work/gnupg "${as[@]}" gpgconf --kill gpg-agent
    for pid in "${pids[@]}"; do kill "$pid" && wait "$pid"; done 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

die() { echo "real_programs.sh: $*" >&2; exit 70; }

# say NAME LOG [COMPLAINT]: a line for each program
say() {
    if [ $# -lt 3 ]; then
        passed=$((passed + 1))
        echo "ok      $1"
    else
        failed=$((failed + 1))
        echo "FAIL    $1: $3"
        tail -n 15 "$2" | cut -c1-300 | sed 's/^/        /'
    fi
}

# ---- Microsoft 365 ---------------------------------------------------------------------------------------------------

coproc stand_in { exec ./jbang tests/stand_in/ControlLine.java --folder "$work" 2>"$work/out/stand_in"; }
pids+=("$stand_in_PID")
# Under other descriptors, for bash closes its own in subshells.
exec {to_stand_in}>&"${stand_in[1]}" {from_stand_in}<&"${stand_in[0]}"
while read -r -u "$from_stand_in" -t 120 line && [ "$line" != ready ]; do eval "$line"; done
[ -n "${M365_IMAP_PORT-}" ] || die "the stand-in did not start: $(cat "$work/out/stand_in")"

ask() { # COMMAND...: tells the stand-in, prints its answer
    echo "$*" >&"$to_stand_in"
    read -r -u "$from_stand_in" -t 30 answer || die "the stand-in does not answer"
    echo "$answer"
}

# ---- get_token, installed, as a user would ---------------------------------------------------------------------------

XDG_DATA_HOME=$nasty/data ./jbang install.java "$nasty/bin" >"$work/out/install" 2>&1 ||
    die "not installed: $(cat "$work/out/install")"
chown -R "$owner:$group" "$nasty" || exit

# A CA of our own for Dovecot, since the stand-in keeps its key to itself. Clients trust both.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7 -subj "/CN=Dovecot's CA" \
    -keyout "$work/ca.key" -out "$work/dovecot-ca.pem" 2>/dev/null
cat "$M365_CA_FILE" "$work/dovecot-ca.pem" >"$nasty/ca.pem"
cp "$nasty/ca.pem" "$work/it's \"50%\" é.pem" # OfflineIMAP and getmail would expand a $
export M365_CA_FILE=$nasty/ca.pem M365_TOKEN_FILE=$nasty/refresh_token
# What a home directory would hold if the programs ran through JBang in their empty environment.
jbang_home=(XDG_CACHE_HOME="${XDG_CACHE_HOME:-$HOME/.cache}" JBANG_DIR="${JBANG_DIR:-$HOME/.jbang}"
    JBANG_REPO="${JBANG_REPO:-$HOME/.m2/repository}" MAVEN_OPTS="${MAVEN_OPTS-}")
unset HTTPS_PROXY https_proxy M365_CLIENT_ID M365_CLIENT_SECRET M365_SCOPES M365_REDIRECT_URI XDG_RUNTIME_DIR \
    M365_TOKEN_READ_COMMAND M365_TOKEN_WRITE_COMMAND

get_token() { "${as[@]}" "$nasty/bin/get_token" "$@"; }

sign_in() {
    rm -f "$work/paste"
    mkfifo "$work/paste"
    get_token --no-browser "$user" <"$work/paste" 2>"$work/out/sign_in" &
    local pid=$! url=
    exec {paste}>"$work/paste"
    for ((i = 0; i < 100 && ${#url} == 0; i++)); do
        sleep 0.1
        url=$(grep -m 1 '^https://.*/authorize?' "$work/out/sign_in")
    done
    ask signin "$url" "$user" >&"$paste"
    wait "$pid"
    local status=$?
    exec {paste}>&-
    [ $status = 0 ] || die "no sign-in: $(cat "$work/out/sign_in")"
}

# An hour passes: the provider refuses the old access token, and by the clock here it has expired too.
an_hour_passes() {
    ask expire-access-tokens >/dev/null
    "${as[@]}" sed -i -E 's/"expires_on":"[0-9]+"/"expires_on":"1700000000"/' "$1"
}

sign_in

# ---- Dovecot, as an ordinary user ------------------------------------------------------------------------------------

dovecot=$work/dovecot
mkdir -p "$dovecot/mail"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
    -keyout "$dovecot/key.pem" -out "$work/localhost.csr" 2>/dev/null
openssl x509 -req -in "$work/localhost.csr" -CA "$work/dovecot-ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 7 \
    -extfile <(echo subjectAltName=DNS:localhost,IP:127.0.0.1) -out "$dovecot/cert.pem" 2>/dev/null
cp "$nasty/ca.pem" "$dovecot/ca.pem"
dovecot_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$dovecot/oauth2.conf" <<CONF
introspection_mode = post
introspection_url = $STAND_IN_INTROSPECTION_URL
tls_ca_cert_file = $dovecot/ca.pem
username_attribute = username
active_attribute = active
active_value = true
CONF
cat >"$dovecot/dovecot.conf" <<CONF
base_dir = $dovecot/run
state_dir = $dovecot/run
log_path = $dovecot/log
protocols = imap
listen = 127.0.0.1
default_internal_user = $owner
default_internal_group = $group
default_login_user = $owner
first_valid_uid = 1
ssl = required
ssl_cert = <$dovecot/cert.pem
ssl_key = <$dovecot/key.pem
ssl_client_ca_file = $dovecot/ca.pem
mail_location = maildir:~/Maildir
auth_mechanisms = xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $dovecot/oauth2.conf
}
userdb {
  driver = static
  args = uid=$owner gid=$group home=$dovecot/mail/%u
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = $dovecot_port
    ssl = yes
  }
}
CONF
mkdir -p "$dovecot/mail/$user/Maildir/"{cur,new,tmp}
chown -R "$owner:$group" "$dovecot"
"${as[@]}" dovecot -F -c "$dovecot/dovecot.conf" >"$work/out/dovecot" 2>&1 &
pids+=($!)
for ((i = 0; i < 100; i++)); do
    (: <>"/dev/tcp/127.0.0.1/$dovecot_port") 2>/dev/null && break
    sleep 0.1
done

deliver_to_dovecot() { # SUBJECT
    local file=$dovecot/mail/$user/Maildir/new/$RANDOM$RANDOM.real
    printf 'From: it@uva.example\nTo: %s\nSubject: %s\nMessage-ID: <%s@dovecot.example>\n\nBy Dovecot.\n' \
        "$user" "$1" "$RANDOM$RANDOM" >"$file"
    chown "$owner:$group" "$file"
}

# ---- the programs ----------------------------------------------------------------------------------------------------

# In each: $rc is what get_token printed, $home the program's own empty home, $subject what is to arrive under it.
run() {
    chown -R "$owner:$group" "$home"
    (cd "$home" && "${as[@]}" timeout 60 env -i PATH="$PATH" HOME="$home" TERM=vt100 "$@" <"${input-/dev/null}")
}

with_offlineimap() { # It asks the provider for a token itself, and trusts OpenSSL's list of CAs for that.
    cp "$rc" "$home/.offlineimaprc" && run SSL_CERT_FILE="$M365_CA_FILE" offlineimap -o -u basic -f INBOX
}

with_offlineimap_access_token() { # The other way, which the template shows in a comment.
    sed -E 's/^oauth2_refresh_token_eval/#&/; s/^#(oauth2_access_token_eval)/\1/' "$rc" >"$home/.offlineimaprc"
    run offlineimap -o -u basic -f INBOX
}

with_mbsync() {
    cp "$rc" "$home/.mbsyncrc" && mkdir -p "$home/Mail/$user" && run "${extra[@]}" mbsync m365
}

with_getmail() {
    mkdir -p "$home/.config/getmail" "$home/Mail/$user/"{cur,new,tmp} &&
        cp "$rc" "$home/.config/getmail/getmailrc" && run getmail
}

with_neomutt() { copy_by_keys neomutt; }
with_mutt() { copy_by_keys mutt; }

# Presses keys on a terminal of its own: tag the message, copy it to a maildir, leave.
copy_by_keys() {
    cp "$rc" "$home/rc" && mkdir -p "$home/Mail" && cat >>"$home/rc" <<KEYS || return
set confirmcreate=no confirmappend=no mbox_type=Maildir wait_key=no mail_check=0 quit=yes abort_key="" sleep_time=0
push "<tag-pattern>~s $subject<enter><tag-prefix><copy-message>$home/Mail/copied<enter><exit>"
KEYS
    run script -qec "$1 -n -F rc" /dev/null
}

arrived() { grep -rqs "^Subject: $subject\$" "$home/Mail"; }

# fetch NAME [TEMPLATE]: three rounds
fetch() {
    local name=$1 template=${2:-${1%%_*}} rc=$work/out/$1.rc log=$work/out/$1 home=$work/home/$1 subject before after
    mkdir -p "$home"
    case $template in offlineimap | getmail) local -x M365_CA_FILE=$without_dollar ;; esac
    "${config_for[@]}" "$template" "$user" >"$rc" 2>"$log" || { say "$name" "$log" "get_token --config-for failed"; return; }

    subject="cached-$name"
    ask deliver "$user" "$subject" >/dev/null
    before=$(ask requests)
    "with_${name%%-*}" >"$log" 2>&1
    arrived || { say "$name" "$log" "no mail with a cached token"; return; }
    after=$(ask requests)
    [ "$name" = offlineimap ] || [ "$before" = "$after" ] || { say "$name" "$log" "asked for a token that was cached"; return; }

    subject="expired-$name"
    ask deliver "$user" "$subject" >/dev/null
    an_hour_passes "$nasty/token_cache.json"
    "with_${name%%-*}" >"$log" 2>&1
    arrived || { say "$name" "$log" "no mail after the access token expired"; return; }
    [ "$(ask requests)" = $((after + 1)) ] || { say "$name" "$log" "$((after + 1)) token requests wanted, $(ask requests) made"; return; }
    # OfflineIMAP keeps to itself what it renewed.
    [ "$name" != offlineimap ] || get_token --access-token >/dev/null 2>>"$log" || { say "$name" "$log" "no access token"; return; }
    home=$home-dovecot subject="dovecot-$name"
    mkdir -p "$home"
    deliver_to_dovecot "$subject"
    M365_IMAP_PORT=$dovecot_port "${config_for[@]}" "$template" "$user" >"$rc" 2>"$log"
    "with_${name%%-*}" >"$log" 2>&1
    arrived || { say "$name" "$log" "no mail from Dovecot"; tail -n 5 "$dovecot/log"; return; }
    say "$name, $(${version[$template]} 2>/dev/null | grep -Eom 1 '[0-9]+(\.[0-9]+)+|[0-9]{8}')"
}

with_msmtp() { # to the sender itself, so that the arrival can be seen
    cp "$rc" "$home/.msmtprc" && chmod 600 "$home/.msmtprc"
    printf 'From: %s\nTo: %s\nSubject: %s\n\nSent by msmtp.\n' "$user" "$user" "$subject" >"$home/message"
    input=$home/message run msmtp -t
}

# shellcheck disable=SC2016 # for the inner shell
with_git() { # through msmtp
    cp "$work/home/msmtp/.msmtprc" "$home/.msmtprc" && cp "$rc" "$home/.gitconfig" && chown -R "$owner:$group" "$home" &&
        (cd "$home" && "${as[@]}" env -i PATH="$PATH" HOME="$home" sh -ec 'rm -rf repository; git init -q repository
            cd repository; git config user.name Jan; git config user.email "$2"
            git commit -q --allow-empty -m first; echo x >x; git add x
            git commit -q -m "$1"; git format-patch -q --subject-prefix= -1
            sed -i "s/^Subject: .*/Subject: $1/" ./*.patch
            git send-email --quiet --confirm=never --to="$2" ./*.patch' \
            sh "$subject" "$user")
}

with_neomutt_sending() { send_by neomutt; }
with_mutt_sending() { send_by mutt; }
send_by() { cp "$rc" "$home/rc" && run sh -c 'echo "Sent by mutt." | "$1" -n -F rc -s "$2" -- "$3"' sh "$1" "$subject" "$user"; }

# send NAME TEMPLATE: two rounds; whether it arrived is for mbsync to say, which was tried before
send() {
    local name=$1 template=$2 rc=$work/out/$1.rc log=$work/out/$1 home=$work/home/$1 subject round
    mkdir -p "$home"
    [ "$name" = exim ] || "${config_for[@]}" "$template" "$user" >"$rc" 2>"$log" ||
        { say "$name" "$log" "get_token --config-for failed"; return; }
    for round in cached expired; do
        [ $round = cached ] || an_hour_passes "$nasty/token_cache.json"
        subject="$round-$name"
        "with_$name" >"$log" 2>&1 || { say "$name" "$log" "not sent with a token that was $round"; return; }
        (home=$work/home/mbsync && rc=$home/.mbsyncrc.stand_in && with_mbsync >"$work/out/mbsync" 2>&1 && arrived) ||
            { say "$name" "$log" "sent with a token that was $round, but did not arrive"; return; }
    done
    say "$name, $(${version[$template]} 2>/dev/null | grep -Eom 1 '[0-9]+(\.[0-9]+)+|[0-9]{8}')"
}

declare -A version=([offlineimap]="offlineimap --version" [mbsync]="mbsync --version" [getmail]="getmail --version"
    [neomutt]="neomutt -v" [mutt]="mutt -v" [msmtp]="msmtp --version"
    [git-send-email]="git --version")
config_for=(get_token --config-for)
extra=()
without_dollar="$work/it's \"50%\" é.pem"

get_token --access-token >/dev/null || die "no access token"
fetch offlineimap
fetch offlineimap_access_token offlineimap
fetch mbsync
"${config_for[@]}" mbsync "$user" >"$work/home/mbsync/.mbsyncrc.stand_in"
fetch getmail
fetch neomutt
fetch mutt
send msmtp msmtp
send git git-send-email
send neomutt_sending neomutt
send mutt_sending mutt

# ---- commands planted in names ---------------------------------------------------------------------------------------

# What would run, or become a line or a value of its own, if a program read it otherwise than we wrote it: in a folder's
# name, in a scope, in the account's name. Each is refused by get_token, or the program reads the configuration, runs
# the command in it (which asks the provider for a token, in vain because of the scope), and nothing else.
# shellcheck disable=SC2016 # nothing here is to be expanded
plants=('$(touch CANARY)' '`touch CANARY`' '50%s%(home)s' "it's" '"; touch CANARY; "' '${HOME}' $'x\ntouch CANARY')
# shellcheck disable=SC2016
scope='https://outlook.office.com/$(touch$IFS'"'CANARY')"
# shellcheck disable=SC2016
account='jan`touch$IFS'"'CANARY'\`%s@uva.example"

refused() { grep -q "cannot be written into that program's configuration" "$1"; }

# planted NAME [TEMPLATE]
planted() {
    local name=$1 template=${2:-${1%%_*}} rc=$work/out/$1.planted log=$work/out/$1 home=$work/home/$1-planted user=$user
    local plant folder="" no=() before config_for=("${config_for[@]}")
    local -x M365_CA_FILE=$work/ca.pem
    for plant in "${plants[@]}"; do
        if M365_TOKEN_FILE=$work/$plant/t "${config_for[@]}" "$template" "$user" >"$rc" 2>"$log"; then folder+=$plant
        elif refused "$log"; then no+=("$(printf '%q' "$plant")")
        else say "$name, planted" "$log" "neither written nor refused: $plant"; return; fi
    done
    [[ $folder != *$'\n'* ]] || { say "$name, planted" "$rc" "a line break is written"; return; }
    if "${config_for[@]}" "$template" "$account" >"$rc" 2>"$log"; then user=$account
    elif refused "$log"; then no+=("$account")
    else say "$name, planted" "$log" "neither written nor refused: $account"; return; fi
    config_for=(env M365_SCOPES="$scope" M365_TOKEN_FILE="$work/planted/$folder/t" "${as[@]}" "$nasty/bin/get_token" --config-for)
    mkdir -p "$home" "$work/planted/$folder" && cp "$nasty/refresh_token" "$work/planted/$folder/t" &&
        cp "$nasty/token_cache.json" "$work/planted/$folder" && chown -R "$owner:$group" "$work/planted" &&
        an_hour_passes "$work/planted/$folder/token_cache.json"
    "${config_for[@]}" "$template" "$user" >"$rc" 2>"$log" || { say "$name, planted" "$log" "all together are refused"; return; }
    before=$(ask requests) subject=planted
    "with_$name" >"$log" 2>&1
    [ "$(ask requests)" -gt "$before" ] || { say "$name, planted" "$log" "did not run the command in: $(cat "$rc")"; return; }
    [ -z "$(find "$work" -type f -name 'CANARY*')" ] || { say "$name, planted" "$rc" "runs what was planted"; return; }
    say "$name runs no command from a name; refused: ${no[*]}"
}

cp "$nasty/ca.pem" "$work/ca.pem"
planted offlineimap
planted offlineimap_access_token offlineimap
planted mbsync
planted getmail
planted neomutt_sending
planted mutt_sending
planted msmtp
get_token --config-for git-send-email "$account" >"$work/home/git/.gitconfig" 2>"$work/out/git"
if [ "$("${as[@]}" env -i HOME="$work/home/git" git config sendemail.from)" != "$account" ]; then
    say "git, planted" "$work/home/git/.gitconfig" "reads another name than $account"
else
    say "git reads a planted name as it is"
fi

# A copy that was started through JBang prints a command that goes through JBang. JBang keeps its things in the home of
# whoever runs this script, so here that user runs everything, with copies of the tokens.
through_jbang() {
    # An hour has passed for the copies above, and so for all.
    an_hour_passes "$nasty/token_cache.json"
    get_token --access-token >/dev/null || return
    local as=() owner group
    owner=$(id -un) group=$(id -gn)
    local nasty=$nasty/jbang
    mkdir -p "$nasty" && cp "$M365_TOKEN_FILE" "${M365_TOKEN_FILE%/*}/token_cache.json" "$nasty" || return
    local config_for=(env LC_ALL=C.UTF-8 M365_TOKEN_FILE="$nasty/refresh_token" "$checkout/jbang" "$checkout/get_token.java" --config-for)
    local extra=("${jbang_home[@]}")
    fetch mbsync-through-jbang mbsync
}
through_jbang

if fetchmail --version 2>/dev/null | grep -qi oauth || man fetchmail 2>/dev/null | grep -qi oauthbearer; then
    say "fetchmail" /dev/null "this one knows OAUTHBEARER, and nothing here tries it"
else
    echo "cannot  fetchmail, $(dpkg-query -W -f '${Version}' fetchmail): knows neither XOAUTH2 nor OAUTHBEARER"
fi
echo "cannot  aerc, himalaya: not in Debian 12"

get_token --config-for systemd "$user" >"$work/out/units"
mkdir -p "$work/units"
sed '/^# -------- .*timer/,$d' "$work/out/units" >"$work/units/get_token.service"
sed -n '/^# -------- .*timer/,$p' "$work/out/units" >"$work/units/get_token.timer"
if ! command -v systemd-analyze >/dev/null; then
    echo "cannot  systemd: no systemd-analyze here"
elif mkdir "$work/units/run" && XDG_RUNTIME_DIR=$work/units/run systemd-analyze verify --user --man=no "$work/units/"get_token.{service,timer} >"$work/out/systemd" 2>&1 &&
    [ ! -s "$work/out/systemd" ]; then
    say "systemd units, as systemd-analyze reads them"
else
    say "systemd units" "$work/out/systemd" "systemd-analyze complains"
fi

# ---- gpg as the secret store -----------------------------------------------------------------------------------------

gpg_store() {
    local log=$work/out/gpg vault=$nasty/refresh_token.gpg cache home=$work/home/gpg rc=$work/out/gpg.rc subject
    export GNUPGHOME=$work/gnupg XDG_RUNTIME_DIR=$work/run M365_TOKEN_FILE=$nasty/store/unused
    mkdir -m 700 "$GNUPGHOME" "$XDG_RUNTIME_DIR" "$nasty/store" "$home"
    chown "$owner:$group" "$GNUPGHOME" "$XDG_RUNTIME_DIR" "$nasty/store" "$home"
    as+=(env HOME="$home") # where a secret store's lock goes
    "${as[@]}" gpg --batch --quiet --passphrase '' --quick-generate-key 'Real Programs <real@programs.example>' >"$log" 2>&1 || return
    local quoted
    quoted=$(printf '%s' "$vault" | sed 's/[\\" ]/\\&/g; s/'\''/\\&/g')
    export M365_TOKEN_READ_COMMAND="gpg --batch --quiet --decrypt $quoted"
    export M365_TOKEN_WRITE_COMMAND="gpg --batch --quiet --yes --encrypt --recipient real@programs.example --output $quoted"
    sign_in
    cache=$(find "$XDG_RUNTIME_DIR" -name 'm365-*.json')
    if [ ! -s "$vault" ] || [ ! -s "$cache" ]; then echo "no $vault or no cache" >>"$log"; return 1; fi
    get_token --refresh-token >"$work/token1" && an_hour_passes "$cache" && get_token --access-token >/dev/null &&
        get_token --refresh-token >"$work/token2" || return
    ! cmp -s "$work/token1" "$work/token2" || { echo "the renewed token was not stored" >>"$log"; return 1; }
    subject=from-gpg
    ask deliver "$user" "$subject" >/dev/null
    get_token --config-for mbsync "$user" >"$rc" && extra=(GNUPGHOME="$GNUPGHOME") &&
        an_hour_passes "$cache" && with_mbsync >>"$log" 2>&1 && arrived || return
    get_token --refresh-token >"$work/token3"
    mkdir "$work/aside" && mv "$work"/token? "$work/aside" && mv "$work/aside" "$work.aside"
    local found=0 token
    for token in "$work.aside"/token?; do ! grep -rlqsF -f "$token" "$work" || found=1; done
    rm -rf "$work.aside"
    [ $found = 0 ] || { echo "a refresh token lies in a file in plain text" >>"$log"; return 1; }
    get_token --sign-out 2>>"$log"
    ! get_token --access-token >/dev/null 2>&1
}
if (gpg_store); then say "gpg keeps the refresh token, $(gpg --version | grep -Eom 1 '[0-9]+(\.[0-9]+)+')"; else
    say "gpg" "$work/out/gpg" "see above"
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
