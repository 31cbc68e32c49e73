#!/usr/bin/env bash
# Makes what the engines run in and what they build from, side by side:
#   make.sh INTO NODE ARCHIVE [SECURITY]
# INTO/root and INTO/bases/NAME.tar, from Debian's archive and its security archive, and NODE, a wheel that holds Node. Needs root and mmdebstrap.
set -euo pipefail
export INTO=$1 NODE=$2 ARCHIVE=$3 SECURITY=${4:-}
here=$(realpath "$(dirname "$0")")
engines=docker.io,docker-cli,docker-buildx,buildah,podman,crun,runc,netavark,iptables,git,ca-certificates,apt-cacher-ng

# Nobody needs a half-made root after a power cut, nor manuals.
options=(--quiet --variant=minbase --dpkgopt=force-unsafe-io)
while read -r option pattern; do options+=("--dpkgopt=$option=$pattern"); done <"$here/slim.dpkg"
for conf in /etc/apt/apt.conf.d/99*; do [ ! -e "$conf" ] || options+=("--aptopt=$conf"); done

make() { # NAME SUITE OUTPUT [OPTION...]
  local name=$1 suite=$2 output=$3 start=$SECONDS
  shift 3
  {
    echo "deb $ARCHIVE $suite main"
    echo "deb $ARCHIVE $suite-updates main"
    [ -z "$SECURITY" ] || echo "deb $SECURITY $suite-security main"
  } | mmdebstrap "${options[@]}" "$@" "$suite" "$output" -
  echo "$name: $((SECONDS - start)) s"
}

# merged-usr: otherwise the package usrmerge does it, which brings all of Perl.
base() { # NAME [OPTION...]
  local name=$1
  shift
  make "$name" bookworm "$INTO/bases/$name.tar" --skip=output/dev --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr "$@" \
    --customize-hook="bash '$here/dress.sh' $name \"\$1\" bookworm"
}

mkdir -p "$INTO/bases"
make root trixie "$INTO/root" --include=$engines &
{ base debian && base node && base python --include=python3-pip,python3-venv,ca-certificates; } &
wait %1 && wait %2
